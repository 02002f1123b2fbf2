/** The pages in a real browser: wide and narrow, light and dark, with a script and without, few campaigns and many. */
import {join} from 'node:path';
import type {Browser} from 'playwright-core';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import type {StoredRecord} from '../../src/domain/history.ts';
import {claim, live} from '../support/fixtures.ts';
import {serveCampaigns} from '../support/served.ts';
import {temporaryFolder} from '../support/temp.ts';
import {examine, launch, openPage} from './browser.ts';

const HOSTILE = '<img src=x onerror=alert(1)>"\'&{{x}}\u202Eevil';
const NOW = Date.now();
const HOUR = 3_600_000;
const PAGES = ['/', '/campaigns', '/campaigns/collections/c1', '/history', '/api'];
const WIDTHS = [1366, 768, 360];

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const claimOf = (i: number, name: string) =>
  claim({
    campaignId: `c${i}`,
    name,
    desired: i % 10 === 1 ? 'paused' : 'active',
    labels: {team: i % 2 === 0 ? 'billing' : 'growth'},
    ...(i % 20 === 11 && {hold: {reason: 'the night shift finishes its list first', until: NOW + 5 * HOUR}}),
  });

const record = (id: number, changes: Partial<StoredRecord>): StoredRecord => ({
  id,
  at: NOW - id * 20 * HOUR,
  kind: 'status',
  workspace: 'collections',
  campaignId: 'c1',
  name: 'campaign-1',
  replica: 'r',
  ...changes,
});

const PAST = [
  record(1, {from: 'paused', to: 'active', changedBy: 'night-shift@example.com', changedAt: NOW - 20 * HOUR}),
  record(2, {
    kind: 'action',
    action: 'pause',
    from: 'active',
    to: 'paused',
    outcome: 'applied',
    cause: 'pending',
    revision: 'r',
  }),
  record(3, {kind: 'wish', from: 'active', to: 'paused', author: 'ops@example.com', revision: 'r'}),
  record(4, {from: 'scheduled', to: 'active', changedAt: NOW - 80 * HOUR}),
  record(5, {kind: 'wish', to: 'active', author: 'ops@example.com', revision: 'q'}),
];

const serve = (number: number, nameOf = (i: number) => `campaign-${i}`) => {
  const ids = Array.from({length: number}, (_, i) => i);
  const window = {startsAt: NOW - HOUR, endsAt: NOW + 3 * HOUR};
  const edit = {
    kind: 'pause' as const,
    text: 'spec:\n  desiredStatus: paused\n',
    patch:
      '--- a/c1.yaml\n+++ b/c1.yaml\n@@ -2,1 +2,1 @@\n-  desiredStatus: active\n+  desiredStatus: paused\n',
  };
  return serveCampaigns(
    new Map(ids.map(i => [`c${i}`, claimOf(i, nameOf(i))] as const)),
    ids.map(i =>
      live('active', {
        campaignId: `c${i}`,
        name: nameOf(i),
        updatedBy: nameOf(0),
        updatedAt: NOW - i,
        ...(i < 3 && {window}),
      }),
    ),
    {
      changes: {
        history: async () => ({items: number === 0 ? [] : PAST.map(one => ({...one, name: nameOf(1)}))}),
        edits: async () => [{...edit, url: 'https://git.example.com/edit/main/c1.yaml'}],
      },
    },
  );
};

const LOOKS = WIDTHS.flatMap(width => [
  {width, colorScheme: 'light' as const},
  {width, colorScheme: 'dark' as const},
]);
const EXTREMES = [LOOKS[0], LOOKS.at(-1)].filter(look => look !== undefined);

describe.each([
  {number: 0, paths: PAGES.filter(path => !path.includes('c1')), looks: EXTREMES},
  {number: 30, paths: PAGES, looks: LOOKS},
  {number: 100_000, paths: PAGES, looks: EXTREMES},
])('with $number campaigns', ({looks, number, paths}) => {
  it('every page is whole, sound and small, wide and narrow, light and dark', async () => {
    const {url} = await serve(number);
    for (const path of paths)
      for (const {colorScheme, width} of looks) {
        const at = `${path} ${width} ${colorScheme}`;
        const opened = await openPage(browser, url + path, {viewport: {width, height: 900}, colorScheme});
        const {answer, bytes, context, faults, page} = opened;
        expect([at, answer?.status()]).toEqual([at, 200]);
        expect([at, await examine(page)]).toEqual([at, []]);
        expect([at, faults]).toEqual([at, []]);
        const wide = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
        expect([at, wide]).toEqual([at, 0]);
        expect(bytes()).toBeLessThan(100_000);
        await context.close();
      }
  });
});

