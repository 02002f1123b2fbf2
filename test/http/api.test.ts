/** The API against its own description: real answers over real HTTP. */
import {Validator} from '@seriousme/openapi-schema-validator';
import {describe, expect, it} from 'vitest';
import {ENDPOINTS} from '../../src/http/endpoints.ts';
import {openApi} from '../../src/http/openapi.ts';
import {problemSchema} from '../../src/http/schemas.ts';
import type {ControllerView} from '../../src/http/view.ts';
import {claim, live} from '../support/fixtures.ts';
import {serveCampaigns} from '../support/served.ts';

const NOW = Date.now();
const HOUR = 3_600_000;

const claims = new Map([
  ['a', claim({campaignId: 'a', name: 'first', desired: 'paused', hold: {reason: 'r', until: NOW + HOUR}})],
  ['b', claim({campaignId: 'b', name: 'second', desired: 'active', labels: {team: 'billing'}})],
  ['c', claim({campaignId: 'c', name: 'third', desired: 'active'})],
  ['d', claim({campaignId: 'd', name: 'third', desired: 'paused'})],
]);
const schedule = {start: '09:00', end: '19:00', days: ['Monday'], timezone: 'Asia/Kolkata'};
const campaigns = [
  live('active', {campaignId: 'a', updatedBy: 'ops'}),
  live('active', {campaignId: 'b', window: {startsAt: NOW - HOUR, endsAt: NOW + 2 * HOUR, schedule}}),
  live('ended', {campaignId: 'c'}),
  live('active', {campaignId: 'd'}),
  live('paused', {campaignId: 'e'}),
];
const record = {
  id: 1,
  at: NOW,
  kind: 'status' as const,
  workspace: 'collections',
  campaignId: 'a',
  name: 'first',
  replica: 'r',
};

const open = (changes: Partial<ControllerView> = {}) =>
  serveCampaigns(claims, campaigns, {
    changes: {history: async () => ({items: [{...record, to: 'active'}]}), ...changes},
  });

// biome-ignore lint/suspicious/noExplicitAny: what is asked of an answer is the test's own affair
const json = async (answer: Response | Promise<Response>): Promise<any> => (await answer).json();

const PATHS: Readonly<Record<string, string>> = {
  '/api/v1/campaigns/{workspace}/{campaign}': '/api/v1/campaigns/collections/a',
};

describe('the description of the API', () => {
  it('is valid OpenAPI 3.1', async () => {
    const result = await new Validator().validate({...openApi('1.0.0', '/')});
    expect(result.errors ?? []).toEqual([]);
    expect(result.valid).toBe(true);
  });

  it('is served, and names each path that answers', async () => {
    const {url} = await open();
    const description = await json(fetch(`${url}/api/v1/openapi.json`));
    for (const path of Object.keys(description.paths)) {
      const answer = await fetch(url + (PATHS[path] ?? path), {signal: AbortSignal.timeout(2_000)});
      expect({path, status: answer.status}).toEqual({path, status: 200});
      await answer.body?.cancel();
    }
  });

  it.each(ENDPOINTS)(
    'has each answer of $path as it is, with nothing that it does not name',
    async endpoint => {
      const {url} = await open();
      const answer = await (await fetch(url + (PATHS[endpoint.path] ?? endpoint.path))).json();
      expect(endpoint.answer.parse(answer)).toEqual(answer);
    },
  );

  it.each(ENDPOINTS)(
    'has each parameter of $path: an unknown one is refused, as a problem',
    async ({path, parameters}) => {
      const {url} = await open();
      const asked = url + (PATHS[path] ?? path);
      const answer = await fetch(`${asked}?nonsense=1`);
      expect(answer.status).toBe(400);
      expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(problemSchema.parse(await answer.json()).detail).toContain('nonsense');
      for (const {name, place} of parameters) {
        if (place === 'path') continue;
        const refused = await fetch(`${asked}?${name}=${encodeURIComponent('\u0000?')}`);
        const detail = refused.ok ? '' : (await json(refused)).detail;
        expect({name, isUnknown: String(detail).includes('there is no parameter')}).toEqual({
          name,
          isUnknown: false,
        });
      }
    },
  );
});

