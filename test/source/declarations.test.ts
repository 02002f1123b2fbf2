import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {declare} from '../../src/domain/declare.ts';
import {parseFile} from '../../src/source/parse.ts';
import {claimsByKey} from '../support/claims.ts';
import {yaml} from '../support/fixtures.ts';

const parse = (text: string, file = 'a.yaml') => parseFile(file, new TextEncoder().encode(text));
const problems = (text: string) =>
  parse(text).diagnostics.map(({code, column, hint, line}) => ({code, line, column, hint}));
const WORKSPACES = new Set(['collections']);

describe('a declaration', () => {
  it('is read with everything that it may hold', () => {
    const extra = 'mode: detect\n  reason: why\n  hold: {reason: repair, until: 2026-12-01T00:00:00+01:00}';
    const {diagnostics, documents} = parse(`# comment\n${yaml({extra})}`);
    expect(diagnostics).toEqual([]);
    expect(documents[0]).toEqual({
      workspace: 'collections',
      campaignId: 'camp-1',
      name: 'q1',
      labels: {},
      desired: 'active',
      reason: 'why',
      mode: 'detect',
      hold: {reason: 'repair', until: Date.UTC(2026, 10, 30, 23)},
      source: {file: 'a.yaml', line: 2},
    });
  });

  it.each([
    ['with a byte order mark', (text: string) => `\uFEFF${text}`],
    ['with CRLF', (text: string) => text.replaceAll('\n', '\r\n')],
    ['between empty documents', (text: string) => `---\n---\n${text}---\n`],
  ])('is read %s', (_name, change) => {
    const {diagnostics, documents} = parse(change(yaml()));
    expect(diagnostics).toEqual([]);
    expect(documents).toHaveLength(1);
  });

  it.each([
    ['"it\'s"', "write confirmCancel: 'it''s'"],
    ['79', 'write confirmCancel: and the campaignId once more'],
  ])(
    'that cancels %s without a confirmation says so beside all else, in words that can be followed',
    (id, hint) => {
      const text = yaml({desired: 'cancelled', campaignId: id});
      expect(problems(text)).toContainEqual(
        expect.objectContaining({code: 'unconfirmed-cancel', hint: expect.stringContaining(hint)}),
      );
    },
  );

  it.each(['', '~'])('without an id (%j) says to write one, not to quote nothing', id => {
    expect(problems(yaml({campaignId: id}))).toMatchObject([
      {code: 'unquoted', hint: 'write what it is after the colon, or take the key out'},
    ]);
  });

  it.each(['0123', '1e5', '12345678901234567890', 'true', '0x1F', '.5', 'null'])(
    'never takes the unquoted id %s for another one: it says to quote it',
    id => {
      expect(problems(yaml({campaignId: id}))).toEqual([
        {code: 'unquoted', line: 7, column: 15, hint: `quote it: '${id}'`},
      ]);
      expect(parse(yaml({campaignId: `'${id}'`})).documents[0]?.campaignId).toBe(id);
    },
  );

  it.each(['kind: Foo\n', ''])('of no kind that there is tells all kinds: %j', kind => {
    const text = yaml().replace('kind: Campaign\n', kind);
    expect(problems(text)).toEqual([
      expect.objectContaining({hint: 'one of Campaign, Freeze, Calendar, Allowance'}),
    ]);
  });

  it('tells every problem at once, each with its place and what to do', () => {
    const text = yaml({name: 'Q1', desired: 'pausd', extra: 'desiredStatsu: x'}).replace(
      'kind: Campaign',
      'kind: Campagin',
    );
    expect(problems(text)).toEqual([
      {code: 'wrong-value', line: 2, column: 7, hint: 'did you mean Campaign?'},
      {code: 'wrong-value', line: 4, column: 9, hint: undefined},
      {code: 'wrong-value', line: 8, column: 18, hint: 'did you mean paused?'},
      {code: 'unknown-key', line: 9, column: 3, hint: 'did you mean desiredStatus?'},
    ]);
  });

  it.each([
    ['a cancel without its confirmation', yaml({desired: 'cancelled'}), 'unconfirmed-cancel'],
    [
      'a confirmation of another campaign',
      yaml({desired: 'cancelled', extra: 'confirmCancel: camp-2'}),
      'unconfirmed-cancel',
    ],
    ['a confirmation without a cancel', yaml({extra: 'confirmCancel: camp-1'}), 'unneeded-confirmation'],
    ['a merge conflict', `<<<<<<< HEAD\n${yaml()}=======\n>>>>>>> x\n`, 'conflict-marker'],
    ['a duplicate key', `${yaml()}  campaignId: camp-2\n`, 'duplicate-key'],
    ['a key that programs drop', yaml({extra: '__proto__: x'}), 'wrong-value'],
    ['a custom tag', yaml({campaignId: '!secret x'}), 'tag-resolve-failed'],
    ['an alias to nothing', yaml({campaignId: '*nope'}), 'bad-alias'],
    ['a hold until no time at all', yaml({extra: 'hold: {reason: x, until: tomorrow}'}), 'wrong-value'],
    ['a list', '- a\n- b\n', 'wrong-type'],
    ['a bracket that is never closed', 'a: [1\n', 'missing-char'],
    ['broken YAML', 'a:\n   b: 1\n  c: 2\n', 'bad-indent'],
    ['an id that leads out of its path', yaml({campaignId: '..'}), 'wrong-value'],
  ])('is refused for %s', (_name, text, code) => {
    expect(problems(text).map(problem => problem.code)).toContain(code);
    expect(declare([parse(text)], WORKSPACES).counts.valid).toBe(0);
  });

  it('is refused when it would unfold into very many aliases', () => {
    const levels = Array.from(
      {length: 12},
      (_, i) => `x${i + 1}: &x${i + 1} [${Array(9).fill(`*x${i}`).join(', ')}]`,
    );
    expect(problems(`x0: &x0 [a]\n${levels.join('\n')}\n`).map(({code}) => code)).toContain('bad-alias');
  });

  it('is refused above 1 MiB, in another encoding, and when nested without end', () => {
    expect(parseFile('a', new Uint8Array(1024 * 1024 + 1)).diagnostics[0]?.code).toBe('too-large');
    expect(parseFile('a', Uint8Array.of(0xff, 0xfe, 0x41)).diagnostics[0]?.code).toBe('not-utf-8');
    expect(parse(`a: ${'['.repeat(50_000)}`).diagnostics.length).toBeGreaterThan(0);
  });

  it('tells text on the line of the mark that ends a document, which the parser drops', () => {
    expect(parse('a: 1\n... apiVersion: x\n').diagnostics.map(({code}) => code)).toContain(
      'unexpected-token',
    );
    expect(parse('a: 1\n... # over\n').diagnostics.map(({code}) => code)).not.toContain('unexpected-token');
  });

  it('never throws, whatever the bytes', () => {
    fc.assert(fc.property(fc.uint8Array({maxLength: 400}), bytes => void parseFile('a', bytes)));
    fc.assert(
      fc.property(
        fc.string({unit: fc.constantFrom(...'ab:- \n\t[]{}&*!|>#\'"?,%@`~<=')}),
        text => void parse(text),
      ),
    );
  });
});

