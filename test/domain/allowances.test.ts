/** The allowances of all files: one of which anything is wrong lets nothing through. */
import {describe, expect, it} from 'vitest';
import {Allowances} from '../../src/domain/allowances.ts';
import type {ParsedFile} from '../../src/domain/declarations.ts';
import {type Allowance, exceededText, isExceeded} from '../../src/domain/limits.ts';
import {parseFile} from '../../src/source/parse.ts';

const allowance = (name: string, file = 'a.yaml', changes: Partial<Allowance> = {}): Allowance => ({
  name,
  workspace: 'w',
  resume: 1,
  cancel: 0,
  until: 1,
  reason: 'r',
  source: {file, line: 3},
  ...changes,
});
const parsed = (file: string, allowances?: readonly Allowance[], isBroken = false): ParsedFile => ({
  file,
  documents: [],
  diagnostics: isBroken ? [{code: 'x', message: 'x', file, line: 1, column: 1}] : [],
  ...(allowances && {allowances}),
});
const known = (...all: readonly Allowance[]): Allowances => {
  const allowances = new Allowances();
  for (const [file, some] of Map.groupBy(all, ({source}) => source.file))
    allowances.replace(file, parsed(file, some));
  return allowances;
};

describe('the allowance that is proposed where a limit stops something', () => {
  it.each(['collections', '2024', 'true', 'null', '1e3', '0x1f'])('is one for workspace %s', workspace => {
    const use = {wanted: 9, sent: 0, allowed: 0, declared: 10};
    const text = exceededText({action: 'resume', workspace}, {most: 1, share: 0, per: 60_000}, use, 0);
    const document = text.slice(text.indexOf('{apiVersion'));
    const {allowances = [], diagnostics} = parseFile('a.yaml', Buffer.from(document));
    expect([diagnostics, allowances]).toMatchObject([[], [{workspace, resume: 9, cancel: 0}]]);
  });
});

describe('a limit', () => {
  it('lets through what is exactly its share, whatever the share and the number', () => {
    for (let number = 1; number <= 400; number++)
      for (let percent = 0; percent <= 100; percent++) {
        const exact = Math.floor((percent * number) / 100);
        const limit = {most: 0, share: percent / 100, per: 60_000};
        const use = {sent: 0, allowed: 0, declared: number};
        expect([
          isExceeded(limit, {...use, wanted: exact}),
          isExceeded(limit, {...use, wanted: exact + 1}),
        ]).toEqual([false, true]);
      }
  });
});

describe('the allowances of a file', () => {
  it('are in force as the file says it, and every change of them is told', () => {
    const all = new Allowances();
    const [one, two] = [allowance('one'), allowance('two')];
    expect(all.replace('a.yaml', parsed('a.yaml'))).toBe(false);
    expect([...all.files]).toEqual([]);
    expect(all.replace('a.yaml', parsed('a.yaml', [one]))).toBe(true);
    expect([all.all, [...all.files]]).toEqual([[one], ['a.yaml']]);
    expect(all.replace('a.yaml', parsed('a.yaml', [two]))).toBe(true);
    expect(all.all).toEqual([two]);
    expect(all.replace('a.yaml', undefined)).toBe(true);
    expect([all.all, [...all.files]]).toEqual([[], []]);
    expect(all.replace('a.yaml', undefined)).toBe(false);
  });

  it('are none where the file is broken', () => {
    const all = known(allowance('one'));
    expect(all.replace('a.yaml', parsed('a.yaml', [allowance('one')], true))).toBe(true);
    expect([all.all, [...all.files]]).toEqual([[], []]);
  });

  it('let nothing through where two have one name, whichever files they are in', () => {
    const other = allowance('other');
    expect(known(allowance('one'), allowance('one', 'b.yaml'), other).all).toEqual([other]);
    expect(known(allowance('one'), allowance('one')).all).toEqual([]);
  });
});

describe('what is wrong with the allowances of a file', () => {
  it('is a workspace that is not configured', () => {
    const all = known(allowance('one', 'a.yaml', {workspace: 'elsewhere'}), allowance('two'));
    expect(all.conflictsOf('a.yaml', new Set(['v', 'w']))).toEqual([
      {
        code: 'unknown-workspace',
        message:
          'workspace "elsewhere" is not in the controller\'s configuration: the allowance lets nothing through',
        hint: 'known workspaces: v, w',
        file: 'a.yaml',
        line: 3,
        column: 1,
      },
    ]);
    expect(all.conflictsOf('a.yaml', undefined)).toEqual([]);
    expect(all.conflictsOf('b.yaml', new Set())).toEqual([]);
  });

  it('is a name that another has, and none of them counts', () => {
    const all = known(allowance('one'), allowance('one', 'b.yaml'));
    expect(all.conflictsOf('a.yaml', undefined)).toEqual([
      {
        code: 'duplicate-name',
        message: 'the allowance one is declared also in b.yaml:3',
        hint: 'give each allowance a name of its own; until then none of them lets anything through',
        file: 'a.yaml',
        line: 3,
        column: 1,
      },
    ]);
  });
});
