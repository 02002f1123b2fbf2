/** What changes, as it happens: over real connections. */
import {describe, expect, it, onTestFinished} from 'vitest';
import {Gate} from '../../src/http/gate.ts';
import {claim, live} from '../support/fixtures.ts';
import {serveCampaigns} from '../support/served.ts';
import {eventually} from '../support/wait.ts';

const IDS = Array.from({length: 150}, (_, i) => `c${i}`);
const claims = new Map(IDS.map(campaignId => [campaignId, claim({campaignId, desired: 'active'})] as const));
const at = (updatedAt: number, changed: readonly string[]) =>
  IDS.map(campaignId =>
    live(changed.includes(campaignId) ? 'paused' : 'active', {
      campaignId,
      ...(changed.includes(campaignId) && {updatedAt}),
    }),
  );

interface Told {
  readonly id: string | undefined;
  readonly kind: string | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: what is asked of an event is the test's own affair
  readonly data: any;
}

/** Listens, until the test ends or it is told to stop. */
const listen = async (url: string, headers: Record<string, string> = {}) => {
  const ending = new AbortController();
  const answer = await fetch(url, {headers, signal: ending.signal});
  const told: Told[] = [];
  const read = async (): Promise<void> => {
    let text = '';
    for await (const part of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += part;
      const events = text.split('\n\n');
      text = events.pop() ?? '';
      for (const event of events) {
        const of = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(event)?.[1];
        told.push({id: of('id'), kind: of('event'), data: JSON.parse(of('data') ?? 'null')});
      }
    }
  };
  const reading = read().catch(() => {});
  const stop = async (): Promise<void> => {
    ending.abort();
    await reading;
  };
  onTestFinished(stop);
  return {answer, told, stop, ended: reading, kinds: () => told.map(({kind}) => kind)};
};

const open = () => serveCampaigns(claims, at(1, []));

describe('the stream of events', () => {
  it('tells which campaigns are otherwise, as they are now, gathered into one event', async () => {
    const {show, url} = await open();
    const stream = await listen(`${url}/api/v1/events`);
    await eventually(() => stream.kinds().includes('alive'));
    await show(at(10, ['c1']));
    await show(at(20, ['c1', 'c2']));
    const event = await eventually(() => stream.told.find(({kind}) => kind === 'campaigns'));
    expect(
      event.data.items.map(({campaignId, live: status}: {campaignId: string; live: string}) => [
        campaignId,
        status,
      ]),
    ).toEqual([
      ['c1', 'paused'],
      ['c2', 'paused'],
    ]);
  });

  it('tells no more than what its client looks at', async () => {
    const {show, url} = await open();
    const one = await listen(`${url}/api/v1/events?workspace=collections&campaign=c2`);
    const other = await listen(`${url}/api/v1/events?workspace=elsewhere`);
    await show(at(10, ['c1', 'c2', 'c20']));
    const event = await eventually(() => one.told.find(({kind}) => kind === 'campaigns'));
    expect(event.data.items).toHaveLength(1);
    expect(event.data.items[0].campaignId).toBe('c2');
    expect(other.kinds()).toEqual(['alive']);
  });

  it('goes on after the event that its client had last', async () => {
    const {show, url} = await open();
    const first = await listen(`${url}/api/v1/events`);
    const id = (await eventually(() => first.told[0])).id ?? '';
    await first.stop();
    await show(at(10, ['c7']));
    const second = await listen(`${url}/api/v1/events`, {'last-event-id': id});
    const event = await eventually(() => second.told.find(({kind}) => kind === 'campaigns'));
    expect(event.data.items.map(({campaignId}: {campaignId: string}) => campaignId)).toEqual(['c7']);
  });

  it.each(['abc-12', 'ffffffffffff-3', 'nonsense', ''])(
    'has a client read everything anew that it does not know: %s',
    async id => {
      const {url} = await open();
      const stream = await listen(`${url}/api/v1/events`, {'last-event-id': id});
      expect((await eventually(() => stream.told[0])).kind).toBe('reset');
    },
  );

  it('says of many changes no more than that everything is to be read anew', async () => {
    const {show, url} = await open();
    const stream = await listen(`${url}/api/v1/events`);
    await eventually(() => stream.told[0]);
    await show(at(10, IDS));
    const event = await eventually(() => stream.told.find(({kind}) => kind === 'reset'));
    expect(event.data).toEqual({reason: 'many'});
  });

  it('ends where its client may look no more: its token is another, or its session is over', async () => {
    const tokens = ['the-first-token-of-two', 'the-second-token-of-two'];
    let now = 0;
    const gate = new Gate({token: () => tokens[now], now: Date.now, wait: async () => {}});
    const due: (() => void)[] = [];
    const after = (_delay: number, callback: () => void): (() => void) => {
      due.push(callback);
      return () => {};
    };
    const {url} = await serveCampaigns(claims, at(1, []), {changes: {after}, options: {gate}});
    const stream = await listen(`${url}/api/v1/events`, {authorization: `Bearer ${tokens[0]}`});
    await eventually(() => stream.told[0]);
    for (const callback of due.splice(0)) callback();
    await eventually(() => stream.told.length === 2);
    now = 1;
    for (const callback of due.splice(0)) callback();
    await stream.ended;
    expect(stream.kinds()).toEqual(['alive', 'alive']);
  });

  it('is refused where a parameter is wrong', async () => {
    const {url} = await open();
    expect((await fetch(`${url}/api/v1/events?campaign=c1`)).status).toBe(400);
    expect((await fetch(`${url}/api/v1/events?x=1`)).status).toBe(400);
  });

  it('ends with the server, and forgets a client that has gone', async () => {
    const {close, feed, url} = await open();
    const gone = await listen(`${url}/api/v1/events`);
    await eventually(() => gone.told[0]);
    await gone.stop();
    await eventually(() => feed.followers === 0);
    const stream = await listen(`${url}/api/v1/events`);
    await eventually(() => stream.told[0]);
    await close();
    await stream.stop();
  });

  it('costs no place among those who listen where only its headers are asked for', async () => {
    const {url} = await open();
    for (let i = 0; i < 510; i++)
      expect((await fetch(`${url}/api/v1/events`, {method: 'HEAD'})).status).toBe(200);
    const stream = await listen(`${url}/api/v1/events`);
    expect(stream.answer.status).toBe(200);
  });
});
