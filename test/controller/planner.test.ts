import {afterEach, describe, expect, it} from 'vitest';
import type {SimulatedCampaign} from '../../src/simulator/campaign.ts';
import {simulatedAt} from '../support/campaigns.ts';
import {yaml} from '../support/fixtures.ts';
import {PlanWorld, START} from '../support/plan-world.ts';

let world: PlanWorld;
afterEach(() => world.close());

const live = (id: string, status: string, changes?: Partial<SimulatedCampaign>): SimulatedCampaign =>
  simulatedAt(START, id, status, changes);
const open = (...campaigns: SimulatedCampaign[]): PlanWorld => {
  world = new PlanWorld({collections: campaigns});
  return world;
};
const file = (id: string, desired: string, workspace = 'collections') => ({
  [`${id}.yaml`]: yaml({name: id, campaignId: id, desired, workspace}),
});
const files = (...all: Record<string, string>[]): Record<string, string> => Object.assign({}, ...all);

describe('a plan', () => {
  it('asks for each declared campaign before it calls one missing, however many the platform lacks', async () => {
    const ids = Array.from({length: 250}, (_, i) => `gone-${i}`);
    const {declare, plan} = bound(open());
    const {failures, proposal} = await plan({
      declarations: declare(files(...ids.map(id => file(id, 'active')))),
    });
    expect(failures).toEqual([]);
    expect(proposal.changes.map(({state}) => state)).toEqual(ids.map(() => 'missing'));
  });

  it('asks for the windows of what is resumed or cancelled, and of nothing else', async () => {
    const {declare, plan} = bound(open(live('a', 'active'), live('b', 'paused'), live('c', 'paused')));
    const held = {'held.yaml': yaml({name: 'h', campaignId: 'c', extra: 'hold: {reason: repair}'})};
    await plan({declarations: declare(files(file('a', 'paused'), file('b', 'active'), held))});
    expect(world.requests.filter(({campaignId}) => campaignId)).toMatchObject([
      {method: 'GET', campaignId: 'b'},
    ]);
  });

  it('goes by the status that it read last: one that moved while it was made is told as it is', async () => {
    const {declare, plan} = bound(open(live('b', 'paused')));
    world.onRequest = ({campaignId}) => {
      if (campaignId === 'b') world.workspace().act('b', 'cancel', 'ops', Date.now());
    };
    const {proposal} = await plan({declarations: declare(file('b', 'active'))});
    expect(proposal.changes).toMatchObject([
      {live: 'cancelled', effect: 'error', notes: [{code: 'terminal-status'}]},
    ]);
  });

  it('calls a campaign missing that vanished while it was made', async () => {
    const {declare, plan} = bound(open(live('b', 'paused')));
    world.onRequest = ({campaignId}) => campaignId === 'b' && world.workspace().remove('b');
    const {proposal} = await plan({declarations: declare(file('b', 'active'))});
    expect(proposal.changes).toMatchObject([{state: 'missing', effect: 'error'}]);
  });

  it('plans the other workspaces where one cannot be read, and says which', async () => {
    world = new PlanWorld({one: [live('a', 'active')], two: [live('b', 'active')]});
    world.onRequest = ({workspace}) => world.faults({unauthorised: workspace === 'one' ? 1 : 0});
    const declarations = world.declare(files(file('a', 'paused', 'one'), file('b', 'paused', 'two')));
    const {failures, proposal} = await world.plan({declarations});
    expect(failures).toMatchObject([{workspace: 'one', failure: {kind: 'unauthorised'}}]);
    expect(proposal.changes.map(({name, state}) => [name, state])).toEqual([['b', 'pending']]);
    expect(proposal.declared).toBe(2);
  });

  it('sits out an overloaded platform for a while, and then gives up with what it said', async () => {
    const {declare, plan} = bound(open(live('a', 'active')));
    const declarations = declare(file('a', 'paused'));
    world.faults({unavailable: 1});
    let asked = 0;
    world.onRequest = () => {
      asked += 1;
      if (asked === 3) world.faults({});
    };
    expect((await plan({declarations})).proposal.changes).toMatchObject([{steps: ['pause']}]);
    world.faults({throttled: 1});
    world.onRequest = () => {};
    const {failures} = await plan({declarations});
    expect(failures).toMatchObject([{failure: {kind: 'throttled', message: expect.stringContaining('429')}}]);
    expect(asked).toBe(3);
  });

  it('calls it drift where live moved after the file did, and pending where Git spoke last', async () => {
    const {declare, plan} = bound(
      open(
        live('old', 'paused', {updatedAt: START - 2_000}),
        live('new', 'paused', {updatedAt: START - 9_000}),
      ),
    );
    const declarations = declare(files(file('old', 'active'), file('new', 'active')));
    const times = new Map([
      ['old.yaml', START - 5_000],
      ['new.yaml', START - 5_000],
    ]);
    const {proposal} = await plan({declarations, base: declarations, changedAt: async () => times});
    expect(proposal.anyway.map(({cause, name}) => [name, cause])).toEqual([
      ['new', 'pending'],
      ['old', 'drifted'],
    ]);
  });
});

