import {readFileSync} from 'node:fs';
import {getCACertificates} from 'node:tls';
import {type Dispatcher, EnvHttpProxyAgent, errors, request} from 'undici';
import type {Headers} from './retry-after.ts';

/** One HTTP request and its whole answer. Rejects where no whole answer came. */
export type Transport = (request: {
  readonly method: 'GET' | 'PUT';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}) => Promise<{readonly status: number; readonly headers: Headers; readonly text: string}>;

/** A whole request may take this many times the timeout of each of its parts. */
const WHOLE_REQUEST = 3;
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

export interface TransportOptions {
  /** Milliseconds for each of: connecting, waiting for the headers, a silence inside the body. */
  readonly timeout: number;
  /** Connections kept alive to the platform. */
  readonly connections: number;
  /** Certificates (PEM) that are trusted besides the system's. */
  readonly caFile?: string;
}

const createDispatcher = ({caFile, connections, timeout}: TransportOptions): Dispatcher => {
  const ca =
    caFile === undefined ? undefined : [...getCACertificates('default'), readFileSync(caFile, 'utf8')];
  return new EnvHttpProxyAgent({
    connections,
    connect: {timeout, ...(ca && {ca})},
    ...(ca && {requestTls: {ca}, proxyTls: {ca}}),
    headersTimeout: timeout,
    bodyTimeout: timeout,
    maxResponseSize: MAX_ANSWER_BYTES,
  });
};

/**
 * HTTP on connections that are kept alive. Proxies come from the usual environment variables; redirects are
 * not followed; nothing is retried.
 */
export const createTransport = (
  options: TransportOptions,
): {transport: Transport; close: () => Promise<void>} => {
  const dispatcher = createDispatcher(options);
  const wholeTimeout = options.timeout * WHOLE_REQUEST;
  return {
    transport: async ({url, ...rest}) => {
      const signal = AbortSignal.timeout(wholeTimeout);
      const {body, headers, statusCode} = await request(url, {...rest, dispatcher, signal});
      return {status: statusCode, headers, text: await body.text()};
    },
    close: () => dispatcher.destroy(),
  };
};

/** Says what went wrong on the network, without the URL or the headers of the request. */
export const describeNetworkError = (error: unknown): string => {
  if (error instanceof errors.ConnectTimeoutError) return 'no connection within the timeout';
  if (error instanceof errors.HeadersTimeoutError || error instanceof errors.BodyTimeoutError) {
    return 'no answer within the timeout';
  }
  if (error instanceof errors.ResponseExceededMaxSizeError) return 'the answer is larger than 8 MiB';
  if (error instanceof Error && error.name === 'TimeoutError') return 'no whole answer within the timeout';
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  return `the connection failed (${code})`;
};
