/** Who may look: real requests over real connections. */
import {request} from 'node:http';
import {describe, expect, it} from 'vitest';
import type {AppOptions} from '../../src/http/app.ts';
import type {Fleet} from '../../src/http/fleet.ts';
import {Gate, type GateOptions, SESSION_LENGTH} from '../../src/http/gate.ts';
import {ticketFor} from '../../src/http/ticket.ts';
import {claim, live} from '../support/fixtures.ts';
import {serveCampaigns} from '../support/served.ts';

const TOKEN = 'a-token-of-many-characters';
const HTML = {accept: 'text/html'};

const open = async (gate: Partial<GateOptions> = {}, options: AppOptions = {}) => {
  let now = 1_000;
  const waits: (() => void)[] = [];
  const made = new Gate({
    token: () => TOKEN,
    now: () => now,
    wait: () => new Promise<void>(resolve => waits.push(resolve)),
    ...gate,
  });
  const claims = new Map([['a', claim({campaignId: 'a'})]]);
  const served = await serveCampaigns(claims, [live('active', {campaignId: 'a'})], {
    options: {gate: made, ...options},
  });
  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(served.url + path, {headers, redirect: 'manual'});
  const logIn = (token: string, headers: Record<string, string> = {}, to = '/campaigns?state=held') =>
    fetch(`${served.url}/login`, {
      method: 'POST',
      body: new URLSearchParams({token, to}),
      headers,
      redirect: 'manual',
    });
  return {
    ...served,
    get,
    logIn,
    waits,
    pass: (milliseconds: number) => {
      now += milliseconds;
    },
  };
};

/** The status of an answer to headers that `fetch` would set itself. */
const rawly = (
  url: string,
  headers: Record<string, string>,
  path = '/api/v1/report',
): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    request(url + path, {headers}, answer => {
      answer.resume();
      resolve(answer.statusCode);
    })
      .on('error', reject)
      .end();
  });

const cookieOf = (answer: Response): string => answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';

describe('a server that asks for a token', () => {
  it.each([
    '/api/v1/report',
    '/api/v1/events',
    '/api/v1/openapi.json',
    '/campaigns',
    '/',
    '/history.csv',
    '/nothing',
  ])('does not show %s to who has none', async path => {
    const {get} = await open();
    const answer = await get(path);
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="rollcall"');
  });

  it.each(['/livez', '/readyz', '/metrics', '/style.css'])('shows %s to everybody', async path => {
    expect((await (await open()).get(path)).status).toBe(200);
  });

  it('shows everything to who has it', async () => {
    const {get} = await open();
    expect((await get('/api/v1/report', {authorization: `Bearer ${TOKEN}`})).status).toBe(200);
    expect((await get('/', {...HTML, authorization: `bearer ${TOKEN}`})).status).toBe(200);
  });

  it('lets nobody in while its file cannot be read', async () => {
    const {get} = await open({token: () => undefined, wait: async () => {}});
    expect((await get('/api/v1/report', {authorization: 'Bearer undefined'})).status).toBe(401);
  });

  it('tells that a token is wrong only after a while, and refuses an address that tries many at once', async () => {
    const {get, waits} = await open();
    const wrong = {authorization: 'Bearer nonsense-nonsense'};
    const asked = Array.from({length: 5}, () => get('/api/v1/report', wrong));
    while (waits.length < 5) await new Promise(resolve => setImmediate(resolve));
    expect((await get('/api/v1/report', wrong)).status).toBe(429);
    expect((await get('/api/v1/report', {authorization: `Bearer ${TOKEN}`})).status).toBe(200);
    for (const go of waits) go();
    for (const answer of await Promise.all(asked)) expect(answer.status).toBe(401);
    expect((await get('/api/v1/report', {authorization: `Bearer ${TOKEN}`})).status).toBe(200);
  });
});

