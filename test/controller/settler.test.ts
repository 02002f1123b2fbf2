/** What working out one campaign comes to, and what is told of it, once. */
import {describe, expect, it} from 'vitest';
import type {ControllerEvent} from '../../src/controller/events.ts';
import {type Entry, newEntry} from '../../src/controller/store/entry.ts';
import {Settler} from '../../src/controller/store/settler.ts';
import type {Declaration, LiveCampaign} from '../../src/domain/campaign.ts';
import {claim, live, WORKSPACE} from '../support/fixtures.ts';

const HOUR = 3_600_000;

class Trial {
  readonly events: ControllerEvent[] = [];
  readonly settler = new Settler(WORKSPACE, 'enforce', event => void this.events.push(event));
  readonly entry: Entry = newEntry('camp-1');
  now = 100 * HOUR;
  ticks = 5_000;

  constructor(declared: Partial<Declaration> | undefined = {desired: 'paused'}) {
    if (declared) this.declare(declared);
  }

  get moment() {
    return {now: this.now, ticks: this.ticks};
  }

  declare(declared: Partial<Declaration>): void {
    this.entry.claim = claim(declared);
  }

  show(status: string, more: Partial<LiveCampaign> = {}): void {
    this.entry.observation = {kind: 'seen', campaign: live(status, {updatedAt: this.now, ...more})};
    this.settle();
  }

  settle(): void {
    this.settler.settle(this.entry, this.moment);
  }

  later(by: number): void {
    this.now += by;
    this.ticks += by;
  }

  told<K extends ControllerEvent['kind']>(kind: K) {
    return this.events.filter((event): event is Extract<ControllerEvent, {kind: K}> => event.kind === kind);
  }

  finding() {
    return this.settler.finding(this.entry, this.moment);
  }
}

describe('a campaign that was in place, and is moved', () => {
  const moved = (): Trial => {
    const trial = new Trial();
    trial.show('paused');
    trial.later(1_000);
    trial.show('active', {updatedBy: 'ann@example.com'});
    return trial;
  };

  it('is told as drifted, once', () => {
    const trial = moved();
    trial.settle();
    expect(trial.told('drift-detected').map(({finding}) => finding)).toMatchObject([
      {state: 'drifted', liveUpdatedBy: 'ann@example.com', campaignId: 'camp-1', workspace: WORKSPACE},
    ]);
    expect(trial.entry.moves).toEqual([{at: trial.now, by: 'ann@example.com'}]);
    expect([trial.told('drift-stands'), trial.told('became-terminal')]).toEqual([[], []]);
  });

  it('is told to have drifted again once it was in place in between', () => {
    const trial = moved();
    trial.later(1_000);
    trial.show('paused');
    trial.later(1_000);
    trial.show('active');
    expect([trial.told('drift-detected').length, trial.entry.moves.length]).toEqual([2, 2]);
  });

  it('is told to be drifted still, where an earlier process has told it', () => {
    const trial = new Trial();
    trial.entry.settledFor = 'paused';
    trial.entry.drifting = 'told before';
    trial.show('active');
    expect([trial.told('drift-detected').length, trial.told('drift-stands').length]).toEqual([0, 1]);
    expect(trial.entry.moves).toEqual([]);
  });

  it('remembers no move that a history knows of', () => {
    const trial = new Trial();
    trial.show('paused');
    const known = {at: trial.now + 1_000, by: 'ann@example.com', correctedAt: trial.now + 1_500};
    trial.entry.moves = [known];
    trial.later(1_000);
    trial.show('active');
    expect(trial.entry.moves).toEqual([known]);
  });

  it.each<[string, string | undefined, Partial<LiveCampaign>, number]>([
    ['under the name that Rollcall has', 'api-key', {updatedBy: 'api-key'}, 0],
    ['under another name', 'api-key', {updatedBy: 'ann@example.com'}, 1],
    ['under no name', 'api-key', {}, 1],
    ['where nobody knows the name that Rollcall has', undefined, {updatedBy: 'api-key'}, 1],
    ['long after this process began', 'api-key', {updatedBy: 'api-key', updatedAt: 101 * HOUR}, 1],
  ])(
    '%s remembers the move, unless it may be from before this process began',
    (_what, ownName, by, moves) => {
      const trial = new Trial();
      Object.assign(trial.settler.indexes.origin, {ownName, adoptedAt: trial.now});
      trial.entry.settledFor = 'paused';
      trial.show('active', {updatedAt: trial.now - 1, ...by});
      expect([trial.told('drift-detected').length, trial.entry.moves.length]).toEqual([1, moves]);
    },
  );

  it('is told as neither drifted nor lost where it is only late, or never was in place', () => {
    const pending = new Trial();
    pending.show('active');
    const lost = new Trial({desired: 'active'});
    lost.show('cancelled');
    const told = (trial: Trial): readonly string[] =>
      trial.events.map(({kind}) => kind).filter(kind => !['settled', 'status-seen'].includes(kind));
    expect([told(pending), told(lost)]).toEqual([[], ['became-terminal']]);
  });

  it('is not resumed any more by whoever moves it again and again', () => {
    const trial = new Trial({desired: 'active'});
    trial.show('active');
    for (let move = 0; move < 3; move++) {
      trial.later(60_000);
      trial.show('paused', {updatedBy: 'ann@example.com'});
      trial.entry.moves = trial.entry.moves.map(one => ({...one, correctedAt: one.at}));
      if (move < 2) trial.show('active', {updatedAt: trial.now + 1});
    }
    trial.settle();
    expect(trial.entry.verdict?.restraint?.reason).toBe('contested');
  });

  it('before it was set back, and then comes back as it was, is drift no more', () => {
    const trial = new Trial();
    trial.show('active', {updatedAt: trial.now + 10});
    trial.entry.setBackFor = {wanted: 'paused', newest: trial.now + 5};
    trial.settle();
    expect([trial.entry.setBackFor, trial.entry.settledFor]).toEqual([undefined, 'paused']);
  });

  it('soon after it was corrected is told as contested', () => {
    const trial = moved();
    expect(trial.told('contested')).toEqual([]);
    trial.entry.correctedAt = trial.ticks;
    trial.later(1_000);
    trial.show('paused');
    trial.later(1_000);
    trial.show('active', {updatedBy: 'ann@example.com'});
    expect(trial.told('contested').map(({finding}) => finding.campaignId)).toEqual(['camp-1']);
  });

  it('and cannot be moved back is told as lost, once', () => {
    const trial = new Trial({desired: 'active'});
    trial.show('active');
    trial.later(1_000);
    trial.show('cancelled');
    trial.settle();
    expect(trial.told('became-terminal').map(({finding}) => finding.state)).toEqual(['terminal']);
  });
});

