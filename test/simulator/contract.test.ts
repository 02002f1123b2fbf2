/** What the platform's documentation promises, held against whatever answers at a base URL: the simulator, over HTTP. */
import {describe, expect, it} from 'vitest';
import {STATUSES} from '../../src/domain/transitions.ts';
import {SimulatedApi} from '../../src/simulator/api.ts';
import {DEFAULT_RULES} from '../../src/simulator/campaign.ts';
import {NO_FAULTS} from '../../src/simulator/faults.ts';
import {API_KEY, campaign, startPlatform} from '../support/platform.ts';

/** Any answer's body: whichever of these fields it has. */
interface Body {
  readonly campaign_id: string;
  readonly name: string;
  readonly status: string;
  readonly error: {
    readonly message: string;
    readonly code: string;
    readonly data: {readonly details: string};
  };
  readonly detail: readonly {readonly loc: readonly string[]; readonly msg: string}[];
  readonly app_config: Record<string, unknown>;
  readonly description: string | null;
  readonly created_at: string;
  readonly updated_at: string;
  readonly updated_by: string;
  readonly start_timestamp: string;
  readonly end_timestamp: string;
  readonly items: readonly Body[];
  readonly next_page_uri: string | null;
  readonly prev_page_uri: string | null;
}

const ALL = STATUSES.map(status =>
  campaign(status, status, status === 'scheduled' ? {startsAt: Date.now() + 3_600_000} : {}),
);

const open = async (...args: Parameters<typeof startPlatform>) => {
  const platform = await startPlatform(...args);
  const call = async (method: string, path: string, body?: unknown, key = API_KEY) => {
    const response = await fetch(`${platform.baseUrl}/v1/orgs/org-1/workspaces/ws-1/campaigns${path}`, {
      method,
      headers: {'x-api-key': key, 'content-type': 'application/json'},
      ...(body !== undefined && {body: JSON.stringify(body)}),
    });
    return {status: response.status, headers: response.headers, body: (await response.json()) as Body};
  };
  return {...platform, call};
};

describe('Update Campaign Status', () => {
  const ALLOWED: Record<string, Record<string, string>> = {
    pause: {scheduled: 'paused', active: 'paused'},
    resume: {paused: 'scheduled'},
    cancel: {scheduled: 'cancelled', active: 'cancelled', paused: 'cancelled'},
  };
  it.each(Object.keys(ALLOWED).flatMap(action => STATUSES.map(from => [action, from] as const)))(
    '%s from %s',
    async (action, from) => {
      const {call, status} = await open([campaign('c', from, {startsAt: Date.now() + 3_600_000})]);
      const answer = await call('PUT', '/c/status', {action});
      const to = ALLOWED[action]?.[from];
      expect(answer.status).toBe(to ? 200 : 422);
      if (to) expect(answer.body).toMatchObject({campaign_id: 'c', status: to});
      else expect(answer.body.error.data.details).toContain(from);
      expect(status('c')).toBe(to ?? from);
    },
  );

  it('resumes straight to active inside an open window', async () => {
    const {call} = await open([campaign('c', 'paused')]);
    expect((await call('PUT', '/c/status', {action: 'resume'})).body.status).toBe('active');
  });

  it('answers with every field of CampaignMetadata', async () => {
    const {call} = await open([campaign('c', 'active')]);
    const {body} = await call('PUT', '/c/status', {action: 'pause'});
    expect(Object.keys(body).toSorted()).toEqual([
      'app_id',
      'app_type',
      'app_version',
      'campaign_id',
      'created_at',
      'created_by',
      'description',
      'name',
      'status',
      'updated_at',
      'updated_by',
    ]);
    expect(body.updated_by).toBe('api-key');
    expect(Date.parse(body.updated_at)).toBeGreaterThan(Date.parse(body.created_at));
  });

  it('refuses another action with 422, an unknown campaign with 404, a wrong key with 401', async () => {
    const {call} = await open(ALL);
    expect((await call('PUT', '/active/status', {action: 'stop'})).status).toBe(422);
    expect((await call('PUT', '/nobody/status', {action: 'pause'})).status).toBe(404);
    expect((await call('PUT', '/active/status', {action: 'pause'}, 'wrong')).status).toBe(401);
  });

  it('refuses a resume over the limit of concurrent campaigns', async () => {
    const {call} = await open([campaign('a', 'active'), campaign('b', 'paused')], {concurrentCampaigns: 1});
    const {body, status} = await call('PUT', '/b/status', {action: 'resume'});
    expect([status, body.error]).toEqual([
      422,
      {
        message: 'Invalid Parameter',
        code: 'INVALID_PARAMETER',
        data: {details: expect.stringContaining('limit of 1 concurrent campaigns')},
      },
    ]);
  });
});

