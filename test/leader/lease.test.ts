import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {allowance, surplus} from '../../src/leader/balance.ts';
import {Candidate, type LeaseRecord, type StoredLease} from '../../src/leader/lease.ts';
import {Members} from '../../src/leader/members.ts';
import {runLeases} from '../soak/lease-world.ts';

const TIMINGS = {leaseDuration: 35_000, renewDeadline: 30_000, retryPeriod: 5_000};
const at = (ticks: number, now = ticks) => ({ticks, now});
const stored = (version: string, record: Partial<LeaseRecord> = {}): StoredLease => ({
  version,
  annotations: {},
  record: {holder: '', leaseDurationSeconds: 35, transitions: 0, ...record},
});
const candidate = () => new Candidate('me', TIMINGS);

/** A candidate that took the lease by a write that was sent at 0 and answered at 100. */
const holding = () => {
  const one = candidate();
  one.wrote(stored('1', {holder: 'me'}), at(0), 100);
  return one;
};

describe('a holder', () => {
  it('holds from when its write was sent, not from when it was answered', () => {
    expect(holding().holds(at(29_999))).toBe(true);
    expect(holding().holds(at(30_000))).toBe(false);
  });

  it('may begin only what ends before it must stop', () => {
    expect(holding().holds(at(14_999), 15_000)).toBe(true);
    expect(holding().holds(at(15_000), 15_000)).toBe(false);
  });

  it('stops where the time of day says that it slept, and not where somebody set that back', () => {
    expect(holding().holds(at(1_000, 31_000))).toBe(false);
    expect(holding().holds(at(1_000, -90_000))).toBe(true);
  });

  it('stops at once where the record names another, or was given back', () => {
    for (const record of [{holder: 'you'}, {holder: '', leaseDurationSeconds: 1}]) {
      const one = holding();
      one.see(stored('2', record), 200);
      expect(one.holds(at(200))).toBe(false);
    }
  });

  it('goes on where the lease was deleted or emptied: others wait for as long as one lasts', () => {
    for (const seen of [undefined, stored('2')]) {
      const one = holding();
      one.see(seen, 200);
      expect(one.holds(at(200))).toBe(true);
    }
  });
});

describe('a lease', () => {
  it('is free at once where it was given back', () => {
    const one = candidate();
    one.see(stored('1', {leaseDurationSeconds: 1}), 0);
    expect(one.isFree(0)).toBe(true);
  });

  it('is free once its record was seen unchanged for as long as it lasts, by this clock', () => {
    const one = candidate();
    one.see(stored('1', {holder: 'you'}), 0);
    one.see(stored('1', {holder: 'you'}), 34_000);
    expect(one.isFree(34_999)).toBe(false);
    expect(one.isFree(35_000)).toBe(true);
    one.see(stored('2', {holder: 'you'}), 35_000);
    expect(one.isFree(69_999)).toBe(false);
  });

  it('is left to a holder that asked for longer', () => {
    const one = candidate();
    one.see(stored('1', {holder: 'you', leaseDurationSeconds: 60}), 0);
    expect(one.isFree(59_999)).toBe(false);
    expect(one.isFree(60_000)).toBe(true);
  });

  it('is not free while it was never looked for, is not there, or is new and empty', () => {
    expect(candidate().isFree(1e9)).toBe(false);
    const gone = candidate();
    gone.see(undefined, 0);
    expect(gone.isFree(1e9)).toBe(false);
    const fresh = candidate();
    fresh.see(stored('1'), 0);
    expect(fresh.isFree(34_999)).toBe(false);
    expect(fresh.isFree(35_000)).toBe(true);
  });

  it('that names this candidate by hand is not its own; one by a write whose answer was lost is', () => {
    const one = candidate();
    one.see(stored('1', {leaseDurationSeconds: 1}), 0);
    const sent = one.claim(500);
    one.see(stored('2', {...sent, renewedAt: 1}), 600);
    expect(one.isWhatWasSent).toBe(false);
    one.see(stored('3', sent), 700);
    expect(one.isWhatWasSent).toBe(true);
  });

  it('counts how often it changed hands, and keeps when it was taken', () => {
    const one = candidate();
    one.see(stored('1', {holder: 'you', transitions: 3}), 0);
    expect(one.claim(7)).toMatchObject({holder: 'me', acquiredAt: 7, renewedAt: 7, transitions: 4});
    one.see(stored('2', one.claim(7)), 10);
    expect(one.claim(9)).toMatchObject({acquiredAt: 7, renewedAt: 9, transitions: 4});
  });
});

