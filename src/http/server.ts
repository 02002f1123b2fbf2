import type {AddressInfo} from 'node:net';
import {createAdaptorServer} from '@hono/node-server';
import type {Hono} from 'hono';

/** How long whoever asks may take, in milliseconds, and how many may ask at the same time. */
interface Limits {
  /** For its headers, and for the whole request. */
  readonly headers: number;
  readonly request: number;
  /** Without taking anything of its answer. */
  readonly idle: number;
  readonly connections: number;
}

const LIMITS: Limits = {headers: 10_000, request: 30_000, idle: 60_000, connections: 1_000};
/** Of all headers and the path together. Bytes. */
const LARGEST_HEAD = 16 * 1024;
/** How often it is looked who takes too long. Milliseconds. */
const LOOKED_EVERY = 1_000;

/** Serves the routes. Rejects, saying what to do, where the address cannot be had. */
export const startServer = async (
  app: Hono,
  {host, port}: {host: string; port: number},
  limits = LIMITS,
): Promise<{url: string; close: () => Promise<void>}> => {
  const server = createAdaptorServer({
    fetch: app.fetch,
    serverOptions: {
      maxHeaderSize: LARGEST_HEAD,
      headersTimeout: limits.headers,
      requestTimeout: limits.request,
      connectionsCheckingInterval: LOOKED_EVERY,
    },
  });
  server.maxConnections = limits.connections;
  server.setTimeout(limits.idle);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return {
    url: `http://${name}:${address.port}`,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  };
};
