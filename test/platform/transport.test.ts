import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {brotliCompressSync, deflateSync, gzipSync} from 'node:zlib';
import {expect, it, onTestFinished} from 'vitest';
import {describeNetworkError} from '../../src/platform/network-error.ts';
import {createTransport} from '../../src/platform/transport.ts';

const TEXT = JSON.stringify({items: [], name: 'नमस्ते'});

/** What is made of an answer whose body is this, and said to be encoded so. */
const answerOf = async (encoding: string, body: Buffer): Promise<string> => {
  const server = createServer((_request, response) =>
    response.writeHead(200, {'content-encoding': encoding}).end(body),
  );
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const {close, transport} = createTransport({baseUrl, proxies: {noProxy: '*'}, timeout: 5_000});
  onTestFinished(async () => {
    await close();
    server.close();
  });
  return transport({method: 'GET', url: baseUrl, headers: {}}).then(
    ({text}) => text,
    (error: unknown) => describeNetworkError(error, 'the platform'),
  );
};

it.each([
  ['gzip', gzipSync(TEXT)],
  ['deflate', deflateSync(TEXT)],
  ['br', brotliCompressSync(TEXT)],
  ['identity', Buffer.from(TEXT)],
])('an answer that a proxy has compressed unasked is read: %s', async (encoding, body) => {
  expect(await answerOf(encoding, body)).toBe(TEXT);
});

it('one that is not what it says it is, or too large, is told as such', async () => {
  expect(await answerOf('gzip', Buffer.from('no gzip'))).toMatch(/its compressed answer cannot be read/);
  const bomb = gzipSync(Buffer.alloc(9 * 1024 * 1024));
  expect(await answerOf('gzip', bomb)).toMatch(/the answer is larger than 8 MiB/);
});
