import {describe, expect, it} from 'vitest';
import {declare} from '../../src/domain/declare.ts';
import {Register} from '../../src/domain/register.ts';
import {claimChanges} from '../../src/domain/same-wish.ts';
import {parseFile} from '../../src/source/parse.ts';
import {claimsByKey} from '../support/claims.ts';
import {yaml} from '../support/fixtures.ts';

const freeze = (spec: string, name = 'billing-migration'): string =>
  `apiVersion: rollcall.dev/v1\nkind: Freeze\nmetadata: {name: ${name}}\nspec: {${spec}}\n`;
const TIMES = 'from: 2026-11-28T18:00:00Z, until: 2026-11-30T06:00:00Z, reason: migration';
const parse = (file: string, text: string) => parseFile(file, Buffer.from(text));
const WORKSPACES = new Set(['collections']);

const one = yaml({name: 'a', campaignId: 'a'}).replace('  name: a', '  name: a\n  labels: {team: billing}');
const two = yaml({name: 'b', campaignId: 'b'});

const declared = (...files: readonly string[]) =>
  declare(
    files.map((text, index) => parse(`${index}.yaml`, text)),
    WORKSPACES,
  );

const frozenIn = (set: ReturnType<typeof declare>): Record<string, number> =>
  Object.fromEntries(
    [...claimsByKey(set)].map(([key, claim]) => [
      key,
      claim.kind === 'valid' ? (claim.declaration.freezes?.length ?? 0) : -1,
    ]),
  );

describe('a freeze', () => {
  it('means the campaigns of its workspace that have its labels, in whichever file they are', () => {
    const of = (selector: string) => frozenIn(declared(one, freeze(`selector: ${selector}, ${TIMES}`), two));
    expect(of('{}')).toEqual({'collections/a': 1, 'collections/b': 1});
    expect(of('{labels: {team: billing}}')).toEqual({'collections/a': 1, 'collections/b': 0});
    expect(of('{workspace: collections, labels: {team: growth}}')).toEqual({
      'collections/a': 0,
      'collections/b': 0,
    });
  });

  it('of the name of another is told, both hold, and it ends when one of them goes', () => {
    const set = new Register(WORKSPACES);
    const file = (name: string, text: string) => [name, parse(name, text)] as const;
    set.change(new Map([file('a.yaml', one), file('f.yaml', freeze(`selector: {}, ${TIMES}`))]));
    expect(set.diagnostics).toEqual([]);
    set.change(new Map([file('g.yaml', freeze(`selector: {}, ${TIMES}`))]));
    expect(set.diagnostics.map(({code, file: where, message}) => [code, where, message])).toEqual([
      ['duplicate-name', 'f.yaml', 'the freeze billing-migration is declared also in g.yaml:1'],
      ['duplicate-name', 'g.yaml', 'the freeze billing-migration is declared also in f.yaml:1'],
    ]);
    expect(frozenIn(set)).toEqual({'collections/a': 2});
    set.change(new Map([['g.yaml', undefined]]));
    expect(set.diagnostics).toEqual([]);
  });

  it('is told with its reason and its owner, and counts as no declaration', () => {
    const set = declared(one, freeze(`selector: {}, ${TIMES}, owner: billing-oncall`));
    expect(set.counts).toEqual({valid: 1, invalid: 0});
    expect(set.freezes).toEqual([
      {
        name: 'billing-migration',
        labels: {},
        from: Date.parse('2026-11-28T18:00:00Z'),
        until: Date.parse('2026-11-30T06:00:00Z'),
        reason: 'migration',
        owner: 'billing-oncall',
        source: {file: '1.yaml', line: 1},
      },
    ]);
  });

  it.each([
    ['selector: {}, reason: x', 'spec.until is required'],
    [
      'selector: {}, from: 2026-12-02T00:00:00Z, until: 2026-12-01T00:00:00Z, reason: x',
      'spec.until: must be after from',
    ],
    ['selector: {labls: {}}, until: 2026-12-01T00:00:00Z, reason: x', 'unknown key "labls" in spec.selector'],
    ['selector: {}, until: tomorrow, reason: x', 'must be a time with its zone'],
    [
      'selector: {workspace: colections}, until: 2026-12-01T00:00:00Z, reason: x',
      'the freeze means no campaign',
    ],
  ])('that is wrong is told: %s', (spec, message) => {
    const {diagnostics} = declared(one, freeze(spec));
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]).toMatchObject({file: '1.yaml', message: expect.stringContaining(message)});
  });

  it.each(['freeze', 'Freez', 'FREEZE'])('whose kind is misspelt is told what a freeze is: %s', kind => {
    const text = freeze(`selector: {}, ${TIMES}`).replace('kind: Freeze', `kind: ${kind}`);
    const {diagnostics, freezes} = declared(one, text);
    expect(diagnostics.map(({hint, message}) => [message, hint])).toEqual([
      [`kind cannot be "${kind}"`, 'did you mean Freeze?'],
    ]);
    expect(freezes).toEqual([]);
  });

  it('that is added, changed or taken away changes the claims that it means, and asks for nothing else of them', () => {
    const register = new Register(WORKSPACES);
    register.change(
      new Map([
        ['a.yaml', parse('a.yaml', one)],
        ['b.yaml', parse('b.yaml', two)],
      ]),
    );
    const change = (text: string | undefined) => {
      const changes = register.change(
        new Map([['f.yaml', text === undefined ? undefined : parse('f.yaml', text)]]),
      );
      const {claims, wishes} = changes.get('collections') ?? claimChanges(new Map(), new Map());
      return [[...claims.keys()].toSorted(), [...wishes], frozenIn(register)];
    };
    const billing = freeze(`selector: {labels: {team: billing}}, ${TIMES}`);
    expect(change(billing)).toEqual([['a'], [], {'collections/a': 1, 'collections/b': 0}]);
    expect(change(freeze(`selector: {}, ${TIMES}`))).toEqual([
      ['a', 'b'],
      [],
      {'collections/a': 1, 'collections/b': 1},
    ]);
    expect(change(freeze('selector: {}'))).toEqual([[], [], {'collections/a': 1, 'collections/b': 1}]);
    expect(register.diagnostics).not.toEqual([]);
    expect(change(undefined)).toEqual([['a', 'b'], [], {'collections/a': 0, 'collections/b': 0}]);
  });

  it('counts in a file that is broken besides, also where nobody knew the file before', () => {
    const text = [freeze(`selector: {labels: {team: billing}}, ${TIMES}`), 'kind: Campaign\n'].join('---\n');
    expect(frozenIn(declared(one, text, two))).toEqual({'collections/a': 1, 'collections/b': 0});
  });

  it('whose file breaks counts in a plan as it does where it is in force', () => {
    const files = (text: string) => [parse('a.yaml', one), parse('f.yaml', text), parse('b.yaml', two)];
    const base = declare(files(freeze(`selector: {labels: {team: billing}}, ${TIMES}`)), WORKSPACES);
    const head = declare(files('<<<<<<< HEAD\n'), WORKSPACES, base);
    expect(frozenIn(head)).toEqual({'collections/a': 1, 'collections/b': 0});
    expect(frozenIn(declare([parse('a.yaml', one)], WORKSPACES, base))).toEqual({'collections/a': 0});
  });
});