describe('applying a plan', () => {
  const planned = async (...campaigns: [string, string, string][]) => {
    open(...campaigns.map(([id, status]) => live(id, status)));
    const declarations = world.declare(
      files(
        ...campaigns.map(([id, , desired]) => ({
          [`${id}.yaml`]: yaml({
            name: id,
            campaignId: id,
            desired,
            extra: desired === 'cancelled' ? `confirmCancel: ${id}` : '',
          }),
        })),
      ),
    );
    const {proposal} = await world.plan({declarations});
    world.requests.length = 0;
    return {declarations, changes: proposal.changes};
  };
  const outcomes = (ended: Awaited<ReturnType<PlanWorld['apply']>>): string[] =>
    ended.map(({outcome, planned: {declaration}}) => `${declaration.name} ${outcome.kind}`);

  it('reads each campaign again right before it acts, and leaves one that moved in those seconds', async () => {
    const {changes, declarations} = await planned(['a', 'active', 'cancelled'], ['b', 'active', 'paused']);
    const ended = await world.apply(changes, declarations, () =>
      world.workspace().act('a', 'pause', 'ops', Date.now()),
    );
    expect(outcomes(ended)).toEqual(['b applied', 'a superseded']);
    expect(ended[1]?.outcome).toMatchObject({message: 'live was active, and is now paused'});
    expect(world.status('a')).toBe('paused');
  });

  it('knows by reading that an action whose answer was lost has taken effect, and does not send it twice', async () => {
    const {changes, declarations} = await planned(['a', 'paused', 'active']);
    world.onRequest = ({action}) => world.faults({dropAfter: action ? 1 : 0});
    const ended = await world.apply(changes, declarations);
    expect(ended.map(({outcome}) => outcome)).toEqual([
      {kind: 'applied', action: 'resume', from: 'paused', to: 'active'},
    ]);
    expect(world.actions()).toEqual(['resume a']);
  });

  it('does not resume over somebody who paused again, although the status is the planned one', async () => {
    const {changes, declarations} = await planned(['a', 'paused', 'active']);
    const ended = await world.apply(changes, declarations, () => {
      world.workspace().act('a', 'resume', 'ops', Date.now() + 1);
      world.workspace().act('a', 'pause', 'ops', Date.now() + 2);
    });
    expect(outcomes(ended)).toEqual(['a superseded']);
    expect(ended[0]?.outcome).toMatchObject({message: expect.stringContaining('was changed since, by ops')});
    expect([world.actions(), world.status('a')]).toEqual([[], 'paused']);
  });

  it('resumes nothing any more whose timetable a controller begins to close before its turn comes', async () => {
    const timed = yaml({name: 'a', campaignId: 'a', extra: 'timetable: {until: 2026-01-05T00:02:00Z}'});
    open(live('a', 'paused'));
    const declarations = world.declare({'a.yaml': timed});
    const {proposal} = await world.plan({declarations});
    expect(proposal.changes.map(({steps}) => steps)).toEqual([['resume']]);
    const ended = await world.apply(proposal.changes, declarations, () => world.later(70_000));
    expect(ended.map(({outcome}) => outcome)).toMatchObject([
      {kind: 'skipped', message: expect.stringContaining('its timetable is about to end')},
    ]);
    expect(world.actions()).toEqual([]);
  });

  it('does not send a second time what somebody undid while its answer was lost', async () => {
    const {changes, declarations} = await planned(['a', 'paused', 'active']);
    let sent = 0;
    world.onRequest = ({action}) => {
      if (action) sent += 1;
      else if (sent === 1) world.workspace().act('a', 'pause', 'ops', Date.now());
      world.faults({dropAfter: action ? 1 : 0});
    };
    expect(outcomes(await world.apply(changes, declarations))).toEqual(['a superseded']);
    expect([world.actions(), world.status('a')]).toEqual([['resume a'], 'paused']);
  });

  it('claims nothing that somebody else did: where it sent nothing, it applied nothing', async () => {
    const {changes, declarations} = await planned(['a', 'active', 'paused']);
    let reads = 0;
    const ended = await world.apply(changes, declarations, () => {
      world.onRequest = () => {
        reads += 1;
        world.faults({unavailable: reads === 1 ? 1 : 0});
        if (reads === 2) world.workspace().act('a', 'pause', 'ops', Date.now());
      };
    });
    expect([outcomes(ended), world.actions()]).toEqual([['a superseded'], []]);
  });

  it('sends again what never arrived', async () => {
    const {changes, declarations} = await planned(['a', 'active', 'paused']);
    let tries = 0;
    world.onRequest = ({action}) => {
      if (action) tries += 1;
      world.faults({dropBefore: action && tries < 3 ? 1 : 0});
    };
    expect(outcomes(await world.apply(changes, declarations))).toEqual(['a applied']);
    expect([tries, world.status('a')]).toEqual([3, 'paused']);
  });

  it('gives up on a key that is refused midway, and says of the rest that it was not sent', async () => {
    const ids = Array.from({length: 12}, (_, i) => `c${i}`);
    const {changes, declarations} = await planned(
      ...ids.map((id): [string, string, string] => [id, 'active', 'paused']),
    );
    let sent = 0;
    world.onRequest = ({action}) => {
      if (action) sent += 1;
      if (sent > 3) world.faults({unauthorised: 1});
    };
    const ended = await world.apply(changes, declarations);
    expect(ended).toHaveLength(12);
    const skipped = ended.filter(({outcome}) => outcome.kind === 'skipped');
    expect(skipped.length).toBeGreaterThan(4);
    expect(skipped.at(-1)?.outcome).toMatchObject({
      message: expect.stringMatching(/^not sent: the platform answered 401/),
    });
  });

  it('takes what was refused, since somebody else was faster, for what it is: as planned', async () => {
    const {changes, declarations} = await planned(['a', 'active', 'paused']);
    world.onRequest = ({action}) => {
      if (action) world.workspace().act('a', 'pause', 'ops', Date.now());
    };
    const [ended] = await world.apply(changes, declarations);
    expect([ended?.already, ended?.outcome.kind]).toEqual([true, 'superseded']);
    expect(ended?.outcome).toMatchObject({message: expect.stringContaining('it is already as planned')});
  });

  it('passes on what the platform refuses, in its own words', async () => {
    const {changes, declarations} = await planned(['a', 'paused', 'active'], ['b', 'active', 'paused']);
    world.onRequest = ({action}) => {
      if (action === 'resume') world.workspace().force('a', 'ended', 'ops', Date.now());
    };
    const ended = await world.apply(changes, declarations);
    expect(outcomes(ended)).toEqual(['b applied', 'a refused']);
    expect(ended[1]?.outcome).toMatchObject({
      message: expect.stringContaining('Cannot resume a campaign in status ended'),
    });
  });

  it('is told that a campaign is as planned already, where two applies run at once', async () => {
    const {changes, declarations} = await planned(['a', 'active', 'paused'], ['b', 'active', 'paused']);
    const ended = await world.apply(changes, declarations, () => {
      world.workspace().act('a', 'pause', 'the other', Date.now() + 1);
    });
    expect(
      ended.map(({already, outcome, planned: {declaration}}) => [declaration.name, already, outcome.kind]),
    ).toEqual([
      ['a', true, 'superseded'],
      ['b', false, 'applied'],
    ]);
    expect(ended[0]?.outcome).toMatchObject({message: expect.stringMatching(/^it is already as planned: /)});
    expect(world.actions()).toEqual(['pause b']);
  });

  it('names everything that has moved, each in its own words, and holds ready only the rest', async () => {
    const {changes} = await planned(
      ['cancelled', 'active', 'paused'],
      ['touched', 'active', 'paused'],
      ['gone', 'active', 'paused'],
      ['other', 'active', 'paused'],
      ['held', 'active', 'paused'],
      ['undeclared', 'active', 'paused'],
      ['broken', 'active', 'paused'],
      ['good', 'active', 'paused'],
    );
    const dashboard = world.workspace();
    dashboard.act('cancelled', 'cancel', 'ops', Date.now());
    dashboard.force('touched', 'active', 'ops', Date.now() + 1);
    dashboard.remove('gone');
    const paused = ['cancelled', 'touched', 'gone', 'good'].map(id => file(id, 'paused'));
    const now = world.declare(
      files(...paused, file('other', 'active'), file('broken', 'pausd'), {
        'held.yaml': yaml({
          name: 'held',
          campaignId: 'held',
          desired: 'paused',
          extra: 'hold: {reason: repair}',
        }),
      }),
    );
    const {moved, ready} = await world.check(changes, now);
    const told = Object.fromEntries(moved.map(({change: {name}, message}) => [name, message]));
    expect(told).toEqual({
      cancelled: expect.stringMatching(/^live was active, and is now cancelled, changed by ops at 2026-/),
      touched: expect.stringMatching(
        /^live is active as planned, but was changed since, changed by ops at 2026-/,
      ),
      gone: 'the platform knows no campaign of this id in this workspace',
      other: 'Git asked for paused, and now for active',
      held: 'nothing is to be sent now: Git asks for paused; held: repair',
      undeclared: 'no file declares it now',
      broken: expect.stringContaining('left as it is: broken.yaml:8'),
    });
    expect(ready.flatMap(({actions}) => actions.map(({declaration}) => declaration.name))).toEqual(['good']);
    expect(world.actions()).toEqual([]);
  });
});

/** The world's methods, to be used without it. */
const bound = (of: PlanWorld) => ({declare: of.declare.bind(of), plan: of.plan.bind(of)});