describe('the declarations of a revision', () => {
  const set = (files: Record<string, string>, previous?: Record<string, string>) => {
    const all = (of: Record<string, string>) => Object.entries(of).map(([file, text]) => parse(text, file));
    return declare(all(files), WORKSPACES, previous && declare(all(previous), WORKSPACES));
  };
  const kinds = (one: ReturnType<typeof set>) =>
    Object.fromEntries([...claimsByKey(one)].map(([key, {kind}]) => [key, kind]));
  const [one, two] = [yaml(), yaml({name: 'q2', campaignId: 'camp-2'})];

  it('lets a bad file hold its own campaigns, and no others', () => {
    const all = set({
      'a.yaml': `${one}---\n${yaml({name: 'q3', campaignId: 'camp-3', desired: 'x'})}`,
      'b.yaml': two,
    });
    expect(kinds(all)).toEqual({
      'collections/camp-1': 'invalid',
      'collections/camp-3': 'invalid',
      'collections/camp-2': 'valid',
    });
    expect(all.counts).toEqual({valid: 1, invalid: 2});
  });

  it('holds a campaign that two files declare, and names both places', () => {
    const all = set({'a.yaml': one, 'b.yaml': yaml({name: 'other'})});
    expect(kinds(all)).toEqual({'collections/camp-1': 'invalid'});
    expect(all.diagnostics.map(({code, file, message}) => `${code} ${file} ${message}`)).toEqual([
      'duplicate-campaign a.yaml campaign camp-1 of workspace collections is declared also in b.yaml:1',
      'duplicate-campaign b.yaml campaign camp-1 of workspace collections is declared also in a.yaml:1',
    ]);
  });

  it('holds campaigns that share a name in one workspace', () => {
    const all = set({'a.yaml': one, 'b.yaml': yaml({campaignId: 'camp-2'})});
    expect(kinds(all)).toEqual({'collections/camp-1': 'invalid', 'collections/camp-2': 'invalid'});
  });

  it('holds a campaign of a workspace that is not configured', () => {
    const all = set({'a.yaml': yaml({workspace: 'elsewhere'})});
    expect(kinds(all)).toEqual({'elsewhere/camp-1': 'invalid'});
    expect(all.diagnostics[0]).toMatchObject({
      code: 'unknown-workspace',
      hint: 'known workspaces: collections',
    });
  });

  it('remembers what a file declared before it became unreadable', () => {
    const all = set({'a.yaml': '<<<<<<< HEAD\n', 'b.yaml': two}, {'a.yaml': one, 'b.yaml': two});
    expect(kinds(all)).toEqual({'collections/camp-1': 'invalid', 'collections/camp-2': 'valid'});
  });

  it('holds a campaign of a broken file also where another file now declares it', () => {
    const all = set({'a.yaml': '<<<<<<< HEAD\n', 'b.yaml': one}, {'a.yaml': one});
    expect(kinds(all)).toEqual({'collections/camp-1': 'invalid'});
    expect(all.diagnostics.map(({code}) => code)).toContain('duplicate-campaign');
  });

  it('forgets a campaign whose file is gone', () => {
    expect(kinds(set({'b.yaml': two}, {'a.yaml': one, 'b.yaml': two}))).toEqual({
      'collections/camp-2': 'valid',
    });
  });
});
