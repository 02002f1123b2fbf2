/** The pages, as a browser is given them. */
import {describe, expect, it} from 'vitest';
import type {ControllerView} from '../../src/http/view.ts';
import {systemClock} from '../../src/system.ts';
import {claim, live} from '../support/fixtures.ts';
import {serveCampaigns} from '../support/served.ts';

const HOSTILE = '<script>alert(1)</script>"\'&';

/** A controller of campaigns that Git wants paused and that dial, changed by somebody of a hostile name. */
const open = async (number: number) => {
  const ids = Array.from({length: number}, (_, i) => (i === 0 ? HOSTILE : `c${i}`));
  const claims = new Map(
    ids.map(campaignId => [campaignId, claim({campaignId, desired: 'paused'})] as const),
  );
  const shown = ids.map(campaignId => live('active', {campaignId, name: HOSTILE, updatedBy: HOSTILE}));
  const changes: Partial<ControllerView> = {
    history: async () => ({
      items: [
        {
          id: 1,
          at: 0,
          kind: 'status',
          workspace: 'collections',
          campaignId: HOSTILE,
          name: HOSTILE,
          to: 'active',
          changedBy: HOSTILE,
          replica: 'r',
        },
      ],
    }),
    report: () => ({
      revision: HOSTILE,
      source: {author: HOSTILE, subject: HOSTILE, committedAt: 0, readAt: 0},
      observedAt: systemClock.now(),
      leader: true,
      conditions: [
        {type: 'Ready', status: 'True', reason: 'Succeeded', message: HOSTILE, lastTransitionAt: 0},
        {type: 'Uncorrected', status: 'True', reason: 'DetectOnly', message: HOSTILE, lastTransitionAt: 0},
      ],
      summary: {pending: number},
      diagnostics: [{code: 'c', message: HOSTILE, file: HOSTILE, line: 1, column: 1}],
    }),
  };
  const {url} = await serveCampaigns(claims, shown, {changes});
  return async (path: string, accept = 'text/html,application/xhtml+xml') => {
    const answer = await fetch(url + path, {headers: {accept}});
    return {answer, text: await answer.text()};
  };
};

const PAGES = ['/', '/campaigns', `/campaigns/collections/${encodeURIComponent(HOSTILE)}`, '/history'];

describe.each(PAGES)('the page %s', path => {
  it('shows text from outside as text, whoever wrote it', async () => {
    const {answer, text} = await (await open(3))(path);
    expect(answer.status).toBe(200);
    expect(text.match(/<script/g)).toEqual(['<script']);
    expect(text).toContain('<script type="module" src="live.js">');
    expect(text).toContain('&lt;script&gt;');
    expect(text).not.toMatch(/href="[^"]*<|="[^"]*"'/);
  });

  it('loads nothing but its own style and script, and is framed by nobody', async () => {
    const {answer, text} = await (await open(1))(path);
    expect(answer.headers.get('content-security-policy')).toBe(
      "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'self'; frame-ancestors 'none'",
    );
    expect(answer.headers.get('x-frame-options')).toBe('DENY');
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(text).not.toMatch(/<(?:img|iframe|style)|style=|https?:\/\//);
  });

  it('has a language, a title, one heading of the first order, and tables that say what they are', async () => {
    const {text} = await (await open(2))(path);
    expect(text).toContain('<html lang="en">');
    expect(text).toMatch(/<title>[^<]+ · Rollcall<\/title>/);
    expect(text.match(/<h1/g)).toHaveLength(1);
    expect(text.match(/<table>/g)?.length ?? 0).toBe(text.match(/<caption>/g)?.length ?? 0);
  });
});

describe('the first page', () => {
  it('says in one sentence who is dialled against Git', async () => {
    const {text} = await (await open(3))('/');
    expect(text).toMatch(/<h1 class="verdict bad">3 campaigns dial against Git<\/h1>/);
  });

  it('is small however many campaigns differ, and counts those that it does not show', async () => {
    const {text} = await (await open(1_000))('/');
    expect(text.length).toBeLessThan(60_000);
    expect(text).toContain('and 980 others');
  });

  it('is a list of paths for whoever asks for no page', async () => {
    const {answer, text} = await (await open(1))('/', '*/*');
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain/);
    expect(text).toContain('/api/v1/differences');
  });
});

describe('the table of campaigns', () => {
  it('is filtered as the API filters, takes the empty fields of its form, and goes on page by page', async () => {
    const ask = await open(250);
    expect((await ask('/campaigns?state=held&workspace=&label=')).text).toContain('No campaign is so.');
    const {text} = await ask('/campaigns?state=pending&workspace=collections&label=');
    expect(text.match(/<tr>/g)).toHaveLength(51);
    const [, next = ''] = /rel="next" href="(campaigns\?[^"]*cursor=[^"]*)"/.exec(text) ?? [];
    const second = await ask(`/${next.replaceAll('&amp;', '&')}`);
    expect(second.text.match(/<tr>/g)).toHaveLength(51);
    expect((await ask('/campaigns?state=nonsense')).answer.status).toBe(400);
  });
});

describe('the page of a campaign that no file declares any more', () => {
  it('is what the history has of it, and where that has nothing, none', async () => {
    const record = {
      id: 1,
      at: 0,
      kind: 'status',
      workspace: 'collections',
      to: 'ended',
      replica: 'r',
    } as const;
    const {url} = await serveCampaigns(new Map(), [], {
      changes: {
        history: async ({name}) => ({
          items: name === 'none' ? [] : [{...record, campaignId: 'gone', name: HOSTILE}],
        }),
      },
    });
    const ask = (id: string) => fetch(`${url}/campaigns/collections/${id}`, {headers: {accept: 'text/html'}});
    const gone = await ask('gone');
    const text = await gone.text();
    expect([gone.status, (await ask('none')).status, (await ask('of-two')).status]).toEqual([200, 404, 404]);
    expect(text).toContain('No file declares it any more');
    expect(text).toContain('campaigns/collections/gone');
    expect(text).not.toContain(HOSTILE);
  });
});

describe('the API', () => {
  it('gives one campaign, by its id, and those that differ', async () => {
    const ask = await open(2);
    const one = JSON.parse((await ask('/api/v1/campaigns/collections/c1', '*/*')).text);
    expect(one).toMatchObject({campaignId: 'c1', desired: 'paused', live: 'active', state: 'pending'});
    expect((await ask('/api/v1/campaigns/collections/none', '*/*')).answer.status).toBe(404);
    const {items, omitted} = JSON.parse((await ask('/api/v1/differences', '*/*')).text);
    expect(items).toMatchObject([{blocked: 'detect'}, {blocked: 'detect'}]);
    expect(omitted).toEqual({});
  });
});
