import {execFileSync} from 'node:child_process';
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {patchOf} from '../../src/domain/patch.ts';
import {type EditKind, editsOf} from '../../src/source/edits.ts';
import {parseFile} from '../../src/source/parse.ts';
import {yaml} from '../support/fixtures.ts';
import {temporaryFolder} from '../support/temp.ts';

const NOW = Date.parse('2026-11-26T09:30:00Z');

const document = (spec: string): string => `apiVersion: rollcall.dev/v1
kind: Campaign
metadata:
  name: first # the first
spec:
${spec}`;

const ACTIVE = document(`  workspace: collections
  campaignId: camp-1
  desiredStatus: active # since spring
  reason: runs
`);
const HELD = document(`  workspace: collections
  campaignId: camp-1
  hold:
    reason: the night shift
    until: 2026-12-01T00:00:00Z
  desiredStatus: paused
`);
const FLOW = `apiVersion: rollcall.dev/v1
kind: Campaign
metadata: {name: first}
spec: {workspace: collections, campaignId: camp-1, desiredStatus: "active"}
`;

const edits = (text: string, line = 1) => editsOf(text, {file: 'a.yaml', line}, NOW);
const changed = (text: string, kind: EditKind, line = 1): string | undefined =>
  edits(text, line).find(one => one.kind === kind)?.after;

describe('a change that is proposed', () => {
  it('to pause touches the one word', () => {
    expect(changed(ACTIVE, 'pause')).toBe(ACTIVE.replace('active', 'paused'));
    expect(changed(FLOW, 'pause')).toBe(FLOW.replace('"active"', 'paused'));
  });

  it('to hold says how long, and asks for a reason', () => {
    expect(changed(ACTIVE, 'hold')).toBe(
      ACTIVE.replace(
        '# since spring\n',
        '# since spring\n  hold:\n    reason: say why, and who knows more\n    until: 2026-11-27T10:00:00Z\n',
      ),
    );
    expect(changed(FLOW, 'hold')).toContain(
      '"active", hold: {reason: "say why, and who knows more", until: "2026-11-27T10:00:00Z"}}',
    );
  });

  it('to end a hold takes its lines away', () => {
    expect(changed(HELD, 'release')).toBe(HELD.replace(/ {2}hold:\n.*\n.*\n/, ''));
  });

  it('is only what there is to change', () => {
    expect(edits(ACTIVE).map(({kind}) => kind)).toEqual(['pause', 'hold']);
    expect(edits(HELD).map(({kind}) => kind)).toEqual(['resume', 'release']);
    expect(edits(ACTIVE.replace('active', 'cancelled\n  confirmCancel: camp-1'))).toEqual([]);
  });

  it('is none where the file is not what was read, is wrong, or writes the word by reference', () => {
    expect(edits(ACTIVE, 7)).toEqual([]);
    expect(edits(ACTIVE.replace('desiredStatus', 'desired'))).toEqual([]);
    expect(edits('{')).toEqual([]);
    expect(edits('')).toEqual([]);
  });

  it('keeps the line endings of the file', () => {
    const text = ACTIVE.replaceAll('\n', '\r\n');
    expect(changed(text, 'hold')?.replaceAll('\r\n', '')).not.toContain('\n');
  });

  it('changes nothing else, in a file of several declarations, whatever they look like', () => {
    const spec = fc.constantFrom(ACTIVE, HELD, FLOW, ACTIVE.trimEnd(), `# a comment\n${ACTIVE}`);
    fc.assert(
      fc.property(fc.array(spec, {minLength: 1, maxLength: 4}), fc.nat(), (specs, pick) => {
        const text = specs
          .map((one, index) => one.replace('camp-1', `camp-${index}`).replace('first', `n${index}`))
          .join('\n---\n');
        const before = parseFile('a.yaml', Buffer.from(text)).documents;
        const index = pick % before.length;
        const line = before[index]?.source.line ?? 0;
        const made = editsOf(text, {file: 'a.yaml', line}, NOW);
        expect(made.length).toBeGreaterThan(0);
        for (const {after: fresh} of made) {
          const documents = parseFile('a.yaml', Buffer.from(fresh)).documents;
          expect(documents).toHaveLength(before.length);
          for (const [at, one] of documents.entries()) {
            const {source, ...declared} = one;
            const {source: place, ...old} = before[at] ?? {source: undefined};
            if (at === index) expect(declared).not.toEqual(old);
            else expect(declared).toEqual(old);
          }
        }
      }),
    );
  });

  it('is made of one document alone, wherever it begins and whatever stands around it', () => {
    const of = (id: string) =>
      `{apiVersion: rollcall.dev/v1, kind: Campaign, metadata: {name: ${id}}, spec: {workspace: collections, campaignId: ${id}, desiredStatus: active}}`;
    const text = `# all\n--- ${of('a')}\n...\n# of the second\n---\n${of('b')}\n---\t# the third\n${of('c')}`;
    for (const [line, id] of [
      [2, 'a'],
      [6, 'b'],
      [8, 'c'],
    ] as const) {
      const pause = editsOf(text, {file: 'f.yaml', line}, NOW).find(({kind}) => kind === 'pause');
      expect(pause?.after).toBe(text.replace(of(id), of(id).replace('active', 'paused')));
    }
    expect(editsOf(text, {file: 'f.yaml', line: 5}, NOW)).toEqual([]);
    expect(editsOf(text, {file: 'f.yaml', line: 99}, NOW)).toEqual([]);
  });

  it('is none in a file that is very long: whoever looks at its campaign holds nobody up', () => {
    const long = `${yaml()}---\n${Array.from({length: 20_000}, (_, i) => `k${i}: v`).join('\n')}\n`;
    const begun = performance.now();
    expect(editsOf(long, {file: 'a.yaml', line: 1}, NOW)).toEqual([]);
    expect(performance.now() - begun).toBeLessThan(500);
  });
});

describe('a patch', () => {
  it('is what git apply takes, and gives the same file', () => {
    const line = fc.constantFrom('a', 'b', 'c', '');
    const text = fc
      .tuple(fc.array(line, {maxLength: 12}), fc.boolean())
      .map(([lines, ends]) => lines.join('\n') + (ends && lines.length > 0 ? '\n' : ''));
    const folder = temporaryFolder();
    fc.assert(
      fc.property(
        text,
        text,
        fc.constantFrom('a.yaml', 'in a/folder.yaml', 'ü "x".yaml'),
        (before, now, file) => {
          const patch = patchOf(file, before, now);
          if (before === now) expect(patch).toBe('');
          if (before === now || before === '' || now === '') return;
          const path = join(folder, file);
          mkdirSync(dirname(path), {recursive: true});
          writeFileSync(path, before);
          execFileSync('git', ['apply', '--whitespace=nowarn', '-'], {cwd: folder, input: patch});
          expect(readFileSync(path, 'utf8')).toBe(now);
        },
      ),
      {numRuns: 60},
    );
  });
});
