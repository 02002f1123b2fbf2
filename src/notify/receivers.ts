import {Webhook} from 'standardwebhooks';
import {isCommit} from '../domain/revision.ts';
import {headerProblem} from '../domain/text.ts';
import {rfc3339} from '../domain/time.ts';
import type {CommitStatus} from './commit-status.ts';
import {type Deliver, NotNow, Refused} from './courier.ts';
import type {Letter} from './letters.ts';
import type {Message} from './message.ts';

/** One HTTP request to a receiver, and its answer. Rejects, saying why, where none came. */
export type Send = (request: {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}) => Promise<Answer>;

/** What a receiver answered. */
interface Answer {
  readonly status: number;
  readonly text: string;
  /** For how long it wants to be left alone, in milliseconds; undefined where it does not say so. */
  readonly rest?: number | undefined;
}

/** Reads a secret, as it is now. Throws, saying where it should be, where it is not there. */
export type ReadSecret = () => string;

const accepted = (status: number): boolean => status >= 200 && status < 300;

/** What is wrong with the letter itself: no later time makes that better. */
const REFUSED: ReadonlySet<number> = new Set([400, 413, 415, 422]);

const assertTaken = ({rest, status}: Answer): void => {
  if (accepted(status)) return;
  if (REFUSED.has(status)) throw new Refused(`it answered ${status}`);
  throw new NotNow(`it answered ${status}`, rest);
};

/** What a message is about, as a receiver of CloudEvents is told. */
const eventOf = (id: string, {at, key: _key, type, workspace, ...data}: Message) => ({
  specversion: '1.0',
  id,
  source: `urn:rollcall:${workspace}`,
  type: `dev.rollcall.${type}`,
  subject: workspace,
  time: rfc3339(at),
  datacontenttype: 'application/json',
  data: {workspace, ...data},
});

/** Why a secret signs nothing; undefined where it does. It is written as Standard Webhooks has it: base64, `whsec_` before it or not. */
export const signingProblem = (secret: string): string | undefined => {
  try {
    new Webhook(secret);
    return undefined;
  } catch {
    return 'is no key of Standard Webhooks: whsec_ and at least 24 bytes in base64';
  }
};

const signer = (secret: string): Webhook => {
  const problem = signingProblem(secret);
  if (problem !== undefined) throw new Error(`its secret ${problem}`);
  return new Webhook(secret);
};

/** Why what is read is no address that is written to; undefined where it is one. */
export const addressProblem = (text: string): string | undefined =>
  URL.canParse(text) ? undefined : 'holds no URL: it must be that of the incoming webhook';

/** A signed webhook after the convention of Standard Webhooks, with a CloudEvent as JSON in it. */
export const toWebhook =
  (
    url: string,
    secret: ReadSecret,
    {digest, now, send}: {digest: (text: string) => string; now: () => number; send: Send},
  ): Deliver =>
  async ({body}) => {
    const message = body as Message;
    const id = `msg_${digest(message.key)}`;
    const payload = JSON.stringify(eventOf(id, message));
    const sentAt = new Date(now());
    const headers = {
      'content-type': 'application/cloudevents+json; charset=UTF-8',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1000)),
      'webhook-signature': signer(secret()).sign(id, sentAt, payload),
    };
    assertTaken(await send({method: 'POST', url, headers, body: payload}));
  };

/** The three characters that Slack's text gives a meaning. */
const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const MARKS: Readonly<Record<Message['type'], string>> = {
  'revision.applied': ':white_check_mark:',
  'revision.failed': ':x:',
  'drift.began': ':warning:',
  'drift.ended': ':white_check_mark:',
};

/** A message in a channel of Slack, by an incoming webhook, whose address is the secret. */
export const toSlack =
  (webhookUrl: ReadSecret, send: Send): Deliver =>
  async ({body}) => {
    const {text, type} = body as Message;
    const payload = JSON.stringify({text: `${MARKS[type]} ${escaped(text)}`, unfurl_links: false});
    const headers = {'content-type': 'application/json; charset=UTF-8'};
    assertTaken(await send({method: 'POST', url: webhookUrl(), headers, body: payload}));
  };

const CONTEXT = 'rollcall/applied';

export interface GitHubOptions {
  readonly baseUrl: string;
  /** `owner/name` */
  readonly repository: string;
  readonly token: ReadSecret;
}

/** One status of a commit, as the list of all has it. */
interface ListedStatus {
  readonly context?: unknown;
  readonly state?: unknown;
  readonly description?: unknown;
}

const jsonIn = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('it answered, but not as GitHub’s API does: check its baseUrl');
  }
};

const statusesIn = (text: string): readonly ListedStatus[] => {
  const body = jsonIn(text);
  const statuses = typeof body === 'object' && body !== null && 'statuses' in body ? body.statuses : [];
  return Array.isArray(statuses) ? statuses : [];
};

/** So many statuses are on a page, and so many pages are looked through at the most. */
const PAGE = 100;
const MOST_PAGES = 10;

/** The status of ours that a commit has; undefined where it has none. */
const ownStatus = async (url: string, headers: Record<string, string>, send: Send) => {
  for (let page = 1; page <= MOST_PAGES; page++) {
    const answer = await send({method: 'GET', url: `${url}?per_page=${PAGE}&page=${page}`, headers});
    assertTaken(answer);
    const statuses = statusesIn(answer.text);
    const own = statuses.find(one => one?.context === CONTEXT);
    if (own || statuses.length < PAGE) return own;
  }
  return undefined;
};

/** Nothing is to be said that stands there already; and a success stays, whoever set it: a replica may know less. */
const isSaid = (latest: ListedStatus | undefined, {description, state}: CommitStatus): boolean => {
  if (latest?.state === 'success' && state !== 'success') return true;
  return latest?.state === state && latest.description === description;
};

const bearer = (token: string): string => {
  const problem = headerProblem(token);
  if (problem !== undefined) throw new Error(`its token ${problem}`);
  return `Bearer ${token}`;
};

/** The status of a commit on GitHub, set where it says otherwise. */
export const toGitHub =
  ({baseUrl, repository, token}: GitHubOptions, send: Send): Deliver =>
  async ({body}: Letter) => {
    const status = body as CommitStatus;
    if (!isCommit(status.sha)) return;
    const headers = {
      accept: 'application/vnd.github+json',
      authorization: bearer(token()),
      'content-type': 'application/json',
      'user-agent': 'rollcall',
      'x-github-api-version': '2022-11-28',
    };
    const repositoryUrl = `${baseUrl}/repos/${repository}`;
    const known = await ownStatus(`${repositoryUrl}/commits/${status.sha}/status`, headers, send);
    if (isSaid(known, status)) return;
    const {description, sha, state} = status;
    const text = JSON.stringify({state, description, context: CONTEXT});
    assertTaken(await send({method: 'POST', url: `${repositoryUrl}/statuses/${sha}`, headers, body: text}));
  };
