import type {Clock, Failure, Reply} from '../controller/ports.ts';
import type {LiveCampaign} from '../domain/campaign.ts';
import type {Action, Status} from '../domain/transitions.ts';
import {retryTime} from './retry-after.ts';
import {describeNetworkError, type Transport} from './transport.ts';
import {type Page, type Parse, parseCampaign, parseErrorReason, parsePage} from './wire.ts';

/** The calls that Rollcall makes, as its metrics name them. */
export const OPERATIONS = ['list', 'get', 'update_status'] as const;
export type Operation = (typeof OPERATIONS)[number];

/** Told of each request once it is over. `code` is the HTTP status, or `error` where there was none. */
export type RequestObserver = (operation: Operation, code: string, seconds: number) => void;

export interface ClientOptions {
  /** Without a slash at its end. */
  readonly baseUrl: string;
  readonly orgId: string;
  readonly workspaceId: string;
  /** Read anew for each request, so that a key that was rotated on disk is used; undefined if there is none. */
  readonly apiKey: () => string | undefined;
  /** Where the key is, in words: `the environment variable KEY`. */
  readonly keyPlace?: string;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly observe: RequestObserver;
}

const failure = (kind: Failure['kind'], message: string, retryAt?: number): Failure => ({
  kind,
  message,
  ...(retryAt !== undefined && {retryAt}),
});

/** What a header of HTTP can carry (RFC 9110, 5.5), without spaces. */
const HEADER_VALUE = /^[\x21-\x7e]+$/;

/** Why a request cannot be made with this key; undefined where it can. */
const keyTrouble = (key: string | undefined, place: string | undefined): Failure | undefined => {
  const where = place === undefined ? '' : `: ${place}`;
  if (key === undefined)
    return failure(
      'unauthorised',
      `the workspace’s API key cannot be read${where === '' ? '' : `${where} is not there, or is empty`}`,
    );
  if (HEADER_VALUE.test(key)) return undefined;
  return failure('unauthorised', `the workspace’s API key holds a character that no key can have${where}`);
};

const classify = (status: number, reason: string | undefined, retryAt: number | undefined): Failure => {
  const said = `the platform answered ${status}${reason === undefined ? '' : `: ${reason}`}`;
  if (status === 401 || status === 403)
    return failure('unauthorised', `${said}; check the workspace’s API key`);
  if (status === 404) return failure('missing', said);
  if (status === 400 || status === 409 || status === 422) return failure('rejected', said);
  if (status === 429 || status === 503) return failure('throttled', said, retryAt);
  if (status >= 300 && status < 400)
    return failure('malformed', `${said}, a redirect, which is not followed`);
  return failure(status >= 500 ? 'unavailable' : 'malformed', said);
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** One workspace's calls on the wire: each method is one HTTP request, which never throws. */
export class PlatformClient {
  readonly #options: ClientOptions;
  readonly #campaigns: string;

  constructor(options: ClientOptions) {
    this.#options = options;
    const {baseUrl, orgId, workspaceId} = options;
    this.#campaigns = `${baseUrl}/v1/orgs/${encodeURIComponent(orgId)}/workspaces/${encodeURIComponent(workspaceId)}/campaigns`;
  }

  /** One page of the list, oldest campaign first, so that a new one does not shift the pages. */
  list(query: {status?: Status; offset: number; limit: number}): Promise<Reply<Page>> {
    const parameters = new URLSearchParams({
      ...(query.status && {campaign_status: query.status}),
      offset: String(query.offset),
      limit: String(query.limit),
      sort_by: 'created_at',
      sort_order: 'asc',
    });
    return this.#call('list', 'GET', `${this.#campaigns}?${parameters}`, parsePage);
  }

  get(campaignId: string): Promise<Reply<LiveCampaign>> {
    return this.#call('get', 'GET', this.#url(campaignId), parseCampaign(campaignId));
  }

  updateStatus(campaignId: string, action: Action): Promise<Reply<LiveCampaign>> {
    const url = `${this.#url(campaignId)}/status`;
    return this.#call('update_status', 'PUT', url, parseCampaign(campaignId), {action});
  }

  #url(campaignId: string): string {
    return `${this.#campaigns}/${encodeURIComponent(campaignId)}`;
  }

  async #call<T>(
    operation: Operation,
    method: 'GET' | 'PUT',
    url: string,
    parse: Parse<T>,
    payload?: {action: Action},
  ): Promise<Reply<T>> {
    const {apiKey, clock, keyPlace, observe} = this.#options;
    const key = apiKey() ?? '';
    const trouble = keyTrouble(key || undefined, keyPlace);
    if (trouble) return {ok: false, failure: trouble};
    const startedAt = clock.now();
    const ended = (code: string): void => observe(operation, code, (clock.now() - startedAt) / 1000);
    try {
      const {status, text, retryAt} = await this.#send(method, url, key, payload);
      ended(String(status));
      const body = parseJson(text);
      if (status !== 200)
        return {
          ok: false,
          failure: classify(status, parseErrorReason(body, key), retryAt),
        };
      const value = parse(body);
      if (value !== undefined) return {ok: true, value};
      return {
        ok: false,
        failure: failure('malformed', 'the platform answered 200, but not with what was asked for'),
      };
    } catch (error) {
      ended('error');
      return {ok: false, failure: failure('unavailable', describeNetworkError(error))};
    }
  }

  async #send(
    method: 'GET' | 'PUT',
    url: string,
    key: string,
    payload: {action: Action} | undefined,
  ): Promise<{status: number; text: string; retryAt: number | undefined}> {
    const {clock, transport} = this.#options;
    const {headers, status, text} = await transport({
      method,
      url,
      headers: {
        accept: 'application/json',
        'x-api-key': key,
        ...(payload && {'content-type': 'application/json'}),
      },
      ...(payload && {body: JSON.stringify(payload)}),
    });
    return {status, text, retryAt: retryTime(headers, clock.now())};
  }
}
