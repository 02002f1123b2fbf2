import type {Failure} from '../controller/ports.ts';
import type {Action} from '../domain/transitions.ts';
import type {AskedRest} from './retry-after.ts';
import type {TransportAnswer} from './transport.ts';

/** The calls that Rollcall makes, as its metrics name them. */
export const OPERATIONS = ['list', 'get', 'update_status'] as const;
export type Operation = (typeof OPERATIONS)[number];

/** A whole answer. */
export interface Answer extends Pick<TransportAnswer, 'proxy'> {
  readonly status: number;
  readonly text: string;
  /** For how long the platform wants no request, where it says. */
  readonly rest: AskedRest | undefined;
  /** When it came (`Clock.ticks`). */
  readonly ticks: number;
}

const failure = (kind: Failure['kind'], message: string): Failure => ({kind, message});

const malformed = (message: string): Failure => ({...failure('malformed', message), noAnswer: true});

/** A request, as far as it decides what a refusal of it means. */
export interface Asked {
  readonly operation: Operation;
  readonly action?: Action;
}

/**
 * What an answer other than 200 means. A list that is forbidden concerns the key; one campaign that is, only that
 * campaign, which may be another workspace's. Too many requests, said to a resume without a time to come back, are too
 * many campaigns: that is no rate limit.
 */
export const classify = (
  {action, operation}: Asked,
  {rest, status, ticks}: Pick<Answer, 'rest' | 'status' | 'ticks'>,
  reason: string | undefined,
): Failure => {
  const said = `the platform answered ${status}${reason === undefined ? '' : `: ${reason}`}`;
  const throttled = {
    ...failure('throttled', said),
    ...(rest && {retryAt: ticks + rest.delay, askedBy: rest.by}),
  };
  if (status === 403 && rest) return throttled;
  if (status === 403 && operation !== 'list')
    return failure('rejected', `${said}; the workspace’s API key may not do this to this campaign`);
  if (status === 401 || status === 403)
    return failure(
      'unauthorised',
      `${said}; check the workspace’s API key${status === 403 ? ' and its rights' : ''}`,
    );
  if (status === 429 && action === 'resume' && !rest) return failure('rejected', said);
  if (status === 404) return failure('missing', said);
  if (status === 400 || status === 409 || status === 422) return failure('rejected', said);
  if (status === 429 || status === 503) return throttled;
  if (status >= 300 && status < 400) return malformed(`${said}, a redirect, which is not followed`);
  return status >= 500 ? failure('unavailable', said) : malformed(said);
};

const PROXY_REFUSALS: ReadonlySet<number> = new Set([401, 403, 407]);

/** True where it is the proxy that refused, and not the platform, which answers in JSON. */
export const isProxys = ({proxy, status}: Answer, body: unknown): boolean =>
  proxy !== undefined && PROXY_REFUSALS.has(status) && (status === 407 || body === undefined);

/** What a proxy said. */
export const proxyText = ({proxy, status}: Answer, reason: string | undefined): string =>
  `the proxy answered ${status}${reason === undefined ? '' : `: ${reason}`}; check ${proxy} and NO_PROXY`;
