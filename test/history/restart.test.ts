/** What a process that is started anew makes of what its history knows. */
import {join} from 'node:path';
import {afterEach, describe, expect, it} from 'vitest';
import {openToWrite} from '../../src/disk/sqlite.ts';
import {knownPast} from '../../src/history/past.ts';
import {HistoryRecorder} from '../../src/history/recorder.ts';
import {SCHEMA} from '../../src/history/schema.ts';
import {RecordTable} from '../../src/history/table.ts';
import type {SimulatedCampaign} from '../../src/simulator/campaign.ts';
import {yaml} from '../support/fixtures.ts';
import {temporaryFolder} from '../support/temp.ts';
import {bare, START, simulated, World, type WorldOptions} from '../support/world.ts';

const WS = 'collections';
const MINUTE = 60_000;
const EVE = 'eve@example.com';

type Files = Readonly<Record<string, string>>;

const file = (id: string, desired: string, extra = ''): Files => ({
  [`${id}.yaml`]: yaml({name: id, campaignId: id, desired, extra}),
});

let open: World | undefined;
afterEach(() => open?.close());

/** One platform, and the processes that work on it one after the other, with the history that they write. */
class Lives {
  readonly #file = join(temporaryFolder(), 'history.sqlite');
  readonly #database = openToWrite(this.#file, SCHEMA);
  readonly #table = new RecordTable(this.#database);
  readonly #options: Partial<WorldOptions>;
  readonly #stuck: boolean;
  #campaigns: readonly SimulatedCampaign[];
  #at = START;

  /** @param stuck no action gets through */
  constructor(
    campaigns: readonly SimulatedCampaign[],
    {stuck = false, ...options}: Partial<WorldOptions> & {stuck?: boolean} = {},
  ) {
    this.#campaigns = campaigns;
    this.#options = options;
    this.#stuck = stuck;
  }