describe('the shares', () => {
  const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];

  it('come to a balance from anywhere, with no more moves than it needs, and stay there', () => {
    const counts = fc.array(fc.integer({min: 0, max: 12}), {minLength: 1, maxLength: NAMES.length});
    fc.assert(
      fc.property(counts, first => {
        const members = NAMES.slice(0, first.length);
        const leases = first.reduce((a, b) => a + b, 0);
        const held = new Map(members.map((name, i) => [name, first[i] ?? 0]));
        const sharesOf = (self: string) => ({self, members, leases, held});
        const ceiling = Math.ceil(leases / members.length);
        const tooMany = first.reduce((sum, count) => sum + Math.max(0, count - ceiling), 0);
        const floor = Math.floor(leases / members.length);
        const tooFew = first.reduce((sum, count) => sum + Math.max(0, floor - count), 0);
        let [free, moves] = [0, 0];
        for (let turn = 0; turn < 50; turn++) {
          for (const name of members) {
            const given = free === 0 ? surplus(sharesOf(name)) : 0;
            held.set(name, (held.get(name) ?? 0) - given);
            free += given;
            moves += given;
          }
          for (const name of members) {
            const taken = Math.min(free, Math.max(0, allowance(sharesOf(name)) - (held.get(name) ?? 0)));
            held.set(name, (held.get(name) ?? 0) + taken);
            free -= taken;
          }
        }
        const last = [...held.values()];
        expect(free).toBe(0);
        expect(Math.max(...last) - Math.min(...last)).toBeLessThanOrEqual(1);
        expect(moves).toBe(Math.max(tooMany, tooFew));
      }),
      {numRuns: 2_000},
    );
  });
});

describe('the replicas', () => {
  const other = new Members({identity: 'other', address: 'http://10.0.0.2:8080'}, 'other', 5_000);

  it('are alive while they change their sign of life, by the clock of whoever looks', () => {
    const members = new Members({identity: 'me'}, 'me', 5_000);
    members.see({annotations: other.beat({}, 0)}, 0);
    expect(members.alive(19_999)).toEqual([
      {identity: 'me'},
      {identity: 'other', address: 'http://10.0.0.2:8080'},
    ]);
    expect(members.alive(20_000)).toEqual([{identity: 'me'}]);
    members.see({annotations: other.beat({}, 0)}, 30_000);
    expect(members.alive(30_000)).toHaveLength(2);
  });

  it('are gone when they say so, forgotten when they are long gone, and leave what is not theirs', () => {
    const members = new Members({identity: 'me'}, 'me', 5_000);
    const all = {...other.beat({}, 0), 'example.com/mine': 'x', 'member.rollcall.dev/broken': '{'};
    members.see({annotations: all}, 0);
    const later = members.beat(all, 600_000);
    expect(Object.keys(later)).toEqual([
      'example.com/mine',
      'member.rollcall.dev/broken',
      'member.rollcall.dev/me',
    ]);
    expect(Object.keys(members.leave(later, 600_000))).not.toContain('member.rollcall.dev/me');
    members.see({annotations: other.leave(all, 1)}, 2);
    expect(members.alive(2)).toHaveLength(1);
  });
});

describe('the protocol', () => {
  it.each(Array.from({length: 40}, (_, i) => i + 1))(
    'holds each lease at most once, whatever fails (seed %i)',
    seed => runLeases(seed),
  );
});