describe('an answer', () => {
  it('that says the same again is not sent again', async () => {
    const {show, url} = await open();
    const first = await fetch(`${url}/api/v1/campaigns`);
    const etag = first.headers.get('etag') ?? '';
    const ask = () => fetch(`${url}/api/v1/campaigns`, {headers: {'if-none-match': etag}});
    expect((await ask()).status).toBe(304);
    await show(campaigns.map(one => (one.campaignId === 'b' ? {...one, updatedAt: one.updatedAt + 1} : one)));
    expect((await ask()).status).toBe(200);
  });

  it('of the report is the same whenever it is made', async () => {
    let observedAt = 1;
    const source = {author: undefined, subject: undefined, committedAt: undefined, readAt: undefined};
    const known = {revision: 'r', source, leader: true, conditions: [], summary: {}, diagnostics: []};
    const {url} = await open({report: () => ({...known, observedAt: observedAt++})});
    const tag = async () => (await fetch(`${url}/api/v1/report`)).headers.get('etag');
    expect(await tag()).toBe(await tag());
    expect(observedAt).toBeGreaterThan(2);
  });
});

describe('a campaign', () => {
  it('is found by its name, where no other of the workspace has the same', async () => {
    const {url} = await open();
    const get = (name: string) => fetch(`${url}/api/v1/campaigns/collections/${name}`);
    expect(await (await get('second')).json()).toMatchObject({campaignId: 'b', name: 'second'});
    expect((await get('third')).status).toBe(404);
  });

  it('is found by its name among any number of others that have it as a part of theirs', async () => {
    const names = ['spring', ...Array.from({length: 1_200}, (_, i) => `a-spring-${i}`)];
    const claims = new Map(
      names.map((name, index) => [`c${index}`, claim({campaignId: `c${index}`, name})] as const),
    );
    const {url} = await serveCampaigns(claims, []);
    const found = await fetch(`${url}/api/v1/campaigns/collections/spring`);
    expect(await found.json()).toMatchObject({campaignId: 'c0', name: 'spring'});
  });

  it('is told with its hold, its window and what a plan would note', async () => {
    const {url} = await open();
    const get = async (id: string) => (await fetch(`${url}/api/v1/campaigns/collections/${id}`)).json();
    expect(await get('a')).toMatchObject({
      blocked: 'hold',
      hold: {reason: 'r'},
      cause: 'pending',
      notes: [{code: 'held'}],
    });
    expect(await get('b')).toMatchObject({window: {schedule}, mode: 'detect', hold: null});
  });
});

describe('what comes', () => {
  it('is the holds that run out and the windows that end, in time', async () => {
    const {url} = await open();
    const {items, until} = await json(fetch(`${url}/api/v1/upcoming`));
    expect(new Date(until).getTime() % 60_000).toBe(0);
    const told = items.map(({first, kind}: {first: {name: string}[]; kind: string}) => [
      kind,
      first[0]?.name,
    ]);
    expect(told).toContainEqual(['hold-ends', 'first']);
    expect(told).toContainEqual(['window-ends', 'second']);
    expect(items.map(({at}: {at: string}) => at)).toEqual(items.map(({at}: {at: string}) => at).toSorted());
    const far = new Date(NOW + 60 * 24 * HOUR).toISOString();
    expect((await fetch(`${url}/api/v1/upcoming?until=${far}`)).status).toBe(400);
  });
});

describe('a workspace', () => {
  it('is told with its numbers, when it was read, and what it uses of its rate', async () => {
    const {url} = await open();
    const {items} = await json(fetch(`${url}/api/v1/workspaces`));
    expect(items).toMatchObject([
      {
        name: 'collections',
        summary: {held: 1},
        blocked: {hold: 1},
        rate: {slots: 5, used: 1},
        trouble: null,
      },
    ]);
    expect(Date.parse(items[0].readAt)).toBeGreaterThanOrEqual(NOW);
  });
});
