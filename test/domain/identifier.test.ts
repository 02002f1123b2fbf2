import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {idProblem} from '../../src/domain/identifier.ts';
import {PlatformClient} from '../../src/platform/client.ts';
import {timerClock} from '../support/timer-clock.ts';

const KEY = 'a-key-of-some-length';
const BASE = 'http://platform.test/api';

/** Asks for a campaign by its id; gives the URLs that were asked. */
const ask = async (campaignId: string): Promise<string[]> => {
  const urls: string[] = [];
  const client = new PlatformClient({
    baseUrl: BASE,
    orgId: 'o',
    workspaceId: 'w',
    apiKey: () => KEY,
    secrets: () => [KEY],
    clock: timerClock,
    observe: () => {},
    transport: async ({url}) => {
      urls.push(url);
      return {status: 404, headers: {}, text: '{}'};
    },
  });
  await client.get(campaignId);
  await client.updateStatus(campaignId, 'pause');
  return urls;
};

describe('an id of the platform', () => {
  it.each([
    ['', 'empty'],
    ['.', 'another path'],
    ['..', 'another path'],
    ['\uD800', 'well-formed'],
    ['a\uDC00b', 'well-formed'],
    ['a\u0000', 'control'],
    ['a\nb', 'control'],
    ['\u009b', 'control'],
    ['x'.repeat(201), 'at most 200'],
    ['😀'.repeat(201), 'at most 200'],
  ])('is refused where it is %j, and never becomes a URL', async (id, why) => {
    expect(idProblem(id)).toContain(why);
    expect(await ask(id)).toEqual([]);
  });
  it.each(['camp 1', 'a/b', '../x', '%2e%2e', 'अभियान', '😀'.repeat(200), '...', '?x#y', '0123'])(
    'may be %j',
    id => {
      expect(idProblem(id)).toBeUndefined();
    },
  );
  it('never leads out of the template of its URL, whatever it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({unit: 'binary', maxLength: 30}), async id => {
        const urls = await ask(id);
        expect(urls).toHaveLength(idProblem(id) === undefined ? 2 : 0);
        for (const url of urls) {
          const {pathname, search, hash} = new URL(url);
          expect([search, hash]).toEqual(['', '']);
          expect(pathname).toMatch(/^\/api\/v1\/orgs\/o\/workspaces\/w\/campaigns\/[^/]+(?:\/status)?$/);
        }
      }),
    );
  });
});