describe('a browser', () => {
  it('is asked for the token by a form, and comes to where it was going', async () => {
    const {get, logIn} = await open();
    const form = await get('/campaigns?state=held', HTML);
    expect(form.status).toBe(401);
    expect(await form.text()).toMatch(
      /<form method="post" action="login"[\s\S]*name="to" value="\/campaigns\?state=held"/,
    );
    const answer = await logIn(TOKEN);
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe('./campaigns?state=held');
    expect(answer.headers.getSetCookie()[0]).toMatch(/; Path=\/; .*HttpOnly; SameSite=Strict$/);
    expect(answer.headers.getSetCookie()[0]).not.toContain(TOKEN);
    const page = await get('/', {...HTML, cookie: cookieOf(answer)});
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('Log out');
    expect((await get('/api/v1/events', {cookie: cookieOf(answer)})).status).toBe(200);
  });

  it('is logged out after half a day, and once the token is another', async () => {
    let token = TOKEN;
    const {get, logIn, pass} = await open({token: () => token});
    const cookie = cookieOf(await logIn(TOKEN));
    token = 'another-token-of-many-characters';
    expect((await get('/api/v1/report', {cookie})).status).toBe(401);
    token = TOKEN;
    expect((await get('/api/v1/report', {cookie})).status).toBe(200);
    pass(SESSION_LENGTH);
    expect((await get('/api/v1/report', {cookie})).status).toBe(401);
  });

  it('gets a cookie that goes over https only, where a proxy says that it came so', async () => {
    const {logIn} = await open();
    const answer = await logIn(TOKEN, {'x-forwarded-proto': 'https'});
    expect(answer.headers.getSetCookie()[0]).toContain('; Secure');
  });

  it('that gives a wrong token is shown the form again', async () => {
    const {logIn} = await open({wait: async () => {}});
    const answer = await logIn('wrong');
    expect(answer.status).toBe(401);
    expect(await answer.text()).toContain('That is not the token.');
  });

  it.each(['//evil.example', 'https://evil.example', '/\\evil.example', 'javascript:alert(1)', '/a b'])(
    'is sent nowhere else after it has logged in: %s',
    async to => {
      const {logIn} = await open();
      expect((await logIn(TOKEN, {}, to)).headers.get('location')).toBe('./');
    },
  );

  it('is not logged in or asked by a page of another site', async () => {
    const {logIn, url} = await open();
    expect((await logIn(TOKEN, {'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate'})).status).toBe(
      403,
    );
    const asked = {authorization: `Bearer ${TOKEN}`, 'sec-fetch-site': 'cross-site'};
    expect(await rawly(url, {...asked, 'sec-fetch-mode': 'no-cors'})).toBe(403);
    expect(await rawly(url, {...asked, 'sec-fetch-mode': 'navigate'})).toBe(200);
  });

  it('logs out', async () => {
    const {url} = await open();
    const answer = await fetch(`${url}/logout`, {method: 'POST', redirect: 'manual'});
    expect(answer.status).toBe(303);
    expect(answer.headers.getSetCookie()[0]).toContain('Max-Age=0');
  });

  it('is not sent a form larger than a form is', async () => {
    const {url} = await open();
    const answer = await fetch(`${url}/login`, {
      method: 'POST',
      body: new URLSearchParams({token: 'x'.repeat(20_000)}),
    });
    expect(answer.status).toBe(413);
  });
});

describe('a proxy', () => {
  const userHeader = 'X-Forwarded-User';
  it('is believed where it asks from', async () => {
    const token = (): undefined => undefined;
    const trusted = await open({token, proxy: {userHeader, addresses: ['127.0.0.0/8']}});
    expect((await trusted.get('/api/v1/report', {'x-forwarded-user': 'ops'})).status).toBe(200);
    expect((await trusted.get('/api/v1/report')).status).toBe(401);
    const other = await open({token, proxy: {userHeader, addresses: ['10.0.0.0/8', '::1']}});
    expect((await other.get('/api/v1/report', {'x-forwarded-user': 'ops'})).status).toBe(401);
  });
});

describe('a path before all paths', () => {
  /** Where a link of a page leads, as a browser works it out. */
  const linksOf = async (url: string): Promise<readonly string[]> => {
    const text = await (await fetch(url, {headers: HTML})).text();
    const base = new URL(/<base href="([^"]*)"/.exec(text)?.[1] ?? '', url);
    return [...text.matchAll(/<(?:a|link|script)[^>]* (?:href|src)="([^"]*)"/g)].map(
      ([, to = '']) => new URL(to, base).pathname,
    );
  };

  it.each(['/', '/campaigns', '/campaigns/collections/a', '/history', '/api'])(
    'stands before all that %s leads to, whether or not a proxy takes it away',
    async path => {
      const {url} = await open({}, {gate: undefined, basePath: '/rollcall'});
      const links = await linksOf(`${url}/rollcall${path}`);
      expect(links.length).toBeGreaterThan(4);
      for (const link of links) {
        expect(link).toMatch(/^\/rollcall\//);
        expect((await fetch(url + link, {headers: HTML})).status).toBe(200);
      }
      expect((await linksOf(`${url}${path}`)).some(link => link.startsWith('/rollcall/'))).toBe(false);
    },
  );

  it('without a slash behind it leads to the page', async () => {
    const {url} = await open({}, {gate: undefined, basePath: '/rollcall'});
    const answer = await fetch(`${url}/rollcall`, {redirect: 'manual', headers: HTML});
    expect([answer.status, answer.headers.get('location')]).toEqual([308, '/rollcall/']);
  });

  it('is where the cookie is good', async () => {
    const {logIn} = await open({}, {basePath: '/rollcall'});
    expect((await logIn(TOKEN)).headers.getSetCookie()[0]).toContain('; Path=/rollcall/;');
  });
});

