import {brotliDecompressSync, gunzipSync, inflateSync} from 'node:zlib';
import {Agent, type Dispatcher, EnvHttpProxyAgent, request} from 'undici';
import {errorText} from '../domain/text.ts';
import {readAuthorities, versionOf} from './certificates.ts';
import {type Proxies, proxyFor} from './proxy.ts';
import type {Headers} from './retry-after.ts';

/** A whole answer to a request. */
export interface TransportAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The variable of the proxy that may have answered itself, since it can read the request. */
  readonly proxy?: string;
}

/** One HTTP request and its whole answer. Rejects where no whole answer came. */
export type Transport = (request: {
  readonly method: 'GET' | 'PUT' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}) => Promise<TransportAnswer>;

/** A whole request may take this many times the timeout of each of its parts. */
const WHOLE_REQUEST = 3;
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

export interface TransportOptions {
  /** What all requests begin with: it decides whether a proxy is used. */
  readonly baseUrl: string;
  readonly proxies: Proxies;
  /** Milliseconds for each of: connecting, waiting for the headers, a silence inside the body. */
  readonly timeout: number;
  /** Milliseconds for a whole request, where that is less than three times the timeout. */
  readonly whole?: number;
  /** How many connections there are at the most; as many as requests at the same time, where it is not given. */
  readonly connections?: number;
  /** Certificates (PEM) that are trusted besides the system's; read anew when the file changes. */
  readonly caFile?: string;
  /** The key of the configuration that names it. */
  readonly caKey?: string;
  /** Told, once for each state of it, why a file of certificates that changed is not taken. */
  readonly onTrouble?: (message: string) => void;
}

const createDispatcher = (
  {connections, proxies, timeout}: TransportOptions,
  proxied: boolean,
  ca: string[] | undefined,
): Dispatcher => {
  const common = {
    connect: {timeout, ...(ca && {ca})},
    headersTimeout: timeout,
    bodyTimeout: timeout,
    maxResponseSize: MAX_ANSWER_BYTES,
    // A connection that has gone silent goes with the request that it did not answer: one of HTTP/2 would be kept.
    allowH2: false,
    ...(connections !== undefined && {connections}),
  };
  if (!proxied) return new Agent(common);
  const {http, https, noProxy} = proxies;
  return new EnvHttpProxyAgent({
    ...common,
    ...(ca && {requestTls: {ca}, proxyTls: {ca}}),
    httpProxy: http ?? '',
    httpsProxy: https ?? '',
    noProxy,
  });
};

/** The connections, made anew when the file of certificates changes; while it is no good, they stay as they are. */
class Connections {
  readonly #options: TransportOptions;
  readonly #proxied: boolean;
  #version: string | undefined;
  #dispatcher: Dispatcher;

  constructor(options: TransportOptions, proxied: boolean) {
    this.#options = options;
    this.#proxied = proxied;
    const authorities = options.caFile === undefined ? undefined : this.#read(options.caFile);
    this.#version = authorities?.version;
    this.#dispatcher = createDispatcher(options, proxied, authorities?.ca);
  }

  current(): Dispatcher {
    const {caFile} = this.#options;
    if (caFile !== undefined && versionOf(caFile) !== this.#version) this.#renew(caFile);
    return this.#dispatcher;
  }

  close(): Promise<void> {
    return this.#dispatcher.destroy();
  }

  #renew(caFile: string): void {
    try {
      const {ca, version} = this.#read(caFile);
      const old = this.#dispatcher;
      this.#dispatcher = createDispatcher(this.#options, this.#proxied, ca);
      this.#version = version;
      void old.close();
    } catch (error) {
      this.#version = versionOf(caFile);
      this.#options.onTrouble?.(`${errorText(error)}; what was trusted stays so`);
    }
  }

  #read(caFile: string): ReturnType<typeof readAuthorities> {
    try {
      return readAuthorities(caFile);
    } catch (error) {
      throw new Error(`${this.#options.caKey ?? 'platform.caFile'}: ${errorText(error)}`);
    }
  }
}

const LIMIT = {maxOutputLength: MAX_ANSWER_BYTES};

const DECODERS: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  gzip: bytes => gunzipSync(bytes, LIMIT),
  deflate: bytes => inflateSync(bytes, LIMIT),
  br: bytes => brotliDecompressSync(bytes, LIMIT),
};

/** The text of an answer. No compression is asked for, and some proxies compress all the same. Throws where it cannot be read. */
const textOf = (bytes: Buffer, encoding: string | string[] | undefined): string => {
  const decode = DECODERS[String(encoding).trim().toLowerCase()];
  return new TextDecoder().decode(decode ? decode(bytes) : bytes);
};

/**
 * HTTP on connections that are kept alive. Redirects are not followed; nothing is retried. Throws where the file of
 * certificates is no good.
 */
export const createTransport = (
  options: TransportOptions,
): {transport: Transport; close: () => Promise<void>} => {
  const proxy = proxyFor(options.baseUrl, options.proxies);
  const readable = proxy !== undefined && /^http:/i.test(options.baseUrl) ? proxy : undefined;
  const connections = new Connections(options, proxy !== undefined);
  const wholeTimeout = Math.min(options.whole ?? Number.POSITIVE_INFINITY, options.timeout * WHOLE_REQUEST);
  return {
    transport: async ({url, ...rest}) => {
      const signal = AbortSignal.timeout(wholeTimeout);
      const {body, headers, statusCode} = await request(url, {
        ...rest,
        dispatcher: connections.current(),
        signal,
      }).catch((error: unknown) => {
        throw proxy === undefined || !(error instanceof Error) ? error : Object.assign(error, {proxy});
      });
      const text = textOf(Buffer.from(await body.arrayBuffer()), headers['content-encoding']);
      return {status: statusCode, headers, text, ...(readable !== undefined && {proxy: readable})};
    },
    close: () => connections.close(),
  };
};
