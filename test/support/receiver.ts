import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {onTestFinished} from 'vitest';

/** A request as a receiver had it. */
export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

export type Answer = (received: Received, response: ServerResponse) => void;
export const ok: Answer = (_received, response) => void response.writeHead(200).end('{}');

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  let text = '';
  for await (const part of request) text += part;
  return text;
};

/** A receiver that answers as it is told to. */
export const receiver = async (first: Answer = ok) => {
  const received: Received[] = [];
  const state = {answer: first};
  const server = createServer(async (request, response) => {
    const {headers, method = '', url = ''} = request;
    const one = {method, url, headers: headers as Record<string, string>, body: await bodyOf(request)};
    received.push(one);
    state.answer(one, response);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received, state};
};
