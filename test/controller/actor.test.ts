/** What becomes of what was due: who is told, what counts, and what a failure delays. */
import {afterEach, describe, expect, it} from 'vitest';
import type {ControllerEvent} from '../../src/controller/events.ts';
import {yaml} from '../support/fixtures.ts';
import {all, filesOf, many} from '../support/many.ts';
import {bare, simulated, World} from '../support/world.ts';

const WS = 'collections';
const MINUTE = 60_000;
let world: World;
afterEach(() => world.close());

const told = <K extends ControllerEvent['kind']>(kind: K) =>
  world.events.filter((event): event is Extract<ControllerEvent, {kind: K}> => event.kind === kind);

describe('an action that ends after Git has asked for something else', () => {
  const cancelled = {
    'a.yaml': yaml({name: 'a', campaignId: 'a', desired: 'cancelled', extra: 'confirmCancel: a'}),
  };

  it.each([
    ['delays nothing by its failure', cancelled, false],
    ['delays the next try of it where Git still asks for it', undefined, true],
  ])('%s', async (_what, next, isDelayed) => {
    world = new World({workspaces: {[WS]: [simulated('a', 'active')]}, latency: () => 2_000});
    await world.start(filesOf({a: 'active'}));
    world.answer(({body}) => (body?.includes('pause') ? bare(500) : undefined));
    world.commit(filesOf({a: 'paused'}));
    await world.pass(3_000);
    expect(world.actions()).toEqual(['pause a']);
    if (next) world.commit(next);
    await world.pass(1_500);
    const [outcome] = told('action-ended');
    expect(outcome?.outcome.kind).toBe('deferred');
    const entry = world.workspaces[0]?.store.find('a');
    expect(entry?.waiting !== undefined).toBe(isDelayed);
  });
});

describe('a dry run', () => {
  it('tells each kind of action, though none before it is done', async () => {
    world = new World({
      workspaces: {[WS]: [...many(1, 'active'), simulated('b', 'paused'), simulated('c', 'active')]},
    });
    const wishes = {c00000: 'active', b: 'paused', c: 'active'};
    await world.start(filesOf(wishes));
    world.workspaces[0]?.configure({mode: 'enforce', concurrency: 4, dryRun: true});
    world.commit({
      ...filesOf({...wishes, c00000: 'paused', b: 'active'}),
      'c.yaml': yaml({name: 'c', campaignId: 'c', desired: 'cancelled', extra: 'confirmCancel: c'}),
    });
    await world.pass(MINUTE);
    const actions = told('action-ended').map(({planned}) => planned.action);
    expect(actions).toEqual(['pause', 'cancel', 'resume']);
  });

  it('tells once of each action what it would have been, and sends nothing', async () => {
    world = new World({workspaces: {[WS]: many(3, 'active')}});
    await world.start(filesOf(all(many(3, ''), 'active')));
    const [workspace] = world.workspaces;
    workspace?.configure({mode: 'enforce', concurrency: 4, dryRun: true});
    world.commit(filesOf(all(many(3, ''), 'paused')));
    await world.pass(10 * MINUTE);
    expect(world.actions()).toEqual([]);
    expect(told('action-sent')).toEqual([]);
    expect(told('action-ended').map(({outcome}) => outcome)).toEqual(
      Array.from({length: 3}, () => ({
        kind: 'skipped',
        action: 'pause',
        message: 'dry run: nothing is sent',
      })),
    );
    const cancel = Object.assign(
      {},
      ...Object.keys(all(many(3, ''), '')).map(id => ({
        [`${id}.yaml`]: yaml({name: id, campaignId: id, desired: 'cancelled', extra: `confirmCancel: ${id}`}),
      })),
    );
    world.commit(cancel);
    await world.pass(10 * MINUTE);
    expect(told('action-ended').map(({outcome: {action}}) => action)).toEqual([
      ...Array.from({length: 3}, () => 'pause'),
      ...Array.from({length: 3}, () => 'cancel'),
    ]);
    workspace?.configure({mode: 'enforce', concurrency: 4, dryRun: false});
    await world.pass(MINUTE);
    expect(world.actions()).toHaveLength(3);
  });
});

describe('the work of a pass', () => {
  it('is told as it is sent, and counted down', async () => {
    world = new World({
      workspaces: {[WS]: many(6, 'active')},
      concurrency: 1,
      rate: {requests: 2, per: 1_000},
      latency: () => 100,
    });
    const [workspace] = world.workspaces;
    expect(workspace?.actionsLeft).toBe(0);
    await world.start(filesOf(all(many(6, ''), 'active')));
    world.commit(filesOf(all(many(6, ''), 'paused')));
    const left: number[] = [];
    for (let second = 0; second < 12; second++) {
      await world.pass(1_000);
      left.push(workspace?.actionsLeft ?? -1);
      expect(told('action-sent')).toHaveLength(world.actions().length);
    }
    expect(left).toEqual(left.toSorted((a, b) => b - a));
    expect([left.some(number => number > 0 && number < 6), left.at(-1)]).toEqual([true, 0]);
    expect(told('action-sent').map(({planned}) => planned.action)).toEqual(Array(6).fill('pause'));
  });
});
