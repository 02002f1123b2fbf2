import type {Config} from '../config/schema.ts';
import {errorText} from '../domain/text.ts';

/** What keeps a server from listening, by the system's code of it, and what to do. */
const REASONS: Readonly<Record<string, (place: string, key: string) => string>> = {
  EADDRINUSE: (place, key) => `${place} is in use: choose another ${key}`,
  EADDRNOTAVAIL: (place, key) => `${place} is no address of this machine: choose another ${key}`,
  ENOTFOUND: (place, key) => `${place} has no address: choose another ${key}`,
  EACCES: (place, key) => `this user may not listen on ${place}: choose a port from 1024 on ${key}`,
};

/** What the system tells with an error. */
interface Told {
  readonly code?: unknown;
  readonly hostname?: unknown;
  readonly port?: unknown;
  readonly syscall?: unknown;
}

/** Why a controller does not start: in words that say which key of the configuration to change, where it cannot listen. */
export const whyNotStarted = (error: unknown, {http, platform}: Config): string => {
  const {code, hostname, port, syscall} = (error instanceof Error ? error : {}) as Told;
  const reason = REASONS[String(code)];
  const isOfHost = syscall === 'getaddrinfo' && hostname === http.host;
  if (!reason || !(isOfHost || syscall === 'listen')) return errorText(error);
  if (isOfHost) return reason(http.host, 'for http.host');
  if (port !== undefined && port === platform.simulator?.port)
    return reason(`port ${port}`, 'for platform.simulator.port');
  if (port !== undefined && port === http.metricsPort)
    return reason(`${http.host}:${port}`, 'for http.metricsPort');
  const way = code === 'EADDRNOTAVAIL' ? 'for http.host' : 'with --http-port N or ROLLCALL_HTTP_PORT';
  return reason(`${http.host}:${http.port}`, way);
};