describe('List campaigns', () => {
  it('pages from the newest, ten at a time, unless told otherwise', async () => {
    const {call} = await open(
      Array.from({length: 25}, (_, i) => campaign(`c${i}`, 'active', {createdAt: i})),
    );
    const first = (await call('GET', '')).body;
    expect(first.items.map(item => item.campaign_id)).toEqual(
      Array.from({length: 10}, (_, i) => `c${24 - i}`),
    );
    expect(first).toMatchObject({total: 25, limit: 10, offset: 0, prev_page_uri: null});
    expect(first.next_page_uri).toContain('offset=10');
    const last = (await call('GET', '?offset=20&sort_order=asc')).body;
    expect(last.items).toHaveLength(5);
    expect(last.next_page_uri).toBeNull();
    expect(last.prev_page_uri).toContain('offset=10');
  });
  it('filters by status and by name', async () => {
    const {call} = await open(ALL);
    const names = async (query: string) => (await call('GET', query)).body.items.map(item => item.name);
    expect(await names('?campaign_status=paused')).toEqual(['paused']);
    expect(await names('?search=ACT')).toEqual(['active']);
  });
  it.each(['?limit=101', '?limit=0', '?offset=-1', '?campaign_status=on', '?sort_order=up'])(
    'refuses %s with 422',
    async query => {
      const {call} = await open(ALL);
      expect((await call('GET', query)).status).toBe(422);
    },
  );
});

