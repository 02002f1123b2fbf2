import {createServer, type IncomingMessage, type Server, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import type {ApiAnswer, SimulatedApi} from './api.ts';
import {control} from './control.ts';

const MAX_BODY_BYTES = 64 * 1024;
const LOOPBACK = '127.0.0.1';

/** The clock of a simulator: real time since it started, made faster. */
export const simulatedClock = (now: () => number, speed: number): (() => number) => {
  const startedAt = now();
  return () => startedAt + (now() - startedAt) * speed;
};

const readBody = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new Error('the body is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
};

const send = (response: ServerResponse, answer: ApiAnswer): void => {
  if (answer === 'drop') {
    response.socket?.destroy();
    return;
  }
  response.writeHead(answer.status, answer.headers).end(answer.body);
};

const header = (request: IncomingMessage, name: string): string | undefined => {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
};

const respond = async (
  api: SimulatedApi,
  now: () => number,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const body = await readBody(request);
  const {method = 'GET', url = '/'} = request;
  if (url.startsWith('/simulator/')) return send(response, control(api, {method, url, body}, now()));
  if (api.faults.latency > 0) await new Promise(resolve => setTimeout(resolve, api.faults.latency));
  send(response, api.handle({method, url, body, apiKey: header(request, 'x-api-key')}, now()));
};

/** A running simulator. */
export interface RunningSimulator {
  readonly baseUrl: string;
  close(): Promise<void>;
}

const listen = (server: Server, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, LOOPBACK, resolve);
  });

/**
 * Serves a simulated platform over HTTP on loopback. Port 0 takes one that is free. Rejects where the port is
 * in use.
 */
export const startSimulator = async (
  api: SimulatedApi,
  now: () => number,
  port: number,
): Promise<RunningSimulator> => {
  const server = createServer((request, response) => {
    respond(api, now, request, response).catch(() => response.socket?.destroy());
  });
  await listen(server, port);
  return {
    baseUrl: `http://${LOOPBACK}:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
