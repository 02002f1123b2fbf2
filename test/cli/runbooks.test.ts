/** Whoever meets an alert, a reason or a code finds its page, and every command on it is one that there is. */
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {ALERTS} from '../../monitoring/alerts/all.ts';
import {WORKSPACE_TROUBLES} from '../../src/controller/health.ts';
import {command} from '../support/command.ts';

const RUNBOOKS = 'docs/runbooks';
const pagesOf = (kind: string): string[] =>
  readdirSync(join(RUNBOOKS, kind)).map(name => name.replace(/\.md$/, ''));
const text = (kind: string, name: string): string => readFileSync(join(RUNBOOKS, kind, `${name}.md`), 'utf8');

const sources = readdirSync('src', {recursive: true, encoding: 'utf8'})
  .filter(path => path.endsWith('.ts'))
  .map(path => readFileSync(join('src', path), 'utf8'));
const found = (pattern: RegExp): string[] =>
  [
    ...new Set(sources.flatMap(source => [...source.matchAll(pattern)].map(([, word = '']) => word))),
  ].toSorted();

/** Codes of zod, and of the names of receivers' messages: nobody is shown them. */
const INTERNAL = new Set(['custom']);

const FENCED = /^```[\s\S]*?^```/gm;

const KINDS = ['alerts', 'conditions', 'diagnostics'] as const;

describe('there is a page', () => {
  it('for every alert, and no other', () => {
    expect(pagesOf('alerts').toSorted()).toEqual(ALERTS.map(({name}) => name as string).toSorted());
  });

  it.each([
    ...found(/reason: '([A-Z][A-Za-z]+)'/g),
    ...found(/reason = '([A-Z][A-Za-z]+)'/g),
    ...WORKSPACE_TROUBLES,
  ])('for the reason %s', reason => {
    expect(existsSync(join(RUNBOOKS, 'conditions', `${reason}.md`))).toBe(true);
  });

  it.each(found(/code: '([a-z][a-z-]+)'/g).filter(code => !INTERNAL.has(code)))('for the code %s', code => {
    expect(existsSync(join(RUNBOOKS, 'diagnostics', `${code}.md`))).toBe(true);
  });

  it('in the index, for each that there is', () => {
    const index = readFileSync(join(RUNBOOKS, 'README.md'), 'utf8');
    for (const kind of KINDS)
      for (const name of pagesOf(kind)) expect(index).toContain(`[${name}](${kind}/${name}.md)`);
    const linked = [...index.matchAll(/\]\(([^)]+\.md)\)/g)].map(([, path = '']) => path);
    for (const path of linked) expect(existsSync(join(RUNBOOKS, path)), path).toBe(true);
  });
});

describe('each page', () => {
  const all = KINDS.flatMap(kind => pagesOf(kind).map(name => [kind, name] as const));

  it.each(all)(
    '%s/%s says what it means, what to look at, what to do, and how to silence or allow it',
    (kind, name) => {
      const headings = [
        ...text(kind, name)
          .replaceAll(FENCED, '')
          .matchAll(/^#+ .*$/gm),
      ].map(([heading]) => heading);
      expect(headings).toEqual([
        `# ${name}`,
        '## What it means',
        '## What to look at',
        '## What to do',
        kind === 'diagnostics' ? '## How to allow it' : '## How to silence it rightly',
      ]);
    },
  );

  it('names only commands and flags that there are', async () => {
    const lines = all.flatMap(([kind, name]) =>
      [...text(kind, name).matchAll(/^```sh\n([\s\S]*?)^```/gm)].flatMap(([, code = '']) => code.split('\n')),
    );
    const used = new Map<string, Set<string>>();
    for (const line of lines) {
      const [, verb, rest = ''] = /(?:^|-- )rollcall ([a-z]+)(.*)/.exec(line) ?? [];
      if (verb === undefined) continue;
      const flags = rest.match(/(?<= )--?[a-z][a-z-]*/g) ?? [];
      used.set(verb, (used.get(verb) ?? new Set()).union(new Set(flags)));
    }
    expect(used.size).toBeGreaterThan(4);
    for (const [verb, flags] of used) {
      const {code, stdout} = await command([verb, '--help'], {});
      expect(code, verb).toBe(0);
      for (const flag of flags)
        expect(stdout, `${verb} ${flag}`).toMatch(new RegExp(`(^|[ ,])${flag}[ ,]`, 'm'));
    }
  });
});
