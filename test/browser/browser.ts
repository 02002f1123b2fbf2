import {execFileSync} from 'node:child_process';
import {createRequire} from 'node:module';
import {type Browser, type BrowserContextOptions, chromium, type Page} from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

const found = (): string | undefined => {
  for (const name of NAMES) {
    try {
      return execFileSync('which', [name], {encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore']}).trim();
    } catch {
      // The next name.
    }
  }
  return undefined;
};

/** Debian's Chromium, driven from here. */
export const launch = (): Promise<Browser> => {
  const executablePath = process.env['CHROMIUM'] ?? found();
  if (executablePath === undefined)
    throw new Error('no Chromium: install it, or say where it is with CHROMIUM');
  return chromium.launch({executablePath, args: ['--no-sandbox']});
};

const AXE = createRequire(import.meta.url)('axe-core').source as string;

/** What an examination of accessibility finds, one line each. */
export const examine = async (page: Page): Promise<readonly string[]> => {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    // biome-ignore lint/suspicious/noExplicitAny: axe puts itself into the page
    const {violations} = await (globalThis as any).axe.run();
    return violations.map(
      ({help, id, nodes}: {help: string; id: string; nodes: {html: string}[]}) =>
        `${id}: ${help}: ${nodes.map(({html}) => html.slice(0, 120)).join(' | ')}`,
    );
  });
};

/** Opens a page that says of itself what it should not have done: errors, and requests to elsewhere. */
export const openPage = async (browser: Browser, url: string, options: BrowserContextOptions = {}) => {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const faults: string[] = [];
  let bytes = 0;
  const {origin} = new URL(url);
  page.on('pageerror', error => faults.push(`error: ${error.message}`));
  page.on('console', message => {
    if (message.type() === 'error') faults.push(`console: ${message.text()}`);
  });
  page.on('request', request => {
    if (new URL(request.url()).origin !== origin) faults.push(`elsewhere: ${request.url()}`);
  });
  page.on('response', async answer => {
    if (answer.url().includes('/events')) return;
    bytes += (await answer.body().catch(() => Buffer.alloc(0))).length;
  });
  const answer = await page.goto(url);
  return {answer, context, page, faults, bytes: () => bytes};
};