describe('the first page', () => {
  it('shows itself soon, and nothing of it moves afterwards', async () => {
    const {url} = await serve(100_000);
    const {page} = await openPage(browser, `${url}/`);
    await page.waitForTimeout(1_500);
    const {paint, shift} = (await page.evaluate(`new Promise(resolve => {
      let shift = 0;
      new PerformanceObserver(list => {
        for (const entry of list.getEntries()) shift += entry.value;
      }).observe({type: 'layout-shift', buffered: true});
      const [first] = performance.getEntriesByName('first-contentful-paint');
      setTimeout(() => resolve({paint: first.startTime, shift}), 100);
    })`)) as {paint: number; shift: number};
    expect(paint).toBeLessThan(3_000);
    expect(shift).toBeLessThan(0.01);
  });
});

describe('a name that somebody made up to do harm', () => {
  it('is text wherever it stands', async () => {
    const {url} = await serve(30, i => `${HOSTILE}${i}`);
    for (const path of PAGES) {
      const {faults, page} = await openPage(browser, url + path);
      expect(await page.locator('img').count()).toBe(0);
      if (path !== '/api')
        expect(await page.locator('body').innerText()).toContain('<img src=x onerror=alert(1)>');
      expect(faults).toEqual([]);
    }
  });
});

describe('without a script', () => {
  it('every page is whole, its links lead on, and it is read again by itself', async () => {
    const {url} = await serve(120);
    const {page} = await openPage(browser, `${url}/campaigns`, {javaScriptEnabled: false});
    expect(await page.locator('meta[http-equiv=refresh]').count()).toBe(1);
    await page.locator('input[name=search]').fill('campaign-11');
    await page.locator('button').click();
    expect(await page.locator('tbody tr').count()).toBe(11);
    await page.locator('th a', {hasText: 'changed'}).click();
    expect(page.url()).toContain('sort=-changed');
    await page.goto(`${url}/campaigns?state=pending`);
    await page.locator('tbody a').first().click();
    expect(await page.locator('svg.timeline').count()).toBe(1);
  });
});

describe('the examination', () => {
  it('finds what is wrong where something is', async () => {
    const {url} = await serve(1);
    const {page} = await openPage(browser, `${url}/`);
    await page.evaluate("document.querySelector('main').append(new Image())");
    expect(await examine(page)).toEqual([expect.stringContaining('image-alt')]);
  });
});

describe('a keyboard', () => {
  it('reaches every link, and sees where it is', async () => {
    const {url} = await serve(30);
    const {page} = await openPage(browser, `${url}/`);
    const reached: string[] = [];
    for (let i = 0; i < 8; i++) {
      await page.keyboard.press('Tab');
      reached.push(
        String(
          await page.evaluate(
            "document.activeElement.textContent + ' ' + getComputedStyle(document.activeElement).outlineStyle",
          ),
        ),
      );
    }
    expect(reached.slice(0, 4)).toEqual(['Overview solid', 'Campaigns solid', 'History solid', 'API solid']);
  });
});

describe('pictures of the pages', () => {
  it('can be taken anew', async () => {
    const folder = process.env['ROLLCALL_IMAGES'] ?? temporaryFolder();
    const {url} = await serve(30);
    const shots = [
      ['/', 'page-overview'],
      ['/campaigns/collections/c1', 'page-campaign'],
      ['/campaigns', 'page-campaigns'],
    ] as const;
    for (const [path, name] of shots)
      for (const [width, colorScheme, suffix] of [
        [1366, 'light', ''],
        [360, 'dark', '-phone'],
      ] as const) {
        const {page} = await openPage(browser, url + path, {viewport: {width, height: 800}, colorScheme});
        await page.waitForTimeout(300);
        await page.screenshot({path: join(folder, `${name}${suffix}.png`), fullPage: width === 1366});
      }
  });
});
