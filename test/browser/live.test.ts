/** A page that stays open: while the platform is steered, the connection is cut and comes back, and Rollcall is started anew. */
import {connect, createServer, type Socket} from 'node:net';
import type {Browser, Page} from 'playwright-core';
import {afterAll, beforeAll, describe, expect, it, onTestFinished} from 'vitest';
import {file, deploy as open} from '../support/deployment.ts';
import {campaign} from '../support/platform.ts';
import {eventually} from '../support/wait.ts';
import {launch, openPage} from './browser.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

/** A way to a server that can be cut. */
const wayTo = async (port: () => number) => {
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer(socket => {
    if (isCut) return socket.destroy();
    const onward = connect(port(), '127.0.0.1');
    for (const one of [socket, onward]) {
      sockets.add(one);
      one.on('error', () => one.destroy());
      one.on('close', () => sockets.delete(one));
    }
    socket.pipe(onward);
    onward.pipe(socket);
    return undefined;
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const one of sockets) one.destroy();
    server.close();
  });
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    cut: () => {
      isCut = true;
      for (const one of sockets) one.destroy();
    },
    mend: () => {
      isCut = false;
    },
  };
};

const live = (page: Page) => page.locator('#live').textContent();
const verdict = (page: Page) => page.locator('h1').textContent();

describe('an open page', () => {
  it('shows what changes within moments, says at once that it was cut off, and heals by itself', async () => {
    const world = await open([campaign('a', 'active')], file('a', 'active'));
    let rollcall = world.start();
    let port = Number(new URL(await rollcall.ready()).port);
    const way = await wayTo(() => port);
    const {page} = await openPage(browser, `${way.url}/campaigns/collections/a`);
    await eventually(async () => (await live(page)) === 'Live');
    const state = () => page.locator('#facts').innerText();
    expect(await state()).toContain('live is active, as Git wants it');

    world.repository.commit(file('a', 'paused'));
    await eventually(async () => (await state()).includes('live is paused, as Git wants it'));

    way.cut();
    await eventually(async () => (await live(page))?.startsWith('Connection lost'));
    world.repository.commit(file('a', 'active'));
    await eventually(() => world.status('a') === 'active');
    expect(await state()).toContain('live is paused');
    way.mend();
    await eventually(
      async () =>
        (await live(page)) === 'Live' && (await state()).includes('live is active, as Git wants it'),
    );

    await rollcall.stop();
    await eventually(async () => (await live(page))?.startsWith('Connection lost'));
    rollcall = world.start();
    port = Number(new URL(await rollcall.ready()).port);
    await eventually(async () => (await live(page)) === 'Live');
    world.repository.commit(file('a', 'paused'));
    await eventually(async () => (await state()).includes('live is paused, as Git wants it'));
  });

  it('has in its first sentence who dials against Git, as soon as somebody makes them', async () => {
    const world = await open([campaign('a', 'paused')], file('a', 'paused', 'mode: detect'));
    const rollcall = world.start();
    const {page} = await openPage(browser, `${await rollcall.ready()}/`);
    await eventually(async () => (await verdict(page)) === 'As Git wants');
    world.workspace.act('a', 'resume', 'ops@example.com', Date.now());
    await eventually(async () => (await verdict(page)) === '1 campaign dials against Git');
    expect(await page.locator('#lists').innerText()).toContain('ops@example.com');
    expect(await page.title()).toBe('1 campaign dials against Git · Rollcall');
  });
});
