/** The freezes of all files: what they keep is safe as it is, so that a broken file lets none of them go. */
import {describe, expect, it} from 'vitest';
import type {Freeze} from '../../src/domain/freeze.ts';
import {Freezes} from '../../src/domain/freezes.ts';
import {WORKSPACE} from '../support/fixtures.ts';

const freeze = (name: string, file = 'f.yaml', changes: Partial<Freeze> = {}): Freeze => ({
  name,
  labels: {},
  until: 1,
  reason: 'r',
  source: {file, line: 1},
  ...changes,
});
const [one, two, other] = [freeze('one'), freeze('two'), freeze('one', 'f.yaml', {reason: 'other'})];
const WRONG = {code: 'c', message: 'm', file: 'f.yaml', line: 1, column: 1};
const put = (
  all: Freezes,
  file: string,
  freezes: readonly Freeze[],
  isBroken = false,
  workspaces?: ReadonlySet<string>,
): readonly Freeze[] =>
  all.replace(file, {file, documents: [], diagnostics: isBroken ? [WRONG] : [], freezes}, workspaces);
const known = (...freezes: readonly Freeze[]): Freezes => {
  const all = new Freezes();
  put(all, 'f.yaml', freezes);
  return all;
};
const remembered = (...freezes: readonly Freeze[]): Freezes => {
  const all = new Freezes();
  all.remember(freezes);
  return all;
};
const filesOf = (all: Freezes): string[] => [...all.files];

describe('the freezes of a file', () => {
  it('are new, other and gone as the file says it', () => {
    const all = new Freezes();
    expect(put(all, 'f.yaml', [one])).toEqual([one]);
    expect([all.all, filesOf(all)]).toEqual([[one], ['f.yaml']]);
    expect(put(all, 'f.yaml', [two])).toEqual([one, two]);
    expect(all.all).toEqual([two]);
    expect(put(all, 'f.yaml', [])).toEqual([two]);
    expect([all.all, filesOf(all)]).toEqual([[], []]);
  });

  it('are none of a file that declares none', () => {
    const all = new Freezes();
    expect(put(all, 'f.yaml', [])).toEqual([]);
    expect(filesOf(all)).toEqual([]);
  });

  it('stay where the file breaks, beside those that can be read in it', () => {
    const all = known(one, two);
    expect(put(all, 'f.yaml', [], true)).toEqual([]);
    expect(all.all).toEqual([one, two]);
    expect(put(all, 'f.yaml', [other], true)).toEqual([one, two, two, other]);
    expect(all.all).toEqual([two, other]);
  });

  it('count where the file was broken from the start', () => {
    const all = new Freezes();
    expect(put(all, 'f.yaml', [one], true)).toEqual([one]);
    expect(all.all).toEqual([one]);
  });
});

describe('the freezes of a revision that is compared with another', () => {
  it('are those of the other where a file is broken', () => {
    const all = remembered(one, two, freeze('three', 'g.yaml'));
    expect(all.all).toEqual([]);
    expect(put(all, 'f.yaml', [], true)).toEqual([one, two]);
    expect([all.all, filesOf(all)]).toEqual([[one, two], ['f.yaml']]);
  });

  it('are those that can be read in a broken file, and those of the other that cannot', () => {
    const all = remembered(one, two);
    expect(put(all, 'f.yaml', [other], true)).toEqual([two, other]);
  });

  it('are none of the other where the file is whole', () => {
    const all = remembered(one);
    expect(put(all, 'f.yaml', [])).toEqual([]);
    expect([all.all, filesOf(all)]).toEqual([[], []]);
    expect(put(remembered(one), 'f.yaml', [two])).toEqual([two]);
  });

  it('are forgotten once the file was read, whatever it becomes later', () => {
    const all = remembered(one);
    put(all, 'f.yaml', [two]);
    put(all, 'f.yaml', []);
    expect(put(all, 'f.yaml', [], true)).toEqual([]);
    expect(all.all).toEqual([]);
  });

  it('do not bring back what the file has taken away meanwhile', () => {
    const all = known(two);
    all.remember([one]);
    expect(put(all, 'f.yaml', [], true)).toEqual([]);
    expect(all.all).toEqual([two]);
  });
});

