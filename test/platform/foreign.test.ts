/** What the platform says is made harmless where it is read, and checked for what it is. */
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import type {Reply} from '../../src/controller/ports.ts';
import type {LiveCampaign} from '../../src/domain/campaign.ts';
import {PlatformClient} from '../../src/platform/client.ts';
import type {TransportAnswer} from '../../src/platform/transport.ts';
import type {Page} from '../../src/platform/wire.ts';
import {timerClock} from '../support/timer-clock.ts';

const KEY = 'sk-live-0123456789';
const OTHER_KEY = 'sk-other-9876543210';

const answering = (answer: Partial<TransportAnswer>, key = KEY) =>
  new PlatformClient({
    baseUrl: 'http://platform.test',
    orgId: 'o',
    workspaceId: 'w',
    apiKey: () => key,
    keyPlace: 'the file /run/key',
    secrets: () => [KEY, OTHER_KEY],
    clock: timerClock,
    observe: () => {},
    transport: async () => ({status: 200, headers: {}, text: '', ...answer}),
  });

const shown = (changes: Record<string, unknown> = {}) => ({
  campaign_id: 'c',
  name: 'n',
  status: 'active',
  created_at: '2026-01-01T00:00:00Z',
  updated_at: '2026-01-01T00:00:00Z',
  ...changes,
});

const get = (changes: Record<string, unknown>): Promise<Reply<LiveCampaign>> =>
  answering({text: JSON.stringify(shown(changes))}).get('c');

const list = async (...items: unknown[]): Promise<Page> => {
  const reply = await answering({text: JSON.stringify({items, total: items.length})}).list({
    offset: 0,
    limit: 100,
  });
  if (!reply.ok) throw new Error(reply.failure.message);
  return reply.value;
};

describe('a text of the platform', () => {
  it.each([
    ['the key of this workspace', `${KEY} did it`, '[redacted] did it'],
    ['the key of another', OTHER_KEY, '[redacted]'],
    ['escapes', '\u001b[31mred\u001b[0m', '[31mred [0m'],
    ['line breaks', 'a\r\nFORGED', 'a FORGED'],
    ['marks that change direction', 'a\u202Eb\u2066c', 'a b c'],
    ['half a character', 'a\uD800b', 'a b'],
    ['the joiners of Hindi', 'क्\u200Dष', 'क्\u200Dष'],
  ])('is shown without %s', async (_name, text, expected) => {
    const reply = await get({updated_by: text, name: text, status: text});
    expect(reply).toMatchObject({
      ok: true,
      value: {updatedBy: expected, name: expected, status: {unrecognised: expected}},
    });
  });
  it.each(['', '  ', '\u0000'])('names nobody where it names nobody who can be shown: %j', async text => {
    expect(await get({updated_by: text})).toMatchObject({ok: true, value: {name: expect.anything()}});
    const reply = await get({updated_by: text});
    expect(reply.ok && 'updatedBy' in reply.value).toBe(false);
  });
  it('is cut, and only after every secret was taken out', async () => {
    const reply = await get({name: 'x'.repeat(1_000_000), updated_by: `${'y'.repeat(195)}${KEY}`});
    if (!reply.ok) throw new Error(reply.failure.message);
    expect([...reply.value.name]).toHaveLength(200);
    expect(reply.value.updatedBy).not.toContain('sk-live');
  });
  it('never holds a secret or an unprintable character, whatever it was', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({unit: 'binary'}), fc.string({unit: 'binary'}), async (a, b) => {
        const reply = await get({updated_by: a + KEY + b});
        const text = reply.ok ? (reply.value.updatedBy ?? '') : '';
        expect(text).not.toContain(KEY);
        expect(text).not.toMatch(/\p{Cc}|[\u202A-\u202E\u2066-\u2069]/u);
        expect(text.isWellFormed()).toBe(true);
      }),
    );
  });
});

describe('a list of the platform', () => {
  it.each([
    ['..', 'its id must not be ..'],
    ['\uD800', 'well-formed'],
    ['', 'must not be empty'],
    [`x${KEY}`, 'holds an API key in its id'],
  ])('leaves out a campaign with the id %j, and says so', async (campaign_id, why) => {
    const page = await list(shown({campaign_id}), shown());
    expect(page.campaigns.map(({campaignId}) => campaignId)).toEqual(['c']);
    expect(page.unusable).toEqual([expect.stringContaining(why)]);
    expect(JSON.stringify(page)).not.toContain(KEY);
  });
  it('leaves out, and names, what is not as the documentation has it', async () => {
    const page = await list({campaign_id: 'broken'}, 7);
    expect(page.unusable).toEqual([
      'campaign "broken" is not as the documentation has it',
      'campaign without an id is not as the documentation has it',
    ]);
  });
});

describe('allowed hours', () => {
  const hours = {allowed_start_time: '09:00', allowed_end_time: '18:00', allowed_days: ['Monday']};
  it.each([undefined, null])('without a zone (%s) are those of the documented default', async timezone => {
    const reply = await get({allowed_schedule: {...hours, timezone}});
    expect(reply).toMatchObject({ok: true, value: {window: {schedule: {timezone: 'Asia/Kolkata'}}}});
  });
});

