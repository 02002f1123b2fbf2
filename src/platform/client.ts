import type {Clock, Failure, Reply} from '../controller/ports.ts';
import type {LiveCampaign} from '../domain/campaign.ts';
import {idProblem} from '../domain/identifier.ts';
import type {Action} from '../domain/transitions.ts';
import {errorReason} from './error-reason.ts';
import {type Clean, cleaner} from './foreign.ts';
import {keyTrouble} from './key.ts';
import type {ListQuery} from './lists.ts';
import {describeNetworkError} from './network-error.ts';
import {type Answer, type Asked, classify, isProxys, type Operation, proxyText} from './refusal.ts';
import {askedRest} from './retry-after.ts';
import type {Transport} from './transport.ts';
import {type Page, type Parse, parseCampaign, parsePage} from './wire.ts';

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
  /** Every secret in use: none of them may show in what the platform says. */
  readonly secrets: () => readonly string[];
  readonly transport: Transport;
  readonly clock: Clock;
  readonly observe: RequestObserver;
}

const failed = <T>(kind: Failure['kind'], message: string): Reply<T> => ({
  ok: false,
  failure: {kind, message},
});

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** The path of a campaign, or why it has none: nothing leaves the template of a URL. */
const segmentOf = (campaignId: string): {segment: string} | {problem: string} => {
  const problem = idProblem(campaignId);
  return problem === undefined ? {segment: encodeURIComponent(campaignId)} : {problem};
};

const OLDEST_FIRST = {sort_by: 'created_at', sort_order: 'asc'};
const NEWEST_FIRST = {sort_by: 'updated_at', sort_order: 'desc'};

/** One workspace's calls on the wire: each method is one HTTP request, which never throws. */
export class PlatformClient {
  readonly #options: ClientOptions;
  readonly #campaigns: string;
  readonly #clean: Clean;
  #key = '';
  #keysUsed = 0;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.#clean = cleaner(options.secrets);
    const {baseUrl, orgId, workspaceId} = options;
    this.#campaigns = `${baseUrl}/v1/orgs/${encodeURIComponent(orgId)}/workspaces/${encodeURIComponent(workspaceId)}/campaigns`;
  }

  /** One page of the list; oldest campaign first, where nothing else is asked, so that a new one does not shift the pages. */
  list(query: ListQuery): Promise<Reply<Page>> {
    const parameters = new URLSearchParams({
      ...(query.status && {campaign_status: query.status}),
      offset: String(query.offset),
      limit: String(query.limit),
      ...(query.newestFirst ? NEWEST_FIRST : OLDEST_FIRST),
    });
    return this.#call('list', 'GET', `${this.#campaigns}?${parameters}`, parsePage);
  }

  keysUsed(): number {
    return this.#keysUsed;
  }

  credential(): string | undefined {
    return this.#options.apiKey();
  }

  async get(campaignId: string): Promise<Reply<LiveCampaign>> {
    const path = segmentOf(campaignId);
    if ('problem' in path) return failed('rejected', `the campaign’s id ${path.problem}`);
    return this.#call('get', 'GET', `${this.#campaigns}/${path.segment}`, parseCampaign(campaignId));
  }

  async updateStatus(campaignId: string, action: Action): Promise<Reply<LiveCampaign>> {
    const path = segmentOf(campaignId);
    if ('problem' in path) return failed('rejected', `the campaign’s id ${path.problem}`);
    const url = `${this.#campaigns}/${path.segment}/status`;
    return this.#call('update_status', 'PUT', url, parseCampaign(campaignId), {action});
  }

  #uses(key: string): void {
    if (key !== this.#key) this.#keysUsed += 1;
    this.#key = key;
  }

  async #call<T>(
    operation: Operation,
    method: 'GET' | 'PUT',
    url: string,
    parse: Parse<T>,
    payload?: {action: Action},
  ): Promise<Reply<T>> {
    const asked: Asked = {operation, ...payload};
    const {apiKey, baseUrl, clock, keyPlace, observe} = this.#options;
    const key = apiKey() ?? '';
    this.#uses(key);
    const trouble = keyTrouble(key || undefined, keyPlace);
    if (trouble) return {ok: false, failure: trouble};
    const startedAt = clock.ticks();
    const ended = (code: string): void => observe(operation, code, (clock.ticks() - startedAt) / 1000);
    try {
      const answer = await this.#send(method, url, key, payload);
      ended(String(answer.status));
      return this.#placed(operation, this.#understand(asked, answer, parse));
    } catch (error) {
      ended('error');
      return failed('unavailable', describeNetworkError(error, baseUrl));
    }
  }

  /** Where nothing is as it should be, it may be another server that was asked: then the message says which. */
  #placed<T>(operation: Operation, reply: Reply<T>): Reply<T> {
    if (reply.ok) return reply;
    const {kind, message, noAnswer} = reply.failure;
    const isList = operation === 'list' && (kind === 'malformed' || kind === 'missing');
    const elsewhere = noAnswer === true || isList;
    if (!elsewhere) return reply;
    const advice = `asked at ${this.#options.baseUrl}: check platform.baseUrl, orgId and workspaceId`;
    return {ok: false, failure: {...reply.failure, message: `${message}; ${advice}`}};
  }

  #understand<T>(asked: Asked, answer: Answer, parse: Parse<T>): Reply<T> {
    const body = parseJson(answer.text);
    if (answer.status !== 200) {
      const reason = errorReason(body, answer.text, this.#clean);
      if (isProxys(answer, body)) return failed('unavailable', proxyText(answer, reason));
      return {ok: false, failure: classify(asked, answer, reason)};
    }
    const value = parse(body, this.#clean);
    if (value !== undefined) return {ok: true, value};
    const message = 'the platform answered 200, but not with what was asked for';
    return {ok: false, failure: {kind: 'malformed', message, ...(body === undefined && {noAnswer: true})}};
  }

  async #send(
    method: 'GET' | 'PUT',
    url: string,
    key: string,
    payload: {action: Action} | undefined,
  ): Promise<Answer> {
    const {clock, transport} = this.#options;
    const {headers, proxy, status, text} = await transport({
      method,
      url,
      headers: {
        accept: 'application/json',
        'x-api-key': key,
        ...(payload && {'content-type': 'application/json'}),
      },
      ...(payload && {body: JSON.stringify(payload)}),
    });
    return {
      status,
      text,
      rest: askedRest(headers, clock.now()),
      ticks: clock.ticks(),
      ...(proxy !== undefined && {proxy}),
    };
  }
}