describe('Get, update and create', () => {
  it('shows the window and the schedule of one campaign', async () => {
    const schedule = {
      allowed_start_time: '09:00',
      allowed_end_time: '18:00',
      allowed_days: ['Monday'],
      timezone: 'Asia/Kolkata',
    };
    const {call} = await open([campaign('a b/c', 'active', {allowedSchedule: schedule})]);
    const {body, status} = await call('GET', `/${encodeURIComponent('a b/c')}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      campaign_id: 'a b/c',
      allowed_schedule: schedule,
      app_config: {app_id: 'agent'},
    });
    expect(Date.parse(body.end_timestamp)).toBeGreaterThan(Date.parse(body.start_timestamp));
  });
  it('updates only while paused or scheduled', async () => {
    const {call} = await open(ALL);
    for (const status of STATUSES) {
      const answer = await call('PATCH', `/${status}`, {name: 'New name'});
      expect([status, answer.status]).toEqual([
        status,
        status === 'paused' || status === 'scheduled' ? 200 : 422,
      ]);
    }
    expect((await call('PATCH', '/paused', {name: 'no/slashes'})).status).toBe(422);
    expect((await call('PATCH', '/paused', {description: 'x'.repeat(151)})).status).toBe(422);
  });
  it('creates a campaign as scheduled', async () => {
    const {call} = await open([]);
    const {body, status} = await call('POST', '', newCampaign());
    expect([status, body.status, body.name]).toEqual([200, 'scheduled', 'One']);
  });
});

const HOURS = {
  allowed_start_time: '09:00',
  allowed_end_time: '18:00',
  allowed_days: ['Monday', 'tuesday'],
  timezone: 'Asia/Kolkata',
};

const newCampaign = (changes: Record<string, unknown> = {}) => ({
  name: 'One',
  app_config: {app_id: 'agent', app_version: 3, webhook_config: {url: 'https://hook.example'}, voice: 'x'},
  start_timestamp: new Date(Date.now() + 3_600_000).toISOString(),
  end_timestamp: new Date(Date.now() + 7_200_000).toISOString(),
  allowed_schedule: HOURS,
  ...changes,
});

describe('what a body must be', () => {
  it.each([
    ['no allowed_schedule', {allowed_schedule: undefined}],
    ['no app_version', {app_config: {app_id: 'agent'}}],
    ['an hour that there is not', {allowed_schedule: {...HOURS, allowed_start_time: '25:00'}}],
    ['an hour without minutes', {allowed_schedule: {...HOURS, allowed_end_time: '9'}}],
    ['a day that there is not', {allowed_schedule: {...HOURS, allowed_days: ['Montag']}}],
    ['a zone that there is not', {allowed_schedule: {...HOURS, timezone: 'Mars/Olympus'}}],
    ['hours that end before they begin', {allowed_schedule: {...HOURS, allowed_end_time: '08:00'}}],
    ['an end before its start', {end_timestamp: '2020-01-01T00:00:00Z'}],
    ['a webhook_config of its own', {webhook_config: {url: 'https://hook.example'}}],
  ])('POST with %s is refused with 422, by FastAPI’s list', async (_name, changes) => {
    const {call} = await open([]);
    const {body, status} = await call('POST', '', newCampaign(changes));
    expect([status, body.detail[0]?.loc[0]]).toEqual([422, 'body']);
  });
  it('takes hours without a zone', async () => {
    const {call} = await open([]);
    const {timezone: _timezone, ...hours} = HOURS;
    expect((await call('POST', '', newCampaign({allowed_schedule: hours}))).status).toBe(200);
  });
  it('keeps app_config whole, and gives it back with a Get', async () => {
    const {call} = await open([]);
    const {body} = await call('POST', '', newCampaign());
    const shown = (await call('GET', `/${body.campaign_id}`)).body;
    expect(shown.app_config).toEqual(newCampaign().app_config);
    const app_config = {app_id: 'other', app_version: null, webhook_config: null};
    await call('PATCH', `/${body.campaign_id}`, {app_config});
    expect((await call('GET', `/${body.campaign_id}`)).body.app_config).toEqual(app_config);
    const refused = await call('PATCH', `/${body.campaign_id}`, {webhook_config: {}});
    expect(refused.status).toBe(422);
  });
  it('takes null in a PATCH for each key: it leaves what must have a value, and takes away the rest', async () => {
    const {call} = await open([campaign('c', 'paused', {description: 'old', name: 'Old'})]);
    const nothing = {
      name: null,
      description: null,
      app_config: null,
      end_timestamp: null,
      allowed_schedule: null,
    };
    const {body, status} = await call('PATCH', '/c', nothing);
    expect([status, body.name, body.description]).toEqual([200, 'Old', null]);
    const early = await call('PATCH', '/c', {end_timestamp: '2001-01-01T00:00:00Z'});
    expect([early.status, early.body.error.data.details]).toEqual([422, expect.stringContaining('after')]);
  });
});

describe('keys and limits', () => {
  it('asks for the key with 422, and refuses a bad one with 401', async () => {
    const {baseUrl, call} = await open([]);
    const without = await fetch(`${baseUrl}/v1/orgs/org-1/workspaces/ws-1/campaigns`);
    const {detail} = (await without.json()) as Body;
    expect([without.status, detail[0]?.loc]).toEqual([422, ['header', 'X-API-Key']]);
    const bad = await call('GET', '', undefined, 'not-the-key');
    expect([bad.status, bad.body.error.code]).toEqual([401, 'UNAUTHORIZED']);
  });
  it('counts concurrent campaigns by organisation, with a number and a code that can be set', async () => {
    const workspace = (workspaceId: string, status: string, id: string) => ({
      orgId: 'org-1',
      workspaceId,
      apiKey: API_KEY,
      campaigns: [campaign(id, status)],
    });
    const rules = {...DEFAULT_RULES, concurrentCampaigns: {limit: 1, code: 429}} as const;
    const workspaces = [workspace('ws-1', 'active', 'a'), workspace('ws-2', 'paused', 'b')];
    const api = new SimulatedApi({workspaces, rate: undefined, rules, faults: NO_FAULTS}, Math.random);
    const request = {method: 'PUT', apiKey: API_KEY, body: '{"action": "resume"}'};
    const url = '/v1/orgs/org-1/workspaces/ws-2/campaigns/b/status';
    expect(api.handle({...request, url}, Date.now())).toMatchObject({status: 429});
  });
  it.each(['?offset=a', '?offset=1e2', '?limit=', '?limit=1000000000000', '?sort_by=status', '?offset=-0.5'])(
    'refuses %s with 422',
    async query => {
      const {call} = await open([]);
      expect((await call('GET', query)).status).toBe(422);
    },
  );
  it('sorts by each field that it knows, both ways', async () => {
    const {call} = await open([
      campaign('a', 'active', {name: 'B', createdAt: 1, updatedAt: 5}),
      campaign('b', 'active', {name: 'A', createdAt: 2, updatedAt: 3}),
    ]);
    const ids = async (query: string) => (await call('GET', query)).body.items.map(item => item.campaign_id);
    expect(await ids('?sort_by=name&sort_order=asc')).toEqual(['b', 'a']);
    expect(await ids('?sort_by=updated_at')).toEqual(['a', 'b']);
    expect(await ids('?sort_by=created_at')).toEqual(['b', 'a']);
  });
});

describe('what is not documented', () => {
  const monday = Date.UTC(2026, 0, 5, 12);
  const hours = {
    allowed_start_time: '09:00',
    allowed_end_time: '18:00',
    allowed_days: ['Monday'],
    timezone: 'UTC',
  };
  const night = Date.UTC(2026, 0, 5, 3);
  const window = {startsAt: night - 1, endsAt: night + 300 * 24 * 3_600_000, allowedSchedule: hours};

  it('leaves what is resumed outside its hours scheduled, and activates it when they begin', async () => {
    let now = night;
    const {call, status} = await open([campaign('c', 'paused', {...window, updatedAt: night - 1})], {
      now: () => now,
    });
    expect((await call('PUT', '/c/status', {action: 'resume'})).body.status).toBe('scheduled');
    now = monday;
    expect(status('c')).toBe('active');
  });
  it('activates it at once where only the window counts', async () => {
    const rules = {activeWithin: 'window'} as const;
    const {call} = await open([campaign('c', 'paused', window)], {now: () => night, rules});
    expect((await call('PUT', '/c/status', {action: 'resume'})).body.status).toBe('active');
  });
  it.each([
    [true, Date.UTC(2026, 0, 5, 9)],
    [false, night - 1],
  ])('sets updated_at when it activates by itself: %s', async (automaticTransitionsTouch, updatedAt) => {
    const scheduled = campaign('c', 'scheduled', {...window, updatedAt: night - 1});
    const {call} = await open([scheduled], {now: () => monday, rules: {automaticTransitionsTouch}});
    const {body} = await call('GET', '/c');
    expect([body.status, Date.parse(body.updated_at)]).toEqual(['active', updatedAt]);
  });
});

describe('the clock of the platform', () => {
  it('opens windows and ends campaigns by itself', async () => {
    let now = Date.UTC(2026, 0, 1);
    const hour = 3_600_000;
    const {call} = await open(
      [
        campaign('waits', 'scheduled', {startsAt: now + hour, endsAt: now + 3 * hour}),
        campaign('paused', 'paused', {startsAt: now - hour, endsAt: now + 2 * hour}),
        campaign('dials', 'active', {updatedAt: now, endsAt: now + 99 * hour, dialsFor: hour}),
      ],
      {now: () => now},
    );
    const statuses = async () =>
      Object.fromEntries((await call('GET', '')).body.items.map(item => [item.campaign_id, item.status]));
    expect(await statuses()).toEqual({waits: 'scheduled', paused: 'paused', dials: 'active'});
    now += hour;
    expect(await statuses()).toEqual({waits: 'active', paused: 'paused', dials: 'ended'});
    now += 2 * hour;
    expect(await statuses()).toEqual({waits: 'ended', paused: 'ended', dials: 'ended'});
  });
});

describe('too many requests', () => {
  it('are answered 429 with the time to come back', async () => {
    const {call} = await open(ALL, {rate: {requests: 3, per: 60_000}});
    const answers = [];
    for (let i = 0; i < 5; i++) answers.push(await call('GET', ''));
    expect(answers.map(({status}) => status)).toEqual([200, 200, 200, 429, 429]);
    expect(answers[3]?.headers.get('retry-after')).toBe('60');
  });
});

describe('the faults', () => {
  const attempt = async (faults: Record<string, number>) => {
    const platform = await open([campaign('a', 'active'), campaign('b', 'active')]);
    platform.faults(faults);
    const answer = await platform.call('PUT', '/a/status', {action: 'pause'}).catch(() => 'broken' as const);
    platform.faults({});
    return {answer, status: platform.status('a')};
  };
  it.each([
    ['dropBefore', 'broken', 'active'],
    ['dropAfter', 'broken', 'paused'],
    ['html', 'broken', 'paused'],
    ['truncated', 'broken', 'paused'],
    ['serverError', 500, 'active'],
    ['serverErrorAfter', 500, 'paused'],
    ['unavailable', 503, 'active'],
    ['throttled', 429, 'active'],
    ['unauthorised', 401, 'active'],
  ])('%s: %s, and the campaign is %s', async (fault, expected, status) => {
    const {answer, status: after} = await attempt({[fault]: 1});
    expect(answer === 'broken' ? answer : answer.status).toBe(expected);
    expect(after).toBe(status);
  });
});

describe('the control path', () => {
  it('changes a campaign as a person in the dashboard would', async () => {
    const {baseUrl, status, workspace} = await open([campaign('a', 'active')]);
    const answer = await fetch(`${baseUrl}/simulator/campaigns/a/pause`, {method: 'POST'});
    expect([answer.status, status('a'), workspace.get('a', Date.now())?.updatedBy]).toEqual([
      200,
      'paused',
      'dashboard@example.com',
    ]);
    const again = await fetch(`${baseUrl}/simulator/campaigns/a/pause`, {method: 'POST', body: '{"by":"x"}'});
    expect(again.status).toBe(422);
  });
  it('knows its methods, and answers a path that is not well-formed', async () => {
    const {baseUrl} = await open([campaign('a', 'active')]);
    const ask = async (method: string, path: string) => {
      const {headers, status} = await fetch(`${baseUrl}/simulator/${path}`, {method});
      return [status, headers.get('allow')];
    };
    expect(await ask('GET', 'campaigns/a/cancel')).toEqual([405, 'POST']);
    expect(await ask('PATCH', 'campaigns/a')).toEqual([405, 'GET, DELETE']);
    expect(await ask('POST', 'requests')).toEqual([405, 'GET']);
    expect(await ask('GET', 'campaigns/%ff')).toEqual([404, null]);
    const force = await fetch(`${baseUrl}/simulator/campaigns/a/force`, {
      method: 'POST',
      body: '{"status":""}',
    });
    expect(force.status).toBe(400);
  });
  it('switches faults on, and says what it does not know', async () => {
    const {baseUrl} = await open([]);
    const put = (body: string) => fetch(`${baseUrl}/simulator/faults`, {method: 'PUT', body});
    expect(await (await put('{"latency": 5}')).json()).toMatchObject({latency: 5, dropAfter: 0});
    expect((await put('{"nonsense": 1}')).status).toBe(400);
    expect(await (await put('{"latency": 1e9}')).text()).toContain('latency, milliseconds from 0 to 600000');
    expect((await fetch(`${baseUrl}/simulator/campaigns/none`)).status).toBe(404);
  });
});
