import {afterEach, describe, expect, it} from 'vitest';
import {NO_PAST} from '../../src/controller/store/known-past.ts';
import {NOTHING_DECLARED} from '../../src/domain/declarations.ts';
import type {Message} from '../../src/notify/message.ts';
import {Teller, type Told} from '../../src/notify/teller.ts';
import {yaml} from '../support/fixtures.ts';
import {all, filesOf, many} from '../support/many.ts';
import {simulated, World, type WorldOptions} from '../support/world.ts';

const WS = 'collections';
const MINUTE = 60_000;
let world: World;

afterEach(() => world.close());

const file = (campaignId: string, desired: string, extra = '') => ({
  [`${campaignId}.yaml`]: yaml({name: campaignId, campaignId, desired, ...(extra && {extra})}),
});

/** A freeze of everything, until then. */
const freeze = (until: number) => ({
  'freeze.yaml': `apiVersion: rollcall.dev/v1\nkind: Freeze\nmetadata: {name: f}\nspec: {selector: {}, until: "${new Date(until).toISOString()}", reason: r}\n`,
});

/** A world whose events are told; what was told before may be given, as after a restart. */
const open = (
  campaigns: WorldOptions['workspaces'][string],
  options: Partial<WorldOptions> = {},
  before: Told = {},
) => {
  const messages: Message[] = [];
  const told = new Map<string, Told>([[WS, before]]);
  world = new World({workspaces: {[WS]: campaigns}, ...options});
  const teller = new Teller({
    standing: name => world.workspaces.find(one => one.name === name)?.standing,
    finding: (name, id) => world.controller.campaigns.find(name, id)?.finding,
    told: name => told.get(name) ?? {},
    tell: (some, name, now) => {
      messages.push(...some);
      told.set(name, now);
    },
    digest: text => text,
    now: () => world.now,
  });
  world.listeners.push(event => teller.hear(event));
  return {world, messages, told, types: () => messages.map(({type}) => type)};
};

const moved = (campaignId: string, action: 'pause' | 'resume' | 'cancel'): void => {
  world.dashboard(WS).act(campaignId, action, 'night-shift', world.now);
};

