import {Octokit} from '@octokit/core';
import {paginateRest} from '@octokit/plugin-paginate-rest';
import {retry} from '@octokit/plugin-retry';
import {throttling} from '@octokit/plugin-throttling';
import {VERSION} from '../version.ts';
import type {ActionContext} from './context.ts';

/** Hidden at the head of the one comment that is kept up to date. */
export const MARKER = '<!-- rollcall/plan -->\n';
/** The name under which branch protection knows the plan. */
const STATUS_CONTEXT = 'rollcall/plan';

const LONGEST_DESCRIPTION = 140;

export type StatusState = 'success' | 'failure' | 'error';

const Client = Octokit.plugin(paginateRest, retry, throttling);

/** Milliseconds of the first rest after a server's error; later ones grow with the square. */
const RETRY_AFTER = 500;
const MOST_RETRIES = 3;
/** What no second try mends; a limit of requests has a patience of its own. */
const FINAL = [400, 401, 403, 404, 410, 422, 429, 451];
/** The longest rest that a job sits out where GitHub asks for one. Seconds. */
const LONGEST_REST = 120;

/** Sits out a limit of requests a few times, if it is not for long. */
const isWorthWaiting = (seconds: number, _options: object, _client: object, retries: number): boolean =>
  retries < MOST_RETRIES && seconds <= LONGEST_REST;

/** How many comments of a pull request are looked through for the one that is kept up to date. */
const MOST_COMMENTS = 10_000;

/** The part of GitHub that a plan is published through. What GitHub refuses rejects. */
export class GitHub {
  readonly #client: InstanceType<typeof Client>;
  readonly #context: ActionContext;

  /** @param patient whether it rests between two writes and before a second try, as GitHub asks of its clients */
  constructor(context: ActionContext, token: string, {patient}: {readonly patient: boolean}) {
    this.#context = context;
    this.#client = new Client({
      auth: token,
      baseUrl: context.apiUrl,
      userAgent: `rollcall/${VERSION}`,
      log: {debug: () => {}, info: () => {}, warn: () => {}, error: () => {}},
      retry: {retries: MOST_RETRIES, retryAfterBaseValue: patient ? RETRY_AFTER : 0, doNotRetry: FINAL},
      throttle: {enabled: patient, onRateLimit: isWorthWaiting, onSecondaryRateLimit: isWorthWaiting},
    });
  }

  /**
   * Writes the comment, or writes it anew where this token's own account has written it before. A comment of
   * somebody else that looks the same is left alone: its author could change it again. Where two jobs have written
   * one each at the same time, the older stays, and the other goes.
   */
  async comment(issueNumber: number, text: string): Promise<void> {
    const {owner, repo} = this.#context;
    const body = MARKER + text;
    const login = await this.#login();
    const [mine] = await this.#ownComments(issueNumber, login);
    if (mine !== undefined) return this.#rewrite(mine, body);
    const where = {owner, repo, issue_number: issueNumber};
    await this.#client.request('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', {...where, body});
    const [oldest, ...others] = await this.#ownComments(issueNumber, login);
    if (oldest === undefined || others.length === 0) return;
    await this.#rewrite(oldest, body);
    for (const other of others) await this.#remove(other);
  }

  /** Sets the commit status `rollcall/plan`. */
  async status(sha: string, state: StatusState, description: string): Promise<void> {
    const {owner, repo, runUrl} = this.#context;
    await this.#client.request('POST /repos/{owner}/{repo}/statuses/{sha}', {
      owner,
      repo,
      sha,
      state,
      context: STATUS_CONTEXT,
      description: description.slice(0, LONGEST_DESCRIPTION),
      target_url: runUrl,
    });
  }

  async #rewrite(id: number, body: string): Promise<void> {
    const {owner, repo} = this.#context;
    const where = {owner, repo, comment_id: id};
    await this.#client.request('PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}', {...where, body});
  }

  /** The other job may have removed it first. */
  async #remove(id: number): Promise<void> {
    const {owner, repo} = this.#context;
    const where = {owner, repo, comment_id: id};
    await this.#client
      .request('DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}', where)
      .catch((error: unknown) => {
        if (!(error instanceof Error && 'status' in error && error.status === 404)) throw error;
      });
  }

  /** The comments that this account keeps up to date, oldest first. */
  async #ownComments(issueNumber: number, login: string): Promise<number[]> {
    const {owner, repo} = this.#context;
    const pages = this.#client.paginate.iterator('GET /repos/{owner}/{repo}/issues/{issue_number}/comments', {
      owner,
      repo,
      issue_number: issueNumber,
      per_page: 100,
    });
    const mine: number[] = [];
    let seen = 0;
    for await (const {data} of pages) {
      for (const {body, id, user} of data)
        if (user?.login === login && body?.startsWith(MARKER.trim())) mine.push(Number(id));
      seen += data.length;
      if (seen >= MOST_COMMENTS) break;
    }
    return mine.toSorted((a, b) => a - b);
  }

  /** The account of the token; a workflow's own token may not ask for it over REST. */
  async #login(): Promise<string> {
    const {viewer} = await this.#client.graphql<{viewer: {login: string}}>('query { viewer { login } }');
    return viewer.login;
  }
}

/** How the action reaches GitHub with a token. */
export type Connect = (context: ActionContext, token: string) => GitHub;

export const connectGitHub: Connect = (context, token) => new GitHub(context, token, {patient: true});