describe('a campaign that a revision changed', () => {
  it('has converged once it is in place, after so many seconds', () => {
    const trial = new Trial();
    trial.entry.changedAt = trial.ticks - 2_500;
    trial.show('active');
    expect(trial.told('converged')).toEqual([]);
    trial.show('paused');
    trial.settle();
    expect(trial.told('converged')).toEqual([{kind: 'converged', workspace: WORKSPACE, seconds: 2.5}]);
  });
});

describe('a status', () => {
  it('is told when it is seen, and again when it is another: what was before, whose change it was, and its name in Git', () => {
    const trial = new Trial({desired: 'active', name: 'Q3'});
    trial.show('active', {name: 'of the platform', updatedAt: 10});
    trial.settle();
    trial.entry.ownUpdatedAt = 20;
    trial.show('paused', {updatedAt: 20, updatedBy: 'api-key'});
    trial.entry.byItselfAt = 30;
    trial.show('ended', {updatedAt: 30});
    const about = {kind: 'status-seen', workspace: WORKSPACE, campaignId: 'camp-1', name: 'Q3'};
    expect(trial.told('status-seen')).toStrictEqual([
      {...about, status: 'active', updatedAt: 10, own: false, byItself: false},
      {
        ...about,
        status: 'paused',
        updatedAt: 20,
        own: true,
        byItself: false,
        before: 'active',
        updatedBy: 'api-key',
      },
      {...about, status: 'ended', updatedAt: 30, own: false, byItself: true, before: 'paused'},
    ]);
  });

  it('is told to be perhaps Rollcall’s own at the first sight, under its name, and never later', () => {
    const trial = new Trial({desired: 'active'});
    Object.assign(trial.settler.indexes.origin, {ownName: 'api-key', adoptedAt: trial.now});
    trial.show('active', {updatedAt: 10, updatedBy: 'api-key'});
    trial.show('paused', {updatedAt: 20, updatedBy: 'api-key'});
    const other = new Trial({desired: 'active'});
    Object.assign(other.settler.indexes.origin, {ownName: 'api-key', adoptedAt: other.now});
    other.show('active', {updatedAt: 10, updatedBy: 'ann@example.com'});
    expect([...trial.told('status-seen'), ...other.told('status-seen')].map(one => one.perhapsOwn)).toEqual([
      true,
      undefined,
      undefined,
    ]);
  });

  it('is told with the platform’s name where Git has none that can be read', () => {
    const trial = new Trial();
    trial.entry.claim = {kind: 'invalid', campaignId: 'camp-1', source: {file: 'a.yaml', line: 1}} as never;
    trial.show('active', {name: 'of the platform'});
    expect(trial.told('status-seen').map(({name}) => name)).toEqual(['of the platform']);
  });

  it('of a campaign that nobody declares, or that could not be read, is not told', () => {
    const undeclared = new Trial(undefined);
    undeclared.entry.claim = undefined;
    undeclared.show('active');
    const unread = new Trial();
    unread.entry.observation = {kind: 'unreadable', problem: '403'};
    unread.settle();
    expect([undeclared.told('status-seen'), unread.told('status-seen')]).toEqual([[], []]);
    expect(undeclared.entry.verdict?.state).toBe('unmanaged');
  });
});

it('each campaign that is worked out is told, and counted', () => {
  const trial = new Trial();
  trial.settle();
  trial.settle();
  const one = {kind: 'settled', workspace: WORKSPACE, campaignId: 'camp-1'};
  expect([trial.told('settled'), trial.settler.settled]).toEqual([[one, one], 2]);
});

