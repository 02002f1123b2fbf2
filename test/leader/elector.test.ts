import FakeTimers from '@sinonjs/fake-timers';
import {afterEach, beforeEach, expect, it} from 'vitest';
import type {LeaseApi} from '../../src/leader/api.ts';
import {Elector} from '../../src/leader/elector.ts';
import type {LeaseEvent} from '../../src/leader/elector-options.ts';
import type {StoredLease} from '../../src/leader/lease.ts';
import {Members} from '../../src/leader/members.ts';
import {timerClock} from '../support/timer-clock.ts';

const TIMINGS = {leaseDuration: 35_000, renewDeadline: 30_000, retryPeriod: 5_000};

let timers: ReturnType<typeof FakeTimers.install>;
beforeEach(() => {
  timers = FakeTimers.install({
    now: 1_000_000,
    toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'],
  });
});
afterEach(() => timers.uninstall());

/** Leases in memory, and a replica that is alive beside the one under test. */
const open = (onHeld: (leases: ReadonlySet<string>) => Promise<void>, takesPart = true) => {
  const kept = new Map<string, StoredLease>();
  let version = 0;
  const api: LeaseApi = {
    read: async name => kept.get(name),
    write: async (name, {annotations, record}, at) => {
      const before = kept.get(name);
      if (before?.version !== at) return undefined;
      version += 1;
      const fresh = {annotations: {}, record: {holder: '', leaseDurationSeconds: 1, transitions: 0}};
      const stored = {
        ...fresh,
        ...before,
        ...(annotations && {annotations}),
        ...(record && {record}),
        version: `${version}`,
      };
      kept.set(name, stored);
      return stored;
    },
  };
  const other = new Members({identity: 'other'}, 'other', TIMINGS.retryPeriod);
  const beat = (): void => {
    const seen = kept.get('members');
    if (seen)
      kept.set('members', {...seen, annotations: other.beat(seen.annotations, 0), version: `${++version}`});
  };
  const events: LeaseEvent[] = [];
  const elector = new Elector({
    api,
    clock: timerClock,
    random: () => 0,
    self: {identity: 'me'},
    memberKey: 'me',
    leases: ['a', 'b'],
    membersLease: 'members',
    timings: TIMINGS,
    onHeld,
    listener: event => events.push(event),
  });
  elector.start();
  if (takesPart) elector.takePart();
  const holders = (): string[] => ['a', 'b'].map(name => kept.get(name)?.record.holder ?? '');
  return {beat, elector, events, holders, kept};
};

it('gives a lease to a replica that comes, once whoever worked by it has ended', async () => {
  let end: (() => void) | undefined;
  const {beat, elector, holders} = open(leases =>
    leases.size === 1
      ? new Promise(resolve => {
          end = resolve;
        })
      : Promise.resolve(),
  );
  await timers.tickAsync(60_000);
  expect(holders()).toEqual(['me', 'me']);
  for (let i = 0; i < 6; i++) {
    beat();
    await timers.tickAsync(4_000);
  }
  expect(holders()).toEqual(['me', 'me']);
  expect(elector.holds('a')).toBe(true);
  end?.();
  await timers.tickAsync(1);
  expect(holders().toSorted()).toEqual(['', 'me']);
});

it('takes nothing, and counts for nobody, before it has anything to go by', async () => {
  const {elector, holders, kept} = open(() => Promise.resolve(), false);
  await timers.tickAsync(60_000);
  expect([holders(), [...kept.keys()]]).toEqual([['', ''], []]);
  elector.takePart();
  await timers.tickAsync(60_000);
  expect([holders(), kept.has('members')]).toEqual([['me', 'me'], true]);
});

it('keeps a lease where whoever works by it could not end, and says so', async () => {
  const {beat, events, holders} = open(leases =>
    leases.size === 1 ? Promise.reject(new Error('stuck')) : Promise.resolve(),
  );
  await timers.tickAsync(60_000);
  for (let i = 0; i < 6; i++) {
    beat();
    await timers.tickAsync(4_000);
  }
  expect(holders()).toEqual(['me', 'me']);
  expect(events).toContainEqual({kind: 'unexpected-error', message: 'stuck'});
});