describe('metrics and probes', () => {
  it('are not where the page is, where they have a port of their own', async () => {
    const {get} = await open({}, {gate: undefined, isWithoutMetrics: true});
    for (const path of ['/metrics', '/livez', '/readyz']) expect((await get(path)).status).toBe(404);
  });
});

describe('a name that is not this server’s', () => {
  it('is refused with the path before all paths, too', async () => {
    const {url} = await open({}, {gate: undefined, basePath: '/rollcall'});
    const ask = (path: string) => rawly(url, {host: 'evil.example'}, path);
    expect(await ask('/rollcall/api/v1/report')).toBe(421);
    expect(await ask('/rollcall/metrics')).toBe(200);
  });
});

describe('a problem', () => {
  it('is a page for a browser, and problem details for a program', async () => {
    const {get} = await open({}, {gate: undefined});
    const page = await get('/campaigns?state=nonsense', HTML);
    expect([page.status, page.headers.get('content-type')]).toEqual([400, 'text/html; charset=UTF-8']);
    expect(await page.text()).toMatch(/<h1>Bad Request<\/h1><p>state must be one of/);
    expect((await get('/nowhere', HTML)).headers.get('content-security-policy')).toContain(
      "default-src 'none'",
    );
    expect((await get('/nowhere')).headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect((await get('/api/v1/nowhere', HTML)).headers.get('content-type')).toMatch(
      /^application\/problem\+json/,
    );
  });
});

describe('replicas', () => {
  const replicaOf = (url: string) => ({identity: 'b', address: url, workspaces: ['collections']});
  const self = {identity: 'a', address: '', workspaces: []};
  const asking = (url: string, authorize: Fleet['authorize']) =>
    serveCampaigns(new Map(), [], {
      changes: {fleet: () => ({self, others: [replicaOf(url)], unled: [], authorize})},
    });
  const by =
    (token: string, now = 1_000) =>
    (url: URL) =>
      ticketFor(token, url, now);

  it('let each other look by the token, and say whose answer is missing where that is another', async () => {
    const other = await open({wait: async () => {}});
    const ask = async (authorize: Fleet['authorize']) =>
      (await (
        await fetch(`${(await asking(other.url, authorize)).url}/api/v1/campaigns?limit=10`)
      ).json()) as {
        items: {campaignId: string}[];
        unanswered: {identity: string; message: string}[];
      };
    expect(await ask(by(TOKEN))).toMatchObject({items: [{campaignId: 'a'}], unanswered: []});
    for (const authorize of [by('another-token-of-many'), () => undefined, undefined])
      expect(await ask(authorize)).toMatchObject({
        items: [],
        unanswered: [{identity: 'b', message: 'it answered 401'}],
      });
  });

  it('are let in by a ticket that is not the token, and opens one thing, for a minute', async () => {
    const {get, pass, url} = await open();
    const path = '/api/v1/campaigns?state=drifted';
    const authorization = ticketFor(TOKEN, new URL(path, url), 1_000);
    const ask = async (other = path) => (await get(other, {authorization})).status;
    expect(authorization).not.toContain(TOKEN);
    expect(await ask()).toBe(200);
    for (const other of ['/api/v1/campaigns', '/api/v1/history?state=drifted', `${path}&search=a`])
      expect(await ask(other)).toBe(401);
    pass(59_999);
    expect(await ask()).toBe(200);
    pass(1);
    expect(await ask()).toBe(401);
  });

  it('cannot be asked with a ticket as a session, nor with a session as a ticket', async () => {
    const {get, logIn, url} = await open();
    const path = '/api/v1/report';
    const [, ticket = ''] = ticketFor(TOKEN, new URL(path, url), 1_000).split(' ');
    const [name, session = ''] = cookieOf(await logIn(TOKEN)).split('=');
    expect((await get(path, {cookie: `${name}=${ticket}`})).status).toBe(401);
    expect((await get(path, {authorization: `Rollcall-Ticket ${session}`})).status).toBe(401);
    expect((await get(path, {cookie: `${name}=${session}`})).status).toBe(200);
  });
});
