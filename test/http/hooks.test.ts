/** Pushes as each host of Git tells of them, over real HTTP. */
import {request} from 'node:http';
import {describe, expect, it, onTestFinished} from 'vitest';
import {createApp} from '../../src/http/app.ts';
import type {HookTarget} from '../../src/http/hooks/git.ts';
import {startServer} from '../../src/http/server.ts';
import type {ControllerView} from '../../src/http/view.ts';
import {HOSTS, push, SECRET, standard} from '../support/hooks.ts';

const MEBIBYTE = 2 ** 20;

const open = async (changes: Partial<HookTarget> | null = {}) => {
  const told: string[] = [];
  let [looks, relays] = [0, 0];
  const hook: HookTarget = {
    branch: 'main',
    secret: () => SECRET,
    look: () => {
      looks += 1;
    },
    relay: () => {
      relays += 1;
    },
    told: result => told.push(result),
    ...changes,
  };
  const view = {hook: changes === null ? undefined : hook} as unknown as ControllerView;
  const {close, url} = await startServer(createApp(view), {host: '127.0.0.1', port: 0});
  onTestFinished(close);
  const post = async (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) => {
    const answer = await fetch(`${url}/hooks/git`, {method: 'POST', body, headers});
    return {status: answer.status, text: await answer.text()};
  };
  return {post, told, url, looks: () => looks, relays: () => relays};
};

describe.each(Object.entries(HOSTS))('a push that %s tells of', (_host, {payload, sign}) => {
  it('has the source be read', async () => {
    const {looks, post, relays, told} = await open();
    expect((await post(payload('main'), sign(payload('main')))).status).toBe(202);
    expect([looks(), relays(), told]).toEqual([1, 1, ['accepted']]);
  });

  it('is ignored where it is to another branch', async () => {
    const {looks, post, told} = await open();
    expect((await post(payload('main-2'), sign(payload('main-2')))).status).toBe(200);
    expect([looks(), told]).toEqual([0, ['ignored']]);
  });

  it('is refused where it was signed by another secret', async () => {
    const {looks, post, told} = await open();
    const other = `whsec_${Buffer.from('another key of more than 24 bytes').toString('base64')}`;
    expect((await post(payload('main'), sign(payload('main'), other))).status).toBe(401);
    expect([looks(), told]).toEqual([0, ['refused']]);
  });
});

/** GitLab sends the secret itself, which says nothing of the body. */
const OVER_THE_BODY = Object.entries(HOSTS).filter(([host]) => host !== 'GitLab');

describe.each(OVER_THE_BODY)('a push that %s tells of', (_host, {payload, sign}) => {
  it('is refused where one byte of it was changed', async () => {
    const {looks, post} = await open();
    const body = payload('main');
    expect((await post(body.replace('main', 'maim'), sign(body))).status).toBe(401);
    expect(looks()).toBe(0);
  });
});

describe('a delivery', () => {
  const body = push('main');
  const signed = HOSTS['GitHub']?.sign(body) ?? {};

  it('that is not signed at all is refused, and so is one of a weak signature alone', async () => {
    const {looks, post} = await open();
    expect((await post(body)).status).toBe(401);
    const {'x-hub-signature': weak = ''} = signed;
    expect((await post(body, {'x-hub-signature': weak})).status).toBe(401);
    expect((await post(body, {'x-gitlab-token': ''})).status).toBe(401);
    expect(looks()).toBe(0);
  });

  it('finds nothing where no secret is configured, and is refused where it cannot be read', async () => {
    const none = await open(null);
    const {status, text} = await none.post(body, signed);
    expect([status, JSON.parse(text).detail]).toEqual([
      404,
      expect.stringContaining('source.git.webhook.secretFile'),
    ]);
    const unread = await open({secret: () => undefined});
    expect((await unread.post(body, signed)).status).toBe(503);
    expect(unread.looks()).toBe(0);
  });

  it('of more than a mebibyte is refused, whatever it says of its length', async () => {
    const {post, told, url} = await open();
    expect((await post(new Uint8Array(MEBIBYTE + 1))).status).toBe(413);
    const status = await new Promise(resolve => {
      const sent = request(`${url}/hooks/git`, {method: 'POST'}, answer => resolve(answer.statusCode));
      sent.on('error', () => resolve('closed'));
      for (let i = 0; i < 40; i++) sent.write(Buffer.alloc(MEBIBYTE / 20));
      sent.end();
    });
    expect([413, 'closed']).toContain(status);
    expect(told).toEqual(['refused', 'refused']);
  });

  it('that comes again does no harm, and one of Standard Webhooks that is old is refused', async () => {
    const {looks, post} = await open();
    for (let i = 0; i < 3; i++) expect((await post(body, signed)).status).toBe(202);
    expect(looks()).toBe(3);
    const old = standard(body, SECRET, new Date(Date.now() - 3_600_000));
    expect((await post(body, old)).status).toBe(401);
  });

  it('that is no push, or no JSON, only says look now; where no branch is configured any push does', async () => {
    const {looks, post} = await open();
    for (const text of ['{"zen": "ping"}', 'payload=%7B%7D', '[1, 2]', ''])
      expect((await post(text, HOSTS['GitHub']?.sign(text))).status).toBe(202);
    expect(looks()).toBe(4);
    const any = await open({branch: undefined});
    const elsewhere = push('elsewhere');
    expect((await any.post(elsewhere, HOSTS['GitHub']?.sign(elsewhere))).status).toBe(202);
    expect(any.looks()).toBe(1);
  });

  it('that another replica handed on goes no further', async () => {
    const {looks, post, relays} = await open();
    expect((await post(body, {...signed, 'x-rollcall-relayed': 'true'})).status).toBe(202);
    expect([looks(), relays()]).toEqual([1, 0]);
  });

  it('is only taken by POST', async () => {
    const {url} = await open();
    const answer = await fetch(`${url}/hooks/git`);
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
  });
});

describe('deliveries that nobody has shown to be their host’s', () => {
  /** Begins a delivery, and leaves it there. */
  const begin = async (url: string, bytes: number) => {
    const sending = request(`${url}/hooks/git`, {
      method: 'POST',
      headers: {'content-length': String(MEBIBYTE)},
    });
    sending.on('error', () => {});
    const answered = new Promise<number | undefined>(resolve =>
      sending.on('response', ({statusCode}) => resolve(statusCode)).on('error', () => resolve(undefined)),
    );
    await new Promise<void>(resolve => sending.write(new Uint8Array(bytes), () => resolve()));
    return {sending, answered};
  };

  it('are held up to a bound all together, whatever else comes', async () => {
    const {url} = await open();
    const begun = await Promise.all(Array.from({length: 24}, () => begin(url, MEBIBYTE - 1)));
    const answers = begun.map(({answered}) => answered);
    expect(await Promise.race(answers)).toBe(503);
    for (const {sending} of begun) sending.destroy();
    await Promise.all(answers);
  });

  it('that end before all of them is there are no fault of Rollcall’s', async () => {
    const errors: unknown[] = [];
    const view = {hook: {...({} as HookTarget), told: () => {}}} as unknown as ControllerView;
    const app = createApp(view, {onError: error => errors.push(error)});
    const {close, url} = await startServer(app, {host: '127.0.0.1', port: 0});
    onTestFinished(close);
    const {answered, sending} = await begin(url, 10);
    sending.destroy();
    await answered;
    await fetch(`${url}/livez`);
    expect(errors).toEqual([]);
  });
});
