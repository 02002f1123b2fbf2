/** Real receivers over HTTP on loopback, which hang, fail and come back. */
import {existsSync, mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {DatabaseSync} from 'node:sqlite';
import {CloudEvent} from 'cloudevents';
import {Webhook} from 'standardwebhooks';
import {describe, expect, it} from 'vitest';
import type {Clock} from '../../src/controller/ports.ts';
import {Courier, type Deliver} from '../../src/notify/courier.ts';
import type {Letter} from '../../src/notify/letters.ts';
import type {Message} from '../../src/notify/message.ts';
import {Outbox} from '../../src/notify/outbox.ts';
import {type Send, toGitHub, toSlack, toWebhook} from '../../src/notify/receivers.ts';
import {ok, type Received, receiver} from '../support/receiver.ts';
import {temporaryFolder} from '../support/temp.ts';
import {eventually} from '../support/wait.ts';

const send: Send = async ({body, headers, method, url}) => {
  const answer = await fetch(url, {method, headers, signal: AbortSignal.timeout(500), ...(body && {body})});
  return {status: answer.status, text: await answer.text()};
};

/** A clock on which a second is a millisecond. */
const FAST: Clock = {
  now: () => Math.round(performance.now() * 1000),
  ticks: () => performance.now() * 1000,
  after: (delay, callback) => {
    const timer = setTimeout(callback, delay / 1000);
    return () => clearTimeout(timer);
  },
};

const SECRET = `whsec_${Buffer.from('a key of more than 24 bytes, as it should be').toString('base64')}`;
const message = (key: string): Message => ({
  key,
  type: 'drift.began',
  workspace: 'collections',
  at: Date.UTC(2026, 0, 1),
  text: 'collections: <q1> & others changed',
  revision: null,
  summary: {drifted: 1},
  campaigns: [],
  omitted: 0,
});

const digest = (text: string): string => Buffer.from(text).toString('hex');

const openCourier = (deliver: Deliver, file = join(temporaryFolder(), 'outbox.sqlite')) => {
  const results: string[] = [];
  const troubles: (string | undefined)[] = [];
  const outbox = new Outbox(
    file,
    () => {},
    () => 0,
  );
  const courier = new Courier('ops', deliver, {
    outbox,
    clock: FAST,
    random: () => 0.5,
    observer: {
      ended: (_receiver, result) => results.push(result),
      trouble: (_receiver, text) => troubles.push(text),
    },
  });
  const put = (...keys: readonly string[]): void => {
    outbox.put(keys.map(key => ({receiver: 'ops', key, body: message(key), at: FAST.now()})));
    courier.wake();
  };
  return {courier, outbox, put, results, troubles};
};

describe('a signed webhook', () => {
  it('is one of Standard Webhooks with a CloudEvent in it, and of the same id however often it is tried', async () => {
    const there = await receiver((_received, response) => void response.writeHead(500).end());
    const {put, results} = openCourier(
      toWebhook(`${there.url}/hook`, () => SECRET, {digest, now: Date.now, send}),
    );
    put('key-1');
    await eventually(() => there.received.length >= 3);
    there.state.answer = ok;
    await eventually(() => results.includes('delivered'));
    const {body, headers} = there.received.at(-1) as Received;
    expect(new Webhook(SECRET).verify(body, headers)).toBeTruthy();
    expect(new Set(there.received.map(one => one.headers['webhook-id'])).size).toBe(1);
    const event = new CloudEvent(JSON.parse(body), true);
    expect(event).toMatchObject({
      type: 'dev.rollcall.drift.began',
      subject: 'collections',
      time: '2026-01-01T00:00:00.000Z',
      data: {workspace: 'collections', summary: {drifted: 1}},
    });
    expect(body).not.toContain('key-1');
  });

  it('is not sent where its secret is not there or is no key, which is said', async () => {
    const there = await receiver();
    const missing = openCourier(
      toWebhook(
        there.url,
        () => {
          throw new Error('its secret cannot be read: the file /x is not there, or is empty');
        },
        {digest, now: Date.now, send},
      ),
    );
    missing.put('a');
    await eventually(() => missing.troubles.length === 1);
    expect(missing.troubles[0]).toContain('the file /x is not there');
    const wrong = openCourier(toWebhook(there.url, () => 'whsec_%%%', {digest, now: Date.now, send}));
    wrong.put('a');
    await eventually(() => wrong.troubles.length === 1);
    expect(wrong.troubles[0]).toContain('no key of Standard Webhooks');
    expect(there.received).toEqual([]);
    await Promise.all([missing.courier.stop(), wrong.courier.stop()]);
  });
});

describe('a receiver that wants to be left alone', () => {
  const restOf = async (rest: number): Promise<number> => {
    const busy = openCourier(
      toSlack(
        () => 'https://slack.example/x',
        async () => ({status: 429, text: '', rest}),
      ),
    );
    const putAt = FAST.now();
    busy.put('a');
    await eventually(() => busy.outbox.first('ops')?.attempts === 1);
    const dueAt = busy.outbox.first('ops')?.dueAt ?? 0;
    await busy.courier.stop();
    return dueAt - putAt;
  };

  it('is left alone for as long as it says', async () => {
    expect(await restOf(90_000)).toBeGreaterThanOrEqual(90_000);
  });

  it('is asked again after five minutes, however long it says', async () => {
    expect(await restOf(24 * 3_600_000)).toBeLessThan(6 * 60_000);
  });
});

describe('a message in Slack', () => {
  it('is text in which nothing is taken for a command of Slack', async () => {
    const there = await receiver();
    const {put, results} = openCourier(toSlack(() => `${there.url}/services/T/B/x`, send));
    put('a');
    await eventually(() => results.includes('delivered'));
    expect(JSON.parse(there.received[0]?.body ?? '')).toMatchObject({
      text: ':warning: collections: &lt;q1&gt; &amp; others changed',
    });
  });
});

describe('the status of a commit on GitHub', () => {
  const SHA = 'c'.repeat(40);
  const status = {sha: SHA, state: 'success', description: 'in place: 3 satisfied'};
  const deliver = (url: string): Deliver =>
    toGitHub({baseUrl: url, repository: 'example/campaigns', token: () => 'token-1234'}, send);
  const letter = {id: 1, key: 'k', body: status, at: 0, attempts: 0, dueAt: 0};

  it('is set where it says otherwise', async () => {
    const there = await receiver(
      (_received, response) => void response.writeHead(200).end('{"statuses": []}'),
    );
    await deliver(there.url)(letter);
    expect(there.received.map(({method, url}) => `${method} ${url}`)).toEqual([
      `GET /repos/example/campaigns/commits/${SHA}/status?per_page=100&page=1`,
      `POST /repos/example/campaigns/statuses/${SHA}`,
    ]);
    const {body, headers} = there.received[1] as Received;
    expect(headers['authorization']).toBe('Bearer token-1234');
    expect(JSON.parse(body)).toEqual({
      state: 'success',
      description: 'in place: 3 satisfied',
      context: 'rollcall/applied',
    });
  });

  it('is looked for on every page: a commit has many checks', async () => {
    const others = Array.from({length: 100}, (_, i) => ({context: `check-${i}`, state: 'success'}));
    const own = {context: 'rollcall/applied', ...status};
    const there = await receiver((received, response) => {
      const statuses = received.url?.endsWith('&page=2') ? [own] : others;
      response.writeHead(200).end(JSON.stringify({statuses}));
    });
    await deliver(there.url)({...letter, body: {...status, state: 'pending'}});
    expect(there.received.map(({method}) => method)).toEqual(['GET', 'GET']);
  });

  it('is left where it says so already, as after a restart that has lost its memory', async () => {
    const already = {statuses: [{context: 'rollcall/applied', ...status}]};
    const there = await receiver(
      (_received, response) => void response.writeHead(200).end(JSON.stringify(already)),
    );
    await deliver(there.url)(letter);
    expect(there.received).toHaveLength(1);
  });

  it.each(['pending', 'failure'])(
    'stays a success, whatever a replica says that knows less: %s',
    async state => {
      const already = {statuses: [{context: 'rollcall/applied', ...status}]};
      const there = await receiver(
        (_received, response) => void response.writeHead(200).end(JSON.stringify(already)),
      );
      await deliver(there.url)({...letter, body: {...status, state}});
      expect(there.received).toHaveLength(1);
    },
  );

  it('is tried again where GitHub says no', async () => {
    const there = await receiver((_received, response) => void response.writeHead(401).end('{}'));
    await expect(deliver(there.url)(letter)).rejects.toThrow('it answered 401');
  });

  it('is not asked for with a token that no header can carry, and no answer of another server is taken for GitHub’s', async () => {
    const there = await receiver((_received, response) => void response.end('ok'));
    const broken = {baseUrl: there.url, repository: 'example/campaigns', token: () => 'first\nother'};
    await expect(toGitHub(broken, send)(letter)).rejects.toThrow(
      /^its token holds a character that no header/,
    );
    expect(there.received).toEqual([]);
    await expect(deliver(there.url)(letter)).rejects.toThrow('not as GitHub’s API does: check its baseUrl');
  });
});

describe('messages for a receiver', () => {
  it('are not lost while it hangs, breaks the connection or answers 500, and come in their order', async () => {
    const there = await receiver(() => {});
    const {put, troubles} = openCourier(toWebhook(there.url, () => SECRET, {digest, now: Date.now, send}));
    put('a', 'b');
    await eventually(() => troubles.length === 1);
    there.state.answer = (_received, response) => void response.destroy();
    put('c');
    await eventually(() => there.received.length >= 4);
    there.state.answer = ok;
    const before = there.received.length;
    await eventually(() => there.received.length >= before + 3);
    const ids = there.received.slice(-3).map(({headers}) => headers['webhook-id']);
    expect(ids).toEqual(['a', 'b', 'c'].map(key => `msg_${digest(key)}`));
    await eventually(() => troubles.length === 2 && troubles[1] === undefined);
  });

  it('outlive the process', async () => {
    const there = await receiver((_received, response) => void response.writeHead(503).end());
    const file = join(temporaryFolder(), 'outbox.sqlite');
    const deliver = toWebhook(there.url, () => SECRET, {digest, now: Date.now, send});
    const before = openCourier(deliver, file);
    before.put('a');
    await eventually(() => before.results.includes('failed'));
    await before.courier.stop();
    before.outbox.close();
    there.state.answer = ok;
    const after = openCourier(deliver, file);
    after.outbox.postpone(after.outbox.first('ops') as Letter, FAST.now() + 60_000);
    after.courier.wake();
    await eventually(() => after.troubles.length > 0);
    expect(after.troubles).toEqual(['it took none before the start']);
    await eventually(() => after.results.includes('delivered'));
    expect(after.outbox.waiting('ops')).toBe(0);
  });

  it('are given up after a day, which is counted', async () => {
    const deliver: Deliver = () => Promise.reject(new Error('no'));
    const {courier, outbox, results} = openCourier(deliver);
    outbox.put([{receiver: 'ops', key: 'old', body: message('old'), at: FAST.now() - 25 * 3_600_000}]);
    courier.wake();
    await eventually(() => results.includes('abandoned'));
    expect(outbox.waiting('ops')).toBe(0);
  });

  it('that are refused for what they are keep none behind them, and are counted', async () => {
    const there = await receiver((received, response) => {
      const isBad = received.headers['webhook-id'] === `msg_${digest('bad')}`;
      response.writeHead(isBad ? 422 : 200).end();
    });
    const {outbox, put, results} = openCourier(
      toWebhook(there.url, () => SECRET, {digest, now: Date.now, send}),
    );
    put('bad', 'good');
    await eventually(() => results.includes('delivered'));
    expect(results).toEqual(['failed', 'failed', 'failed', 'abandoned', 'delivered']);
    expect(outbox.waiting('ops')).toBe(0);
  });

  it('are delivered though they are put in just when the courier has found nothing', async () => {
    const {courier, put, results} = openCourier(async () => {});
    courier.wake();
    put('a');
    await eventually(() => results.includes('delivered'));
  });

  it('are on disk again, with those that came meanwhile, once a file that was in use can be written', () => {
    const file = join(temporaryFolder(), 'outbox.sqlite');
    let ticks = 0;
    const troubles: string[] = [];
    const outbox = new Outbox(
      file,
      text => troubles.push(text),
      () => ticks,
    );
    const put = (key: string) => outbox.put([{receiver: 'ops', key, body: 1, at: 1}], {[`told ${key}`]: key});
    put('k1');
    const other = new DatabaseSync(file);
    other.exec('BEGIN IMMEDIATE');
    put('k2');
    expect(outbox.recall('told k1')).toBe('k1');
    other.exec('ROLLBACK');
    other.close();
    ticks += 6_000;
    put('k3');
    expect(outbox.waiting('ops')).toBe(3);
    outbox.close();
    const again = new Outbox(
      file,
      text => troubles.push(text),
      () => ticks,
    );
    expect(again.waiting('ops')).toBe(3);
    expect(['k1', 'k2', 'k3'].map(key => again.recall(`told ${key}`))).toEqual(['k1', 'k2', 'k3']);
    expect(troubles.map(text => text.replace(file, 'FILE'))).toEqual([
      expect.stringContaining('the outbox FILE cannot be used: database is locked'),
      'the outbox FILE can be used again',
    ]);
    again.close();
  });

  it('of the same key are one, and the latest where the first is still to come', () => {
    const outbox = new Outbox(
      join(temporaryFolder(), 'outbox.sqlite'),
      () => {},
      () => 0,
    );
    const put = (body: string, replaces?: true) =>
      outbox.put([{receiver: 'ops', key: 'k', body, at: 1, ...(replaces && {replaces})}]);
    put('first');
    put('second');
    expect(outbox.first('ops')?.body).toBe('first');
    put('third', true);
    expect(outbox.first('ops')?.body).toBe('third');
    const taken = outbox.first('ops');
    put('fourth', true);
    if (taken) outbox.remove(taken);
    expect(outbox.first('ops')?.body).toBe('fourth');
    outbox.close();
  });

  it('are kept in memory where the file cannot be had, which is said; a damaged file is put aside', () => {
    const folder = temporaryFolder();
    const troubles: string[] = [];
    mkdirSync(join(folder, 'taken.sqlite'));
    const inMemory = new Outbox(
      join(folder, 'taken.sqlite'),
      text => troubles.push(text),
      () => 0,
    );
    inMemory.put([{receiver: 'ops', key: 'k', body: 1, at: 1}], {told: {x: 1}});
    expect([inMemory.waiting('ops'), inMemory.recall('told')]).toEqual([1, {x: 1}]);
    expect(troubles[0]).toMatch(/cannot be used: .*; messages are kept in memory/);
    const file = join(folder, 'outbox.sqlite');
    writeFileSync(file, 'no database, whatever its name says; and longer than a page header is');
    const anew = new Outbox(
      file,
      text => troubles.push(text),
      () => 0,
    );
    anew.put([{receiver: 'ops', key: 'k', body: 1, at: 1}]);
    expect(anew.waiting('ops')).toBe(1);
    expect(troubles[1]).toMatch(/is damaged; it is put aside/);
    expect(existsSync(`${file}.damaged`)).toBe(true);
    inMemory.close();
    anew.close();
  });
});