describe('an error of the platform', () => {
  const reason = async (text: string, status = 422) => {
    const reply = await answering({status, text}).get('c');
    return reply.ok ? '' : reply.failure.message;
  };
  it.each([
    ['plain text', 'upstream connect error', 'upstream connect error'],
    [
      'a page with a title',
      '<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body>x</body></html>',
      '502 Bad Gateway',
    ],
    [
      'a page without one',
      '<html><body><h1>Sorry</h1><script>evil()</script> try &amp; again</body></html>',
      'Sorry try & again',
    ],
    [
      'its envelope',
      '{"error":{"message":"Invalid Parameter","code":"X","data":{"details":"no resume: it ended"}}}',
      'Invalid Parameter: no resume: it ended',
    ],
    [
      'FastAPI’s list',
      '{"detail":[{"loc":["body","action"],"msg":"Field required","type":"missing"}]}',
      'body.action: Field required',
    ],
    ['a message of several parts', '{"error":{"message":["no slot","try later"]}}', 'no slot; try later'],
    ['a message inside a message', '{"error":{"message":{"text":"nested"}}}', 'text: nested'],
    ['its reason', '{"success":false,"reason":"archived"}', 'archived'],
    ['a page that begins with a comment', '<!-- edge --><html><body>Sorry</body></html>', 'Sorry'],
  ])('reaches the operator from %s', async (_name, text, expected) => {
    expect(await reason(text)).toBe(`the platform answered 422: ${expected}`);
  });
  it.each([
    ['a page whose beginning is long', `<html><style>${'x'.repeat(2_030)}</style>${KEY}</html>`],
    ['text with a long gap', `denied${' '.repeat(2_030)}${KEY}`],
    ['text with very many control characters', `${'\u0001'.repeat(65_520)}${KEY}`],
    ['text in which it stands again and again', KEY.repeat(10_000)],
  ])('never shows a part of the key: %s', async (_name, text) => {
    const said = await reason(text);
    for (let length = 6; length <= KEY.length; length++) expect(said).not.toContain(KEY.slice(0, length));
  });
  it('is a rest, and no refused key, where a 403 says when to come back', async () => {
    const reply = await answering({
      status: 403,
      text: '{"detail":"quota"}',
      headers: {'retry-after': '9'},
    }).get('c');
    expect(reply).toMatchObject({ok: false, failure: {kind: 'throttled', askedBy: 'Retry-After'}});
  });
  it('is that campaign’s own where it is forbidden, which anybody may have declared', async () => {
    const client = answering({status: 403, text: '{"detail":"not yours"}'});
    expect(await client.get('c')).toMatchObject({failure: {kind: 'rejected'}});
    expect(await client.updateStatus('c', 'pause')).toMatchObject({failure: {kind: 'rejected'}});
    expect(await client.list({offset: 0, limit: 1})).toMatchObject({failure: {kind: 'unauthorised'}});
  });
  it('is no rate limit where a resume is one campaign too many', async () => {
    const tooMany = answering({status: 429, text: '{"detail":"10 concurrent campaigns"}'});
    expect(await tooMany.updateStatus('c', 'resume')).toMatchObject({failure: {kind: 'rejected'}});
    expect(await tooMany.updateStatus('c', 'pause')).toMatchObject({failure: {kind: 'throttled'}});
    const limit = answering({status: 429, text: '{}', headers: {'retry-after': '2'}});
    expect(await limit.updateStatus('c', 'resume')).toMatchObject({failure: {kind: 'throttled'}});
  });
  it('is one line without the key', async () => {
    const said = await reason(JSON.stringify({error: {message: `no\u202E\n${KEY}`}}));
    expect(said).toBe('the platform answered 422: no [redacted]');
  });
});

describe('a key', () => {
  it.each([
    ['k', 'has fewer than 8 characters'],
    ['', 'cannot be read'],
    ['with a space', 'a character that no key can have'],
  ])('that is %j is refused before anything is sent, with its place', async (key, why) => {
    const reply = await answering({}, key).get('c');
    expect(reply).toMatchObject({ok: false, failure: {kind: 'unauthorised'}});
    expect(reply.ok ? '' : reply.failure.message).toContain(why);
    expect(reply.ok ? '' : reply.failure.message).toContain('the file /run/key');
  });
});

describe('a proxy', () => {
  it.each([403, 407, 401])(
    'that answers %d with a page is not taken for the platform refusing the key',
    async status => {
      const reply = await answering({status, text: '<html><title>Denied</title>', proxy: 'HTTP_PROXY'}).get(
        'c',
      );
      expect(reply).toMatchObject({
        ok: false,
        failure: {
          kind: 'unavailable',
          message: `the proxy answered ${status}: Denied; check HTTP_PROXY and NO_PROXY`,
        },
      });
    },
  );
  it('lets the platform’s own refusal through', async () => {
    const client = answering({status: 403, text: '{"detail":"no"}', proxy: 'HTTP_PROXY'});
    expect(await client.list({offset: 0, limit: 1})).toMatchObject({failure: {kind: 'unauthorised'}});
  });
});
