/** An answer that is none of the platform's says nothing of a campaign, and costs no more than its own time. */
import {afterEach, describe, expect, it} from 'vitest';
import {yaml} from '../support/fixtures.ts';
import {START, simulated, World} from '../support/world.ts';

const MINUTE = 60_000;
let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

const PAGE = {
  status: 200,
  headers: {'content-type': 'text/html'},
  body: '<!doctype html><title>Sign in</title>',
};
const MOVED = {status: 302, headers: {location: 'https://login.example/'}, body: ''};
const ERROR = {status: 500, headers: {}, body: '{}'};
const EMPTY = {
  status: 200,
  headers: {'content-type': 'application/json'},
  body: JSON.stringify({items: [], total: 0, limit: 100, offset: 0}),
};

const B = {'b.yaml': yaml({name: 'b', campaignId: 'b', workspace: 'collections'})};

/** A world in which lists hold nothing any more, and the Gets of one campaign are answered otherwise, so many times. */
const create = (): {w: World; break: (answer: typeof ERROR, times: number) => () => number} => {
  const w = new World({
    workspaces: {collections: ['a', 'b'].map(id => simulated(id, 'active'))},
    pollInterval: 10 * MINUTE,
  });
  world = w;
  return {
    w,
    break: (answer, times) => {
      let asked = 0;
      w.answer(({method, url}) => {
        if (url.includes('?')) return EMPTY;
        if (method !== 'GET' || !url.endsWith('/a')) return undefined;
        asked += 1;
        return asked <= times ? answer : undefined;
      });
      return () => asked;
    },
  };
};

const fileOf = (desired: string, extra = '') => ({
  'a.yaml': yaml({name: 'a', campaignId: 'a', workspace: 'collections', desired, extra}),
});

describe('a campaign whose own request brings', () => {
  const ANSWERS: readonly [string, typeof ERROR][] = [
    ['a page of a proxy', PAGE],
    ['a redirect', MOVED],
    ['a server’s error', ERROR],
  ];

  it.each(ANSWERS)('%s stays what it was, and is paused when its timetable ends', async (_what, answer) => {
    const until = `${new Date(START + 15 * MINUTE).toISOString().slice(0, 16)}Z`;
    const {break: broken, w} = create();
    await w.start({...B, ...fileOf('active', `timetable: {until: '${until}'}`)});
    const asked = broken(answer, 2);
    await w.pass(12 * MINUTE);
    expect([asked(), w.finding('a')?.state]).toEqual([2, 'satisfied']);
    await w.pass(3 * MINUTE);
    expect(w.statuses('collections')).toEqual({a: 'paused', b: 'active'});
  });

  it.each(ANSWERS)(
    '%s when it is first declared is asked for again within seconds',
    async (_what, answer) => {
      const {break: broken, w} = create();
      const asked = broken(answer, 1);
      await w.start(B);
      w.commit({...B, ...fileOf('paused')});
      await w.pass(5_000);
      expect(w.statuses('collections')).toEqual({a: 'paused', b: 'active'});
      expect(asked()).toBeLessThan(4);
    },
  );

  it('no answer again and again is left for the regular polls', async () => {
    const {break: broken, w} = create();
    const asked = broken(PAGE, Number.POSITIVE_INFINITY);
    await w.start({...B, ...fileOf('paused')});
    await w.pass(60 * MINUTE);
    expect(asked()).toBeLessThan(20);
    expect(w.finding('a')).toMatchObject({state: 'unknown'});
    expect(w.finding('a')?.reason).toContain('not with what was asked for');
  });

  it('what is no campaign, though the platform’s own, is one of which nothing is known', async () => {
    const {break: broken, w} = create();
    await w.start({...B, ...fileOf('active')});
    const body = JSON.stringify({campaign_id: 'a', name: 'a', status: 'active'});
    broken({...EMPTY, body}, Number.POSITIVE_INFINITY);
    await w.pass(12 * MINUTE);
    expect(w.finding('a')).toMatchObject({state: 'unknown'});
    expect(w.finding('a')?.reason).not.toContain('platform.baseUrl');
  });
});
