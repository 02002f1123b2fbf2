/** What deciding costs against a bare join, a drift among many against one among few, and while everything is read; and what idling costs. */
import {execFileSync} from 'node:child_process';
import {setImmediate as turn} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import type {Claim} from '../src/domain/declarations.ts';
import {diff, type Observation} from '../src/domain/diff.ts';
import {judge} from '../src/domain/judge.ts';
import {clock, declarationOf, liveOf, type Opened, open} from './memory.ts';
import {addRow, median, stalls, timed} from './rows.ts';

const NEVER = new AbortController().signal;
const MANY = 100_000;
const FEW = 1_000;
const REPEATS = 7;
const DRIFTS = 201;
/** Microseconds. */
const MINUTE_US = 60e6;

const claimsOf = (): ReadonlyMap<string, Claim> =>
  new Map(
    Array.from({length: MANY}, (_, i) => {
      return [`c${i}`, {kind: 'valid', declaration: declarationOf(i, 'active')} as const];
    }),
  );

const observed = (known: 'active' | 'paused'): ReadonlyMap<string, Observation> =>
  new Map(
    Array.from({length: MANY}, (_, i) => [`c${i}`, {kind: 'seen', campaign: liveOf(i, known, i)} as const]),
  );

/** What differs, and nothing else. */
const join = (claims: ReadonlyMap<string, Claim>, live: ReadonlyMap<string, Observation>): string[] => {
  const differing: string[] = [];
  for (const [id, claim] of claims) {
    const found = live.get(id);
    if (claim.kind !== 'valid' || found?.kind !== 'seen') continue;
    const {status} = found.campaign;
    if (!('known' in status) || status.known !== claim.declaration.desired) differing.push(id);
  }
  return differing;
};

const decide = (claims: ReadonlyMap<string, Claim>, live: ReadonlyMap<string, Observation>): number => {
  let due = 0;
  for (const pair of diff(claims, live)) {
    const verdict = judge(pair, {mode: 'enforce', now: 0, past: {}});
    if (verdict?.steps[0] !== undefined) due += 1;
  }
  return due;
};

/** B3: everything judged, against a join of two maps. */
const benchDeciding = async (): Promise<void> => {
  const claims = claimsOf();
  for (const [what, known, goal] of [
    ['all differing', 'paused', '2'],
    ['nothing differing', 'active', '1.2'],
  ] as const) {
    const live = observed(known);
    const times: [number[], number[]] = [[], []];
    for (let round = 0; round < REPEATS; round++) {
      times[0].push(await timed(() => join(claims, live)));
      times[1].push(await timed(() => decide(claims, live)));
    }
    const [bare, all] = [median(times[0]), median(times[1])];
    const work = `judge ${MANY} campaigns, ${what} (${all.toFixed(0)} ms)`;
    addRow({id: 'B3', work, against: 'a bare join of two maps', ratio: all / bare, goal});
  }
};

/** From a drift that is seen to its answered correction. */
const correct = async ({wire, workspace}: Opened, i: number): Promise<number> => {
  const campaign = wire.move(i, 'paused', Date.now());
  const startedAt = performance.now();
  workspace.store.sightings.take([{campaign, askedAt: clock.ticks()}]);
  await workspace.pass(NEVER);
  return performance.now() - startedAt;
};

const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.ceil(values.length * share) - 1] ?? Number.NaN;

/** B3 and B7: one drift, among many and among few, and while everything is read again. */
const benchDrift = async (few: Opened, many: Opened): Promise<void> => {
  const times: [number[], number[]] = [[], []];
  for (let round = 0; round < DRIFTS; round++) {
    times[0].push(await correct(few, round));
    times[1].push(await correct(many, round));
  }
  const [one, hundred] = [median(times[0]), median(times[1])];
  const work = `one drift among ${MANY}, seen to corrected (${hundred.toFixed(2)} ms)`;
  addRow({id: 'B3', work, against: `among ${FEW}`, ratio: hundred / one, goal: '1.2'});
  const during: number[] = [];
  while (during.length < DRIFTS) {
    let isOver = false;
    const resync = many.workspace.resync(NEVER).finally(() => {
      isOver = true;
    });
    while (!isOver && during.length < DRIFTS) {
      await turn();
      during.push(await correct(many, 1_000 + during.length));
    }
    await resync;
  }
  const [idle, busy] = [percentile(times[1], 0.99), percentile(during, 0.99)];
  addRow({
    id: 'B7',
    work: `p99 of a drift’s correction during a resync of ${MANY} (${busy.toFixed(1)} ms)`,
    against: `when idle (${idle.toFixed(1)} ms)`,
    ratio: busy / idle,
    goal: '1.5',
  });
};

/** Bytes a campaign, the few of the bench's own platform among them. */
const footprint = (): number => {
  const script = fileURLToPath(new URL('footprint.ts', import.meta.url));
  return Number(execFileSync(process.execPath, ['--expose-gc', script], {encoding: 'utf8'}));
};

/** The share of a core that polls of ten thousand campaigns take, one a minute. */
const idleShare = async (): Promise<number> => {
  const some = await open(10_000);
  const used = process.cpuUsage();
  const polls = 200;
  for (let round = 0; round < polls; round++) await some.workspace.poll(NEVER);
  const {system, user} = process.cpuUsage(used);
  return (user + system) / polls / MINUTE_US;
};

/** B8: what a hundred thousand campaigns hold, what a quiet poll takes, and how long nothing else has its turn. */
const benchIdling = async (): Promise<Opened> => {
  const many = await open(MANY);
  const {workspace} = many;
  const resync = await stalls(() => workspace.resync(NEVER));
  const row = (work: string, against: string, ratio: number, goal: string): void =>
    addRow({id: 'B8', work, against, ratio, goal});
  row(
    'memory a campaign, what the bench itself holds of it among it',
    'a kilobyte',
    footprint() / 1000,
    '1.5',
  );
  row(`longest stall in a resync of ${MANY}`, 'a millisecond', resync, '25');
  row('polls of 10000 campaigns, one a minute', 'a percent of a core', (await idleShare()) * 100, '0.5');
  return many;
};

/** Prints the rows B3, B7 and B8. */
export const benchWork = async (): Promise<void> => {
  await benchDeciding();
  const many = await benchIdling();
  await benchDrift(await open(FEW), many);
};