describe('a freeze whose workspace is none', () => {
  const here = new Set([WORKSPACE]);
  const astray = freeze('one', 'f.yaml', {workspace: 'nowhere'});

  it('leaves in force what it was before', () => {
    const all = known(one);
    put(all, 'f.yaml', [astray], false, here);
    expect(all.all).toEqual([one, astray]);
    expect(all.conflictsOf('f.yaml', here).map(({code}) => code)).toEqual(['unknown-workspace']);
    put(all, 'f.yaml', [two], false, here);
    expect(all.all).toEqual([two]);
  });

  it('is none where no configuration is at hand', () => {
    const all = known(one);
    put(all, 'f.yaml', [astray]);
    expect(all.all).toEqual([astray]);
  });
});

describe('a file that goes away', () => {
  const gone = (all: Freezes): readonly Freeze[] => all.replace('f.yaml', undefined, undefined);

  it('leaves its freezes to a broken one that comes with the same change', () => {
    const all = known(one, two);
    gone(all);
    put(all, 'g.yaml', [freeze('two', 'g.yaml')], true);
    expect(all.inherit()).toEqual([one]);
    expect(all.all.map(({name}) => name)).toEqual(['two', 'one']);
    put(all, 'g.yaml', []);
    expect(all.all).toEqual([]);
  });

  it('takes its freezes with it where none comes, or one that is whole, or was there, or that only a campaign is wrong in', () => {
    const wrong = {...WRONG, campaignId: 'a'};
    for (const come of [
      () => {},
      (all: Freezes) => put(all, 'g.yaml', []),
      (all: Freezes) => put(all, 'h.yaml', [], true),
      (all: Freezes) =>
        all.replace('g.yaml', {file: 'g.yaml', documents: [], diagnostics: [wrong]}, undefined),
    ]) {
      const all = known(one);
      put(all, 'h.yaml', [freeze('h', 'h.yaml')]);
      all.inherit();
      gone(all);
      come(all);
      expect(all.inherit()).toEqual([]);
      expect(all.all.map(({name}) => name)).toEqual(['h']);
    }
  });

  it('is forgotten with its change', () => {
    const all = known(one);
    gone(all);
    all.inherit();
    put(all, 'g.yaml', [], true);
    expect([all.inherit(), all.all]).toEqual([[], []]);
  });

  it('of a revision that is compared with another leaves them, too', () => {
    const all = remembered(one);
    put(all, 'g.yaml', [], true);
    expect([all.inherit(), all.all]).toEqual([[one], [one]]);
  });
});

describe('the freezes that mean a campaign', () => {
  it('are those of its workspace and its labels, and it has none where none does', () => {
    const campaign = {workspace: WORKSPACE, labels: {team: 'billing'}};
    const meant = freeze('meant', 'f.yaml', {labels: {team: 'billing'}});
    const all = known(meant, freeze('elsewhere', 'f.yaml', {workspace: 'elsewhere'}));
    expect(all.of(campaign)).toEqual([meant]);
    expect(all.of({...campaign, labels: {}})).toBeUndefined();
    expect(new Freezes().of(campaign)).toBeUndefined();
  });
});

describe('what is wrong with the freezes of a file', () => {
  const elsewhere = freeze('elsewhere', 'f.yaml', {
    workspace: 'elsewhere',
    source: {file: 'f.yaml', line: 7},
  });

  it('is a workspace that is not configured', () => {
    const all = known(elsewhere, freeze('here', 'f.yaml', {workspace: 'a'}), freeze('everywhere'));
    expect(all.conflictsOf('f.yaml', new Set(['a', 'b']))).toEqual([
      {
        code: 'unknown-workspace',
        message:
          'workspace "elsewhere" is not in the controller\'s configuration: the freeze means no campaign',
        hint: 'known workspaces: a, b',
        file: 'f.yaml',
        line: 7,
        column: 1,
      },
    ]);
    expect(all.conflictsOf('f.yaml', undefined)).toEqual([]);
    expect(all.conflictsOf('g.yaml', new Set(['a']))).toEqual([]);
  });

  it('is a name that another has, and all of them hold', () => {
    const all = known(one);
    put(all, 'g.yaml', [freeze('one', 'g.yaml')]);
    expect(all.conflictsOf('f.yaml', undefined)).toEqual([
      {
        code: 'duplicate-name',
        message: 'the freeze one is declared also in g.yaml:1',
        hint: 'give each freeze a name of its own; until then all of them hold',
        file: 'f.yaml',
        line: 1,
        column: 1,
      },
    ]);
    expect(all.all).toHaveLength(2);
  });
});
