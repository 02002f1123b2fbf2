import {copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:http';
import {createServer as createHttpsServer} from 'node:https';
import type {AddressInfo} from 'node:net';
import {join} from 'node:path';
import {describe, expect, it, onTestFinished} from 'vitest';
import {describeNetworkError} from '../../src/platform/network-error.ts';
import {ProxyInvalid, proxiesOf, proxyFor} from '../../src/platform/proxy.ts';
import {createTransport} from '../../src/platform/transport.ts';
import {canServeHttps, certificate} from '../support/servers.ts';
import {temporaryFolder} from '../support/temp.ts';

const through = (url: string, env: NodeJS.ProcessEnv) => proxyFor(url, proxiesOf(env));
const CORP = {HTTP_PROXY: 'proxy.corp:3128'};

describe('a proxy of the environment', () => {
  it.each([
    ['http://127.0.0.1:4010', CORP, undefined],
    ['http://127.9.9.9', CORP, undefined],
    ['http://localhost:4010', CORP, undefined],
    ['http://[::1]:4010', CORP, undefined],
    ['http://sim.localhost', CORP, undefined],
    ['http://127.0.0.1:4010', {...CORP, NO_PROXY: '<-loopback>'}, 'HTTP_PROXY'],
    ['http://platform.example', CORP, 'HTTP_PROXY'],
    ['https://platform.example', CORP, 'HTTP_PROXY'],
    ['https://platform.example', {...CORP, https_proxy: 'http://other:1'}, 'HTTPS_PROXY'],
    ['http://platform.example', {...CORP, no_proxy: 'example'}, undefined],
    ['http://platform.example', {...CORP, NO_PROXY: '.platform.example, x'}, undefined],
    ['http://platform.example', {...CORP, NO_PROXY: '*'}, undefined],
    ['http://platform.example', {...CORP, NO_PROXY: 'platform.example:8443'}, 'HTTP_PROXY'],
    ['http://platform.example:8443', {...CORP, NO_PROXY: 'platform.example:8443'}, undefined],
    ['http://[fd00::1]', {...CORP, NO_PROXY: 'fd00::1'}, undefined],
    ['http://[fd00::1]:81', {...CORP, NO_PROXY: '[fd00::1]:81'}, undefined],
    ['http://platform.example', {}, undefined],
  ])('decides for %s with %o: %s', (url, env, name) => {
    expect(through(url, env)).toBe(name);
  });
  it('may lack its scheme, as curl takes it', () => {
    expect(proxiesOf({HTTP_PROXY: 'proxy.corp:3128'}).http).toBe('http://proxy.corp:3128');
    expect(proxiesOf({HTTPS_PROXY: ' https://u:p@proxy.corp '}).https).toBe('https://u:p@proxy.corp');
  });
  it.each(['ftp://proxy', 'http://', 'http://u:secret@'])(
    'that names none (%s) is told by its name, without its value',
    value => {
      expect(() => proxiesOf({HTTPS_PROXY: value})).toThrow(ProxyInvalid);
      expect(() => proxiesOf({HTTPS_PROXY: value})).toThrow(/HTTPS_PROXY names no proxy/);
      expect(() => proxiesOf({HTTPS_PROXY: value})).not.toThrow(/secret/);
    },
  );

  const serve = async (status: number): Promise<string> => {
    const server = createServer((_request, response) =>
      response.writeHead(status).end('<html><title>No</title>'),
    );
    server.on('connect', (_request, socket) => socket.end(`HTTP/1.1 ${status} No\r\n\r\n`));
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  const failure = async (baseUrl: string, proxy: string): Promise<string> => {
    const {close, transport} = createTransport({
      baseUrl,
      proxies: {http: proxy, https: proxy, noProxy: ''},
      timeout: 2_000,
    });
    onTestFinished(close);
    return transport({method: 'GET', url: `${baseUrl}/x`, headers: {}}).then(
      ({proxy: name, status}) => `${status} ${name}`,
      error => describeNetworkError(error, baseUrl),
    );
  };
  it.each([
    [
      403,
      'https://platform.example: the proxy answered 403: it does not let the request through; check HTTPS_PROXY, HTTP_PROXY and NO_PROXY',
    ],
    [
      407,
      'https://platform.example: the proxy answered 407: it wants a user and a password; check HTTPS_PROXY, HTTP_PROXY and NO_PROXY',
    ],
  ])('that refuses a tunnel with %d is named', async (status, message) => {
    expect(await failure('https://platform.example', await serve(status))).toBe(message);
  });
  it('marks an answer that it may have given itself', async () => {
    expect(await failure('http://platform.example', await serve(403))).toBe('403 HTTP_PROXY');
    expect(await failure('http://platform.example', await serve(407))).toContain('the proxy answered 407');
  });
});

describe('a connection that fails', () => {
  it('names the proxy that it should have gone through', async () => {
    const baseUrl = 'http://platform.example';
    const proxies = {http: 'http://user:secret@127.0.0.1:1', noProxy: ''};
    const {close, transport} = createTransport({baseUrl, proxies, timeout: 1_000});
    const error = await transport({method: 'GET', url: `${baseUrl}/v1`, headers: {}}).catch(caught => caught);
    expect(describeNetworkError(error, baseUrl)).toBe(
      'http://platform.example, through the proxy of HTTP_PROXY: the connection failed (ECONNREFUSED)',
    );
    await close();
  });
  it('names where it went', async () => {
    const baseUrl = 'http://127.0.0.1:1';
    const {close, transport} = createTransport({baseUrl, proxies: {noProxy: ''}, timeout: 1_000});
    const error = await transport({method: 'GET', url: `${baseUrl}/v1`, headers: {}}).catch(caught => caught);
    expect(describeNetworkError(error, baseUrl)).toBe(
      'http://127.0.0.1:1: the connection failed (ECONNREFUSED)',
    );
    await close();
  });
});

describe('the file of certificates', () => {
  it.runIf(canServeHttps)('is read again when it changes, without a restart', async () => {
    const folder = temporaryFolder();
    const [first, second] = ['one', 'two'].map(name => {
      mkdirSync(join(folder, name));
      return certificate(join(folder, name));
    }) as [ReturnType<typeof certificate>, ReturnType<typeof certificate>];
    const server = createHttpsServer(
      {key: readFileSync(second.key), cert: readFileSync(second.cert)},
      (_request, response) => response.end('{}'),
    );
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const baseUrl = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const caFile = join(folder, 'ca.pem');
    copyFileSync(first.cert, caFile);
    const troubles: string[] = [];
    const {close, transport} = createTransport({
      baseUrl,
      proxies: {noProxy: ''},
      timeout: 2_000,
      caFile,
      onTrouble: message => troubles.push(message),
    });
    onTestFinished(close);
    const ask = () =>
      transport({method: 'GET', url: baseUrl, headers: {}}).then(
        ({status}) => status,
        error => describeNetworkError(error, baseUrl),
      );
    const untrusted = /certificate is not trusted|CERT_SIGNATURE_FAILURE/;
    expect(await ask()).toMatch(untrusted);
    rmSync(caFile);
    expect(await ask()).toMatch(untrusted);
    writeFileSync(caFile, Buffer.concat([readFileSync(first.cert), readFileSync(second.cert)]));
    expect(await ask()).toBe(200);
    writeFileSync(caFile, 'half a file');
    expect(await ask()).toBe(200);
    expect(troubles).toEqual([
      expect.stringContaining('there is no such file'),
      expect.stringContaining('it holds no certificate in PEM; what was trusted stays so'),
    ]);
  });
});