describe('who is to be notified', () => {
  it('hears nothing at the start where everything is as Git wants it', async () => {
    const {messages, told, world} = open([simulated('a', 'active')]);
    await world.start(file('a', 'active'));
    await world.pass(10 * MINUTE);
    expect(messages).toEqual([]);
    expect(told.get(WS)).toEqual({revision: 'r1', result: 'applied'});
  });

  it('hears once of a revision, when all of it is in place, however many campaigns it changed', async () => {
    const campaigns = many(50, 'active');
    const {messages, types, world} = open(campaigns);
    await world.start(filesOf(all(campaigns, 'active')));
    world.commit(filesOf(all(campaigns, 'paused')));
    await world.pass(10 * MINUTE);
    expect(types()).toEqual(['revision.applied']);
    expect(messages[0]).toMatchObject({revision: {id: 'r2'}, summary: {satisfied: 50}});
    expect(messages[0]?.text).toBe('collections: revision r2 is in place: 50 satisfied');
  });

  it('hears that a revision is in place whose own campaigns are, whatever stands in the way of others', async () => {
    const {messages, types, world} = open(['a', 'b', 'c'].map(id => simulated(id, 'active')));
    const two = {...file('b', 'active'), ...file('nowhere', 'active')};
    await world.start({...file('a', 'active'), ...file('c', 'active'), ...two});
    moved('b', 'cancel');
    await world.pass(5 * MINUTE);
    messages.length = 0;
    world.commit({...file('a', 'paused'), ...file('c', 'active'), ...two});
    await world.pass(5 * MINUTE);
    expect(types()).toEqual(['revision.applied']);
    world.commit({
      ...file('a', 'paused'),
      ...file('c', 'paused'),
      ...file('b', 'paused'),
      'n.yaml': two['nowhere.yaml'] ?? '',
    });
    await world.pass(5 * MINUTE);
    expect(types()).toEqual(['revision.applied', 'revision.failed']);
    expect(messages[1]).toMatchObject({campaigns: [{campaignId: 'b', live: 'cancelled'}], omitted: 0});
    expect(messages[1]?.text).toMatch(/; b \(b\): .*cancelled/);
  });

  it('hears that a revision is not in place that a limit stops, and which campaigns it keeps', async () => {
    const campaigns = many(5, 'paused');
    const limit = {most: 1, share: 0, per: 24 * 60 * MINUTE};
    const {messages, types, world} = open(campaigns, {guardrails: {limits: {resume: limit, cancel: limit}}});
    await world.start(filesOf(all(campaigns, 'paused')));
    world.commit(filesOf(all(campaigns, 'active')));
    await world.pass(5 * MINUTE);
    expect(types()).toEqual(['revision.failed']);
    expect(messages[0]?.campaigns).toHaveLength(5);
    expect(messages[0]?.text).toMatch(/limit/);
  });

  it('hears nothing of a revision that changes nothing in the workspace', async () => {
    const {messages, world} = open([simulated('a', 'active')]);
    await world.start(file('a', 'active'));
    world.commit({...file('a', 'active'), 'README.md.yaml': '# nothing\n'});
    await world.pass(10 * MINUTE);
    expect(messages).toEqual([]);
  });

  it('hears that a revision is not in place, once, after a minute, and that it is at last', async () => {
    const {messages, types, world} = open([simulated('a', 'active')]);
    await world.start(file('a', 'active'));
    world.faults({unauthorised: 1});
    await world.pass(MINUTE);
    world.commit(file('a', 'paused'));
    await world.pass(30 * MINUTE);
    expect(types()).toEqual(['revision.failed']);
    expect(messages[0]?.text).toContain('revision r2 is not in place (Unauthorised)');
    world.faults({});
    await world.pass(5 * MINUTE);
    expect(types()).toEqual(['revision.failed', 'revision.applied']);
  });

  it('hears when drift begins and when it ends, not of each campaign', async () => {
    const campaigns = many(30, 'active');
    const {messages, types, world} = open(campaigns, {mode: 'detect'});
    await world.start(filesOf(all(campaigns, 'active')));
    for (const {campaignId} of campaigns.slice(0, 20)) moved(campaignId, 'pause');
    await world.pass(10 * MINUTE);
    for (const {campaignId} of campaigns.slice(20)) moved(campaignId, 'pause');
    await world.pass(10 * MINUTE);
    expect(types()).toEqual(['drift.began']);
    expect(messages[0]).toMatchObject({omitted: 10, campaigns: {length: 10}});
    expect(messages[0]?.text).toContain(
      'c00000 (c00000): Git wants active, live is paused, changed by night-shift',
    );
    for (const {campaignId} of campaigns) moved(campaignId, 'resume');
    await world.pass(10 * MINUTE);
    expect(types()).toEqual(['drift.began', 'drift.ended']);
  });

  it('hears of the same drift with another key when it comes again, and with the same when it is told again', async () => {
    const {messages, world} = open([simulated('a', 'active')]);
    await world.start(file('a', 'active'));
    moved('a', 'pause');
    await world.pass(5 * MINUTE);
    moved('a', 'pause');
    await world.pass(5 * MINUTE);
    const keys = messages.filter(({type}) => type === 'drift.began').map(({key}) => key);
    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(2);
    expect(messages.filter(({type}) => type === 'drift.ended')).toHaveLength(2);
  });

  it('hears nothing twice after a restart, and of the end of drift that was told before it', async () => {
    const {types, world} = open(
      [simulated('a', 'active')],
      {},
      {revision: 'r1', result: 'applied', drift: 'd'},
    );
    await world.start(file('a', 'active'));
    await world.pass(10 * MINUTE);
    expect(types()).toEqual(['drift.ended']);
  });

  it.each([
    ['hears of drift that was found before a restart, and not told', {}, ['drift.began']],
    ['hears no second time of drift that was told before a restart, and stands', {drift: 'd'}, []],
  ])('%s', async (_name, before, types) => {
    const opened = open(
      [simulated('a', 'paused')],
      {mode: 'detect', past: {...NO_PAST, isDrifting: () => true}},
      {revision: 'r1', result: 'applied', ...before},
    );
    await opened.world.start(file('a', 'active'));
    await opened.world.pass(10 * MINUTE);
    expect([opened.types(), opened.world.drifts]).toEqual([types, []]);
  });

  it('hears after a restart, too, that a revision is not in place that a limit stops', async () => {
    const campaigns = many(5, 'paused');
    const limit = {most: 1, share: 0, per: 24 * 60 * MINUTE};
    const {types, world} = open(
      campaigns,
      {guardrails: {limits: {resume: limit, cancel: limit}}},
      {begun: 'r1'},
    );
    await world.start(filesOf(all(campaigns, 'active')));
    await world.pass(5 * MINUTE);
    expect(types()).toEqual(['revision.failed']);
  });

  it('hears of a revision that was being brought about when the process was started anew', async () => {
    const before = open([simulated('a', 'active')]);
    await before.world.start(file('a', 'active'));
    before.world.faults({dropBefore: 1});
    before.world.commit(file('a', 'paused'));
    await before.world.pass(1_000);
    const told = before.told.get(WS) ?? {};
    await before.world.close();
    expect(told).toMatchObject({revision: 'r1', begun: 'r2'});
    const {messages, types, world} = open(
      [simulated('a', 'paused')],
      {},
      {...told, begun: 'r1', revision: 'r0'},
    );
    await world.start(file('a', 'paused'));
    await world.pass(10 * MINUTE);
    expect(types()).toEqual(['revision.applied']);
    expect(messages[0]?.revision?.id).toBe('r1');
  });

  it('hears of what a start found to do, since Git had moved meanwhile', async () => {
    const {types, world} = open([simulated('a', 'active')], {}, {revision: 'r0', result: 'applied'});
    await world.start(file('a', 'paused'));
    await world.pass(10 * MINUTE);
    expect(types()).toEqual(['revision.applied']);
  });
});