describe('a resume that may be no older than an hour', () => {
  const trial = (declared: Partial<Declaration> = {}): Trial => {
    const made = new Trial({desired: 'active', ...declared});
    made.settler.resumeMaxAge = HOUR;
    made.entry.inForceAt = made.now;
    return made;
  };

  it('is kept once it is, and may be of any age where none is said', () => {
    const one = trial();
    one.show('paused');
    expect(one.entry.verdict?.restraint).toBeUndefined();
    one.later(HOUR + 1);
    one.settle();
    expect(one.entry.verdict?.restraint?.reason).toBe('stale');
    one.settler.resumeMaxAge = undefined;
    one.settle();
    expect(one.entry.verdict?.restraint).toBeUndefined();
  });

  it('counts from when what kept it let it go', () => {
    const one = trial({hold: {reason: 'repair'}});
    one.show('paused');
    one.later(3 * HOUR);
    one.declare({desired: 'active'});
    one.settle();
    expect([one.entry.freeSince, one.entry.verdict?.restraint, one.entry.verdict?.state]).toEqual([
      one.now,
      undefined,
      'pending',
    ]);
    one.later(HOUR + 1);
    one.settle();
    expect([one.entry.freeSince, one.entry.verdict?.restraint?.reason]).toEqual([
      one.now - HOUR - 1,
      'stale',
    ]);
  });

  it('counts as well from the end of a freeze, where that is taken away', () => {
    const freeze = {
      name: 'f',
      labels: {},
      until: 200 * HOUR,
      reason: 'audit',
      source: {file: 'f.yaml', line: 1},
    };
    const one = trial({freezes: [freeze]});
    one.show('paused');
    expect(one.entry.verdict?.restraint?.reason).toBe('frozen');
    one.later(3 * HOUR);
    one.declare({desired: 'active'});
    one.settle();
    expect([one.entry.freeSince, one.entry.verdict?.restraint]).toEqual([one.now, undefined]);
  });
});

describe('a campaign with hours', () => {
  it('is wanted otherwise from their edge on, and at rest so long before it as a closing takes', () => {
    const trial = new Trial({desired: 'active', opening: {from: 99 * HOUR, until: 102 * HOUR}});
    trial.show('active');
    expect(trial.entry.wanted?.desired).toBe('active');
    trial.settler.lead = HOUR;
    trial.later(HOUR);
    trial.settle();
    expect([trial.entry.wanted?.desired, trial.entry.verdict?.steps]).toEqual(['paused', ['pause']]);
    trial.declare({desired: 'active'});
    trial.settle();
    expect([trial.entry.wanted, trial.entry.verdict?.state]).toEqual([undefined, 'satisfied']);
  });
});

describe('what is found of a campaign', () => {
  it('is nothing before it was worked out', () => {
    expect(new Trial().finding()).toBeUndefined();
  });

  it('says since when it differs, where it does', () => {
    const trial = new Trial();
    trial.show('active');
    const since = trial.now;
    trial.later(HOUR);
    trial.settle();
    expect(trial.finding()).toMatchObject({state: 'pending', differsSince: since, workspace: WORKSPACE});
    trial.show('paused');
    expect(trial.finding()).not.toHaveProperty('differsSince');
  });

  it('says what came of the last try, while it waits to be tried again', () => {
    const trial = new Trial();
    const outcome = {kind: 'deferred', action: 'pause', message: '500', retryAt: 0} as const;
    trial.entry.waiting = {count: 1, outcome, dueAt: trial.ticks + 7_000};
    trial.show('active');
    expect(trial.entry.verdict).toMatchObject({state: 'failed', retryAt: trial.now + 7_000});
    expect(trial.finding()?.reason).toBe('Git asks for paused; pause deferred: 500');
  });

  it('goes by the mode', () => {
    const trial = new Trial();
    trial.settler.mode = 'detect';
    trial.show('active');
    expect(trial.entry.verdict?.mode).toBe('detect');
  });
});

it('a fault of the program’s own is told once, leaves the campaign as it is, and is forgotten when it is gone', () => {
  const trial = new Trial();
  let isBroken = true;
  trial.declare({
    desired: 'paused',
    hold: {
      reason: 'r',
      get until(): number {
        if (isBroken) throw new Error('boom');
        return 0;
      },
    },
  });
  trial.show('active');
  trial.settle();
  const about = {work: 'assess', workspace: WORKSPACE, campaignId: 'camp-1'};
  expect(trial.told('unexpected-error')).toEqual([
    {kind: 'unexpected-error', ...about, error: new Error('boom')},
  ]);
  expect(trial.entry.verdict).toEqual({state: 'unknown', steps: [], mode: 'enforce'});
  expect(trial.finding()?.reason).toContain('boom');
  isBroken = false;
  trial.settle();
  expect(trial.finding()?.reason).not.toContain('boom');
  isBroken = true;
  trial.settle();
  expect(trial.told('unexpected-error').length).toBe(2);
});
