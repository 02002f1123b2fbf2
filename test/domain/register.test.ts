import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {type CampaignKey, campaignKey} from '../../src/domain/campaign.ts';
import type {Claim, ParsedFile} from '../../src/domain/declarations.ts';
import {Register} from '../../src/domain/register.ts';
import {claimsByKey} from '../support/claims.ts';

interface Doc {
  readonly id: number;
  readonly name: number;
  readonly workspace: 'w' | 'x' | 'elsewhere';
  readonly desired: 'active' | 'paused';
  /** It goes by this calendar. */
  readonly calendar: number | undefined;
}

interface Hours {
  readonly name: number;
  readonly timezone: string;
  readonly isValid: boolean;
}

/** A file as one revision has it; undefined where it has none. */
type Version =
  | {readonly docs: readonly Doc[]; readonly calendars: readonly Hours[]; readonly broken: boolean}
  | undefined;

const doc = fc.record({
  id: fc.nat(3),
  name: fc.nat(3),
  workspace: fc.constantFrom('w' as const, 'w' as const, 'x' as const, 'elsewhere' as const),
  desired: fc.constantFrom('active' as const, 'paused' as const),
  calendar: fc.option(fc.nat(1), {nil: undefined}),
});
const hours = fc.record({
  name: fc.nat(1),
  timezone: fc.constantFrom('UTC', 'Asia/Kolkata'),
  isValid: fc.boolean(),
});
const version = fc.option(
  fc.record({
    docs: fc.array(doc, {maxLength: 3}),
    calendars: fc.array(hours, {maxLength: 2}),
    broken: fc.boolean(),
  }),
  {
    nil: undefined,
  },
);
const FILES = ['a.yaml', 'b.yaml', 'c.yaml', 'd.yaml'];
const revision = fc.dictionary(fc.constantFrom(...FILES), version);
const workspaces = fc.constantFrom(new Set(['w']), new Set(['w', 'x']));

const calendarOf = (file: string, {isValid, name, timezone}: Hours, index: number) => {
  const source = {file, line: 100 + index};
  const spec = {name: `k${name}`, timezone, closed: [], open: [], source};
  return {name: spec.name, source, ...(isValid && {spec})};
};

const parsed = (file: string, {broken, calendars, docs}: Exclude<Version, undefined>): ParsedFile => ({
  file,
  ...(calendars.length > 0 && {calendars: calendars.map((one, index) => calendarOf(file, one, index))}),
  documents: docs.map(({calendar, desired, id, name, workspace}, index) => {
    const identity = {workspace, campaignId: `c${id}`, name: `n${name}`, source: {file, line: index + 1}};
    return {
      ...identity,
      labels: {},
      desired,
      ...(calendar !== undefined && {timetable: {calendar: `k${calendar}`}}),
    };
  }),
  diagnostics:
    broken || calendars.some(({isValid}) => !isValid)
      ? [{code: 'syntax', message: 'broken', file, line: 1, column: 1}]
      : [],
});

/** What the register says, whatever it was told on the way. */
const said = (register: Register) => ({
  claims: Object.fromEntries([...claimsByKey(register)].toSorted(([a], [b]) => (a < b ? -1 : 1))),
  diagnostics: register.diagnostics,
  counts: register.counts,
});

const keysIn = (file: ParsedFile | undefined): string[] =>
  file?.documents.map(({campaignId, workspace}) => `${workspace}/${campaignId}`) ?? [];

describe('what is declared', () => {
  it('comes to the same, mended step by step or worked out from scratch', () => {
    const steps = fc.array(fc.tuple(revision, workspaces), {minLength: 1, maxLength: 8});
    fc.assert(
      fc.property(steps, all => {
        const register = new Register(new Set(['w']));
        const followed = new Map<CampaignKey, Claim>();
        const now = new Map<string, ParsedFile>();
        const before = new Map<string, ParsedFile>();
        for (const [changes, known] of all) {
          const given = new Map(
            Object.entries(changes).map(([file, one]) => [file, one && parsed(file, one)] as const),
          );
          for (const [file, one] of given) remember(file, one, now, before);
          follow(register.change(given, known), followed);
          const scratch = new Register(known);
          scratch.change(new Map(before));
          scratch.change(new Map(now));
          expect(said(register)).toEqual(said(scratch));
          expect(new Map(followed)).toEqual(claimsByKey(register));
        }
      }),
      {numRuns: 400},
    );
  });

  it('is worked out for what a change reaches, and for nothing else', () => {
    const register = new Register(undefined);
    const files = Array.from({length: 1000}, (_, i) => {
      const identity = {
        workspace: 'w',
        campaignId: `c${i}`,
        name: `n${i}`,
        source: {file: `${i}.yaml`, line: 1},
      };
      const declaration = {...identity, labels: {}, desired: 'active' as const};
      return {file: `${i}.yaml`, documents: [declaration], diagnostics: []};
    });
    register.change(new Map(files.map(file => [file.file, file])));
    const changes = register.change(new Map([['7.yaml', undefined]]));
    expect([...(changes.get('w')?.claims ?? [])]).toEqual([['c7', undefined]]);
  });
});

/** A broken file is known by what it last declared, as long as it is broken. */
const remember = (
  file: string,
  one: ParsedFile | undefined,
  now: Map<string, ParsedFile>,
  before: Map<string, ParsedFile>,
): void => {
  const present = new Set(keysIn(one));
  const earlier = [...(before.get(file)?.documents ?? []), ...(now.get(file)?.documents ?? [])];
  const byKey = new Map(earlier.map(document => [`${document.workspace}/${document.campaignId}`, document]));
  const lost = [...byKey].filter(([key]) => !present.has(key)).map(([, document]) => document);
  const known = [...(before.get(file)?.calendars ?? []), ...(now.get(file)?.calendars ?? [])];
  const calendars = [...new Map(known.map(calendar => [calendar.name, calendar])).values()];
  before.delete(file);
  if (one && one.diagnostics.length > 0)
    before.set(file, {file, documents: lost, diagnostics: [], ...(calendars.length > 0 && {calendars})});
  if (one) now.set(file, one);
  else now.delete(file);
};

const follow = (changes: ReturnType<Register['change']>, followed: Map<CampaignKey, Claim>): void => {
  for (const [workspace, {claims}] of changes)
    for (const [id, claim] of claims)
      if (claim) followed.set(campaignKey(workspace, id), claim);
      else followed.delete(campaignKey(workspace, id));
};