describe('drift that was told', () => {
  const HOUR = 60 * MINUTE;

  it('is not over while a freeze keeps it, and is once that has ended', async () => {
    const {types, world} = open([simulated('a', 'active')]);
    await world.start({...file('a', 'active'), ...freeze(world.now + HOUR)});
    moved('a', 'pause');
    await world.pass(10 * MINUTE);
    expect(types()).toEqual(['drift.began']);
    await world.pass(HOUR);
    expect(types()).toEqual(['drift.began', 'drift.ended']);
  });

  it('is not over while a hold keeps it', async () => {
    const {types, world} = open([simulated('a', 'active')]);
    await world.start(file('a', 'active', 'hold: {reason: x}'));
    moved('a', 'pause');
    await world.pass(10 * MINUTE);
    expect(types()).toEqual(['drift.began']);
  });

  it('is never told to be over where a campaign was cancelled, and what drifts later is told', async () => {
    const {types, world} = open([simulated('a', 'active'), simulated('b', 'active')]);
    await world.start({...file('a', 'active'), ...file('b', 'active')});
    moved('a', 'cancel');
    await world.pass(10 * MINUTE);
    expect(types()).toEqual(['drift.began']);
    moved('b', 'pause');
    await world.pass(10 * MINUTE);
    expect(types()).toEqual(['drift.began', 'drift.began', 'drift.ended']);
  });

  it('is not over because nothing could be read after a restart', async () => {
    const before = {drift: 'k', revision: 'r1', result: 'applied'} as const;
    const {types, world} = open([simulated('a', 'paused')], {}, before);
    world.faults({unauthorised: 1});
    await world.start(file('a', 'active'));
    await world.pass(10 * MINUTE);
    expect(types()).not.toContain('drift.ended');
  });
});

describe('a revision', () => {
  it('that a freeze keeps is told to be in place once it is, and not before', async () => {
    const {types, world} = open([simulated('a', 'paused')]);
    const kept = freeze(world.now + 60 * MINUTE);
    await world.start({...file('a', 'paused'), ...kept});
    world.commit({...file('a', 'active'), ...kept});
    await world.pass(10 * MINUTE);
    expect(types()).toEqual([]);
    await world.pass(60 * MINUTE);
    expect(types()).toEqual(['revision.applied']);
  });

  const alone = () => {
    const messages: Message[] = [];
    let told: Told = {};
    const standing = {
      workspace: WS,
      summary: {satisfied: 1},
      blocked: {detect: 0, guard: 0},
      restrained: 0,
      drifted: 0,
    };
    const teller = new Teller({
      standing: () => standing as never,
      finding: () => undefined,
      told: () => told,
      tell: (some, _workspace, now) => {
        messages.push(...some);
        told = now;
      },
      digest: text => text,
      now: () => 0,
    });
    const wished = (id: string): void =>
      teller.hear({
        kind: 'wish-changed',
        workspace: WS,
        campaignId: 'a',
        claim: undefined,
        before: undefined,
        revision: {id},
      });
    const passed = (): void =>
      teller.hear({kind: 'pass-ended', workspace: WS, result: 'success', seconds: 1});
    return {messages, passed, teller, wished};
  };

  it('that comes into force again is told by another key, so that no receiver takes it for the message before', () => {
    const {messages, passed, wished} = alone();
    for (const id of ['A', 'B', 'A', 'B', 'A']) {
      wished(id);
      passed();
    }
    expect(messages.map(({key}) => key)).toEqual(
      ['B/applied', 'A/applied/2', 'B/applied/2', 'A/applied/3'].map(key => `${WS}/${key}`),
    );
  });

  it('that changed nothing here is not told where the workspace is taken in anew under it, as after a reload', () => {
    const {messages, passed, teller, wished} = alone();
    const adopted = (id: string): void =>
      teller.hear({kind: 'revision-adopted', revision: {id}, declarations: NOTHING_DECLARED});
    for (const id of ['A', 'B']) {
      wished(id);
      adopted(id);
      passed();
    }
    adopted('C');
    wished('C');
    passed();
    expect(messages.map(({key}) => key)).toEqual([`${WS}/B/applied`]);
  });
});
