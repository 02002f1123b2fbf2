/** Who may ask, and how long they may take: over real sockets. */
import {request} from 'node:http';
import {connect} from 'node:net';
import {describe, expect, it, onTestFinished} from 'vitest';
import {createApp} from '../../src/http/app.ts';
import {startServer} from '../../src/http/server.ts';
import type {ControllerView} from '../../src/http/view.ts';
import {eventually} from '../support/wait.ts';

/** More than lies in between of an answer that nobody reads. */
const LARGE = 'x 1\n'.repeat(16 * 1024 * 1024);

const view = {
  notReady: () => [],
  metrics: async () => ({contentType: 'text/plain', text: LARGE}),
} as unknown as ControllerView;

const open = async (hosts: readonly string[] = [], limits?: Parameters<typeof startServer>[2]) => {
  const {close, url} = await startServer(createApp(view, {hosts}), {host: '127.0.0.1', port: 0}, limits);
  onTestFinished(close);
  const {port} = new URL(url);
  /** The status of an answer to a request under a name. */
  const ask = (
    path: string,
    host: string,
    headers: Record<string, string> = {},
  ): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      request({host: '127.0.0.1', port, path, headers: {host, ...headers}}, answer => {
        answer.resume();
        resolve(answer.statusCode);
      })
        .on('error', reject)
        .end();
    });
  return {ask, port: Number(port), url};
};

describe('a request', () => {
  it.each(['127.0.0.1:8080', 'localhost:8080', '[::1]:8080', '10.1.2.3', 'rollcall.localhost'])(
    'by an address, or to this machine, is taken: %s',
    async host => {
      const {ask} = await open();
      expect(await ask('/', host)).toBe(200);
    },
  );

  it.each([
    'evil.example.com',
    'evil.example.com:8080',
    '127.0.0.1.evil.example.com',
    'localhost.evil.example.com',
  ])('under a name of somebody else is refused: %s', async host => {
    const {ask} = await open(['rollcall.example.com']);
    expect(await ask('/', host)).toBe(421);
    expect(await ask('/api/v1/report', host)).toBe(421);
  });

  it('under a name that is configured is taken, however it is written, and so is one of a domain', async () => {
    const {ask} = await open(['rollcall.example.com', '*.calls.example.com']);
    for (const host of [
      'rollcall.example.com',
      'ROLLCALL.example.com:443',
      'rollcall.example.com.',
      'a.calls.example.com',
    ])
      expect(await ask('/', host)).toBe(200);
    expect(await ask('/', 'calls.example.com')).toBe(421);
  });

  it('of a probe, of Prometheus, and of a host that signs is taken under any name', async () => {
    const {ask} = await open();
    for (const path of ['/livez', '/readyz', '/metrics']) expect(await ask(path, 'rollcall:8080')).toBe(200);
    expect(await ask('/hooks/git', 'rollcall:8080')).toBe(405);
  });

  it('from a page of another site is not told that it may read', async () => {
    const {url} = await open();
    const answer = await fetch(`${url}/`, {headers: {origin: 'https://evil.example.com'}});
    expect([...answer.headers.keys()].filter(name => name.startsWith('access-control'))).toEqual([]);
  });

  it('with more than 16 KiB of path or headers is refused', async () => {
    const {ask} = await open();
    expect(await ask(`/${'a'.repeat(20_000)}`, 'localhost')).toBe(431);
    expect(await ask('/', 'localhost', {'x-long': 'a'.repeat(20_000)})).toBe(431);
  });

  it('that never ends is cut off', async () => {
    const {port} = await open([], {headers: 300, request: 600, idle: 60_000, connections: 10});
    const socket = connect(port, '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nhost: localhost\r\nx-slow: ');
    const closed = await new Promise(resolve => {
      socket.on('data', data => resolve(String(data)));
      socket.on('close', () => resolve('closed'));
      socket.on('error', () => resolve('closed'));
    });
    socket.destroy();
    expect(closed).toMatch(/^HTTP\/1\.1 408|closed/);
  });

  it('whose answer is never read is given up, so that others have its place', async () => {
    const {ask, port} = await open([], {headers: 30_000, request: 30_000, idle: 500, connections: 1});
    const deaf = connect(port, '127.0.0.1').on('error', () => {});
    onTestFinished(() => void deaf.destroy());
    deaf.pause();
    await new Promise<void>(resolve => {
      deaf.write('GET /metrics HTTP/1.1\r\nhost: localhost\r\n\r\n', () => resolve());
    });
    const isTaken = (): Promise<boolean> =>
      ask('/livez', 'localhost').then(
        status => status === 200,
        () => false,
      );
    await eventually(isTaken);
  });
});