  /** Starts a process that reads `files` of a commit of `age` milliseconds ago, and lets a minute pass. */
  async start(files: Files, age = 0): Promise<World> {
    const world = new World({
      ...this.#options,
      workspaces: {[WS]: this.#campaigns},
      start: this.#at,
      past: knownPast(this.#file, WS, this.#at),
    });
    open = world;
    if (this.#stuck) world.answer(({method}) => (method === 'PUT' ? bare(422) : undefined));
    const recorder = new HistoryRecorder(
      {add: record => this.#table.write([record]), begin: begun => this.#table.begin(begun)},
      'one',
      {
        now: () => world.now,
      },
    );
    world.listeners.push(event => recorder.hear(event));
    world.source.commit(files, world.now - age);
    await world.controller.start();
    await world.pass(MINUTE);
    return world;
  }

  /** Ends it; meanwhile somebody may change something, and a minute passes. */
  async end(world: World, meanwhile: (world: World) => void = () => {}): Promise<void> {
    const stopped = world.controller.stop();
    await world.pass(1_000);
    await stopped;
    meanwhile(world);
    this.#campaigns = world.dashboard(WS).all(world.now);
    this.#at = world.now + MINUTE;
    await world.close();
    open = undefined;
  }
}

describe('a process that is started anew, with a history', () => {
  it.each([
    ['the commit is older than what Rollcall did last', 10 * MINUTE],
    ['the commit is new', 0],
  ])('takes nothing that Rollcall did for drift, nor for a move against it, where %s', async (_name, age) => {
    const lives = new Lives([simulated('a', 'active')]);
    let world = await lives.start(file('a', 'active'));
    for (const desired of ['paused', 'active', 'paused', 'active', 'paused', 'active']) {
      await lives.end(world);
      world = await lives.start(file('a', desired), age);
      expect([desired, world.statuses(WS)['a']]).toEqual([desired, desired]);
      expect(world.drifts).toEqual([]);
    }
  });

  it('finds what was moved meanwhile, by whom, whatever commit came on top', async () => {
    const lives = new Lives([simulated('a', 'paused'), simulated('b', 'active')]);
    const world = await lives.start({...file('a', 'active'), ...file('b', 'active')});
    expect(world.actions()).toEqual(['resume a']);
    await lives.end(world, ({now}) => world.dashboard(WS).act('a', 'pause', EVE, now));
    const next = await lives.start({...file('a', 'active'), ...file('b', 'paused')});
    expect(next.drifts.map(({campaignId, liveUpdatedBy}) => [campaignId, liveUpdatedBy])).toEqual([
      ['a', EVE],
    ]);
    expect(next.drifts[0]?.reason).not.toContain('Rollcall itself');
    expect(next.statuses(WS)).toEqual({a: 'active', b: 'paused'});
    expect(next.outcomes.map(({planned: {cause, declaration}}) => [declaration.name, cause])).toEqual([
      ['b', 'pending'],
      ['a', 'drifted'],
    ]);
  });

  /** Somebody resumes a campaign that a hold keeps as it is, and its window opens: before the process ends, or after. */
  const resumed = async (opensIn: number): Promise<readonly World[]> => {
    const held = file('a', 'paused', 'hold: {reason: a look}');
    const opens = {startsAt: START + opensIn, endsAt: START + 600 * MINUTE};
    const lives = new Lives([simulated('a', 'paused', opens)]);
    const before = await lives.start(held, 10 * MINUTE);
    before.dashboard(WS).act('a', 'resume', EVE, before.now);
    await before.pass(5 * MINUTE);
    await lives.end(before);
    const after = await lives.start(held, 20 * MINUTE);
    await after.pass(5 * MINUTE);
    expect(after.statuses(WS)).toEqual({a: 'active'});
    return [before, after];
  };

  it.each([
    ['was seen to open before', 3 * MINUTE],
    ['opened meanwhile', 6.5 * MINUTE],
    ['opened after', 9 * MINUTE],
  ])(
    'tells drift that stands no second time, where the window of its campaign %s',
    async (_when, opensIn) => {
      const [before, after] = await resumed(opensIn);
      expect([before?.drifts.length, after?.drifts.length]).toEqual([1, 0]);
      expect(after?.events.filter(({kind}) => kind === 'drift-stands')).toHaveLength(1);
      expect(after?.finding('a')).toMatchObject({state: 'held', cause: 'drifted', live: {known: 'active'}});
    },
  );

  it('tells drift no second time of what somebody cancelled', async () => {
    const lives = new Lives([simulated('a', 'active')]);
    const world = await lives.start(file('a', 'active'), 10 * MINUTE);
    world.dashboard(WS).act('a', 'cancel', EVE, world.now);
    await world.pass(2 * MINUTE);
    await lives.end(world);
    const next = await lives.start(file('a', 'active'), 20 * MINUTE);
    const told = ({events}: World) => events.map(({kind}) => kind).filter(kind => kind.startsWith('drift'));
    expect([told(world), told(next)]).toEqual([['drift-detected'], []]);
  });

  it('tells of drift that comes after what stood was set right', async () => {
    const lives = new Lives([simulated('a', 'active')]);
    const world = await lives.start(file('a', 'active'));
    world.dashboard(WS).act('a', 'pause', EVE, world.now);
    await world.pass(2 * MINUTE);
    await lives.end(world, ({now}) => world.dashboard(WS).act('a', 'pause', EVE, now));
    const next = await lives.start(file('a', 'active'));
    expect([world.drifts.length, next.drifts.length]).toEqual([1, 1]);
  });

  const contested = async (lives: Lives): Promise<World> => {
    const world = await lives.start(file('a', 'active'));
    for (let moves = 0; moves < 3; moves++) {
      world.dashboard(WS).act('a', 'pause', EVE, world.now);
      await world.pass(3 * MINUTE);
    }
    expect(world.statuses(WS)).toEqual({a: 'paused'});
    return world;
  };

  it('still leaves alone what somebody works against, and resumes it where its file says something else by then', async () => {
    const lives = new Lives([simulated('a', 'active')]);
    await lives.end(await contested(lives));
    const same = await lives.start(file('a', 'active'));
    expect(same.finding('a')?.restraint?.reason).toBe('contested');
    await lives.end(same);
    const reworded = await lives.start(file('a', 'active', 'reason: as agreed'));
    expect(reworded.statuses(WS)).toEqual({a: 'active'});
  });

  it('forgets what a commit has ended before, if only by another reason', async () => {
    const lives = new Lives([simulated('a', 'active')]);
    const world = await contested(lives);
    world.commit(file('a', 'active', 'reason: as agreed'));
    await world.pass(MINUTE);
    expect(world.statuses(WS)).toEqual({a: 'active'});
    await lives.end(world);
    const next = await lives.start(file('a', 'active', 'reason: as agreed'));
    next.dashboard(WS).act('a', 'pause', EVE, next.now);
    await next.pass(3 * MINUTE);
    expect(next.statuses(WS)).toEqual({a: 'active'});
  });

  it('sends a resume that was too old where its file says something else by then', async () => {
    const guardrails = {resumeMaxAge: 5 * MINUTE};
    const lives = new Lives([simulated('a', 'paused')], {guardrails});
    const held = (reason: string): Files => file('a', 'active', `reason: ${reason}`);
    const world = await lives.start(held('first'));
    expect(world.statuses(WS)).toEqual({a: 'active'});
    await world.pass(10 * MINUTE);
    await lives.end(world, ({now}) => world.dashboard(WS).act('a', 'pause', EVE, now - 9 * MINUTE));
    const late = await lives.start(held('first'));
    expect(late.finding('a')?.restraint?.reason).toBe('stale');
    await lives.end(late);
    expect((await lives.start(held('second'))).statuses(WS)).toEqual({a: 'active'});
  });

  const calendar = (spec: string): Files => ({
    'c.yaml': `apiVersion: rollcall.dev/v1\nkind: Calendar\nmetadata: {name: c}\nspec: {timezone: UTC, ${spec}}\n`,
  });
  const HOURS = 'weekly: {mon-sun: "00:00-12:00"}';
  const timed: Files = {...calendar(HOURS), ...file('a', 'active', 'timetable: {calendar: c}')};

  it('goes on with an opening that was under way, though an unrelated commit came after its edge', async () => {
    const lives = new Lives([simulated('a', 'paused')], {stuck: true});
    await lives.end(await lives.start(timed, 24 * 60 * MINUTE));
    const next = await lives.start({...timed, ...file('b', 'paused')});
    expect(next.finding('a')).toMatchObject({cause: 'timetable'});
  });

  it('goes on with an opening too where only another day of its calendar is changed, while it runs', async () => {
    const lives = new Lives([simulated('a', 'paused')], {stuck: true});
    const world = await lives.start(timed, 24 * 60 * MINUTE);
    expect(world.finding('a')).toMatchObject({cause: 'timetable'});
    const closed = 'closed: [{date: 2026-06-01, reason: a fair}]';
    world.commit({...timed, ...calendar(`${HOURS}, ${closed}`)});
    await world.pass(MINUTE);
    expect(world.finding('a')).toMatchObject({cause: 'timetable'});
  });

  const guardrails = {resumeMaxAge: 5 * MINUTE};
  const freeze: Files = {
    'f.yaml':
      'apiVersion: rollcall.dev/v1\nkind: Freeze\nmetadata: {name: f}\nspec: {selector: {}, until: 2027-01-01T00:00:00Z, reason: audit}\n',
  };
  const shut = 'closed: [{from: 2025-01-01T00:00, to: 2027-01-01T00:00, reason: a fair}]';
  it.each<[string, Files, Files]>([
    ['a freeze is taken out', {...file('a', 'active'), ...freeze}, file('a', 'active')],
    [
      'what a calendar closes is taken out',
      {...calendar(shut), ...file('a', 'active', 'timetable: {calendar: c}')},
      {...calendar('open: []'), ...file('a', 'active', 'timetable: {calendar: c}')},
    ],
  ])(
    'does not take a resume for too old where %s: while it runs, or meanwhile',
    async (_name, before, after) => {
      for (const isMeanwhile of [false, true]) {
        const lives = new Lives([simulated('a', 'paused')], {guardrails});
        let world = await lives.start(before);
        await world.pass(10 * MINUTE);
        expect(world.statuses(WS)).toEqual({a: 'paused'});
        if (isMeanwhile) {
          await lives.end(world);
          world = await lives.start(after);
        } else {
          world.commit(after);
          await world.pass(MINUTE);
        }
        expect(world.statuses(WS)).toEqual({a: 'active'});
        await lives.end(world);
      }
    },
  );
});
