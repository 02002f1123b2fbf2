import {describe, expect, it} from 'vitest';
import {Campaigns} from '../../src/controller/campaigns.ts';
import type {Platform} from '../../src/controller/ports.ts';
import {WorkspaceReconciler} from '../../src/controller/workspace.ts';
import {claimChanges} from '../../src/domain/same-wish.ts';
import {createApp} from '../../src/http/app.ts';
import {systemClock} from '../../src/system.ts';
import {claim, live, WHOLE_READING} from '../support/fixtures.ts';
import {viewOf} from '../support/view.ts';

const CAMPAIGNS = [
  {campaignId: 'a', labels: {team: 'billing'}, updatedBy: 'ops'},
  {campaignId: 'b', labels: {team: 'growth'}, updatedBy: 'x\u009b\u202E'},
  {campaignId: 'c', labels: {team: 'billing', frozen: 'yes'}, updatedBy: 'ops'},
];

/** A platform that shows these campaigns, all of them active. */
const read: Platform['poll'] = async ({take}) => {
  take(
    CAMPAIGNS.map(({campaignId, updatedBy}) => ({
      campaign: live('active', {campaignId, updatedBy}),
      askedAt: 0,
    })),
  );
  return WHOLE_READING;
};
const platform: Platform = {
  rate: {slots: 5, window: 1_000, used: 0},
  keysUsed: 1,
  tookEffect: () => {},
  poll: read,
  resync: read,
  read: () => Promise.reject(new Error('nothing is to be read')),
  update: () => Promise.reject(new Error('nothing is to be sent')),
};

const NEVER = new AbortController().signal;
const ports = {clock: systemClock, random: () => 0, listener: () => {}};
const workspace = new WorkspaceReconciler(
  'collections',
  {mode: 'enforce', concurrency: 1, dryRun: false},
  {platform, ...ports},
);
const shown = new Campaigns({workspaces: [workspace]}, systemClock, ports);
const claims = new Map(
  CAMPAIGNS.map(({campaignId, labels}) => [campaignId, claim({campaignId, labels})] as const),
);
await shown.adopt({id: 'r'}, new Map([['collections', claimChanges(new Map(), claims)]]));
await workspace.poll(NEVER);

const view = viewOf(shown, {
  now: () => 0,
  notReady: () => ['workspace w: no pass has ended yet'],
  report: () => {
    throw new Error('boom');
  },
});

const ask = async (path: string, method = 'GET') => {
  const errors: unknown[] = [];
  const answer = await createApp(view, {onError: error => errors.push(error)}).request(path, {method});
  return {answer, text: await answer.text(), errors};
};
const ids = async (query: string): Promise<string[]> =>
  JSON.parse((await ask(`/api/v1/campaigns${query}`)).text).items.map(
    (item: {campaignId: string}) => item.campaignId,
  );

describe('the list of campaigns', () => {
  it.each([
    ['?cursor=bad', 'cursor'],
    ['?cursor=', 'cursor'],
    [`?cursor=${Buffer.from('no-slash').toString('base64url')}`, 'cursor'],
    ['?limit=0', 'limit must be a whole number from 1 to 1000'],
    ['?limit=ten', 'limit'],
    ['?state=broken', 'state must be one of satisfied'],
    ['?workspace=Not%20A%20Name', 'workspace'],
    ['?label=a=b=c', 'label'],
    ['?labels=a', 'there is no parameter "labels"'],
    ['?limit=1&limit=2', 'more than once'],
  ])('refuses %s with 400, as a problem with its reason', async (query, detail) => {
    const {answer, text} = await ask(`/api/v1/campaigns${query}`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      400,
      'application/problem+json; charset=UTF-8',
    ]);
    expect(JSON.parse(text)).toMatchObject({type: 'about:blank', title: 'Bad Request', status: 400});
    expect(JSON.parse(text).detail).toContain(detail);
  });
  it('is filtered as get filters', async () => {
    expect(await ids('?label=team=billing')).toEqual(['a', 'c']);
    expect(await ids('?label=team=billing,!frozen')).toEqual(['a']);
    expect(await ids('?label=team!=billing')).toEqual(['b']);
    expect(await ids('?workspace=elsewhere')).toEqual([]);
    expect(await ids('?state=satisfied')).toEqual(['a', 'b', 'c']);
  });
  it('goes on from the cursor that it gave', async () => {
    const {next} = JSON.parse((await ask('/api/v1/campaigns?limit=2')).text);
    expect(await ids(`?limit=2&cursor=${next}`)).toEqual(['c']);
  });
  it.each(['sort=-workspace', 'sort=name'])('takes no cursor of another order for one of %s', async sort => {
    const {next} = JSON.parse((await ask('/api/v1/campaigns?limit=2')).text);
    const {answer, text} = await ask(`/api/v1/campaigns?limit=2&${sort}&cursor=${next}`);
    expect(answer.status).toBe(400);
    expect(text).toContain('to the same question');
  });
  it('holds no character that moves a terminal’s cursor, and still the same text', async () => {
    const {text} = await ask('/api/v1/campaigns');
    expect(text).not.toMatch(/[\u0080-\u009f\u202a-\u202e]/);
    expect(JSON.parse(text).items[1].liveUpdatedBy).toBe('x\u009b\u202E');
  });
});

describe('the history', () => {
  it.each([
    ['?cursor=bad', 'cursor'],
    ['?kind=rumour', 'kind must be one of action, drift'],
    ['?since=yesterday', 'since must be a time'],
    ['?until=2026-13-99T00:00:00Z', 'until must be a time'],
    ['?limit=1001', 'limit'],
    ['?scope=all', 'scope'],
    ['?campaign=a', 'there is no parameter "campaign"'],
  ])('refuses %s with 400, as a problem with its reason', async (query, detail) => {
    const {answer, text} = await ask(`/api/v1/history${query}`);
    expect(answer.status).toBe(400);
    expect(JSON.parse(text).detail).toContain(detail);
  });
});

describe('the report', () => {
  it('knows no parameters, and says so', async () => {
    const {answer} = await ask('/api/v1/report?x=1');
    expect(answer.status).toBe(400);
  });
});

describe('a path', () => {
  it.each(['/api/v1/report', '/api/v1/campaigns', '/metrics', '/livez', '/'])(
    '%s knows only GET, and says so',
    async path => {
      for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) {
        const {answer} = await ask(path, method);
        expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
      }
    },
  );
  it('that there is not is a problem, too', async () => {
    const {answer, text} = await ask('/api/v2');
    expect([answer.status, JSON.parse(text).title]).toEqual([404, 'Not Found']);
  });
  it('whose answer meets an unexpected error says so, and no more', async () => {
    const {answer, errors, text} = await ask('/api/v1/report');
    expect([answer.status, errors]).toEqual([500, [expect.objectContaining({message: 'boom'})]]);
    expect(text).not.toContain('boom');
  });
});
