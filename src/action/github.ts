import {Octokit} from '@octokit/core';
import {paginateRest} from '@octokit/plugin-paginate-rest';
import {VERSION} from '../version.ts';
import type {ActionContext} from './context.ts';

/** Hidden at the head of the one comment that is kept up to date. */
export const MARKER = '<!-- rollcall/plan -->\n';
/** The name under which branch protection knows the plan. */
export const STATUS_CONTEXT = 'rollcall/plan';

const LONGEST_DESCRIPTION = 140;

export type StatusState = 'success' | 'failure' | 'error';

const Client = Octokit.plugin(paginateRest);

/** The part of GitHub that a plan is published through. What GitHub refuses rejects. */
export class GitHub {
  readonly #client: InstanceType<typeof Client>;
  readonly #context: ActionContext;

  constructor(context: ActionContext, token: string) {
    this.#context = context;
    this.#client = new Client({auth: token, baseUrl: context.apiUrl, userAgent: `rollcall/${VERSION}`});
  }

  /**
   * Writes the comment, or writes it anew where this token's own account has written it before. A comment of
   * somebody else that looks the same is left alone: its author could change it again.
   */
  async comment(issueNumber: number, text: string): Promise<void> {
    const {owner, repo} = this.#context;
    const body = MARKER + text;
    const mine = await this.#ownComment(issueNumber);
    if (mine === undefined) {
      await this.#client.request('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', {
        owner,
        repo,
        issue_number: issueNumber,
        body,
      });
      return;
    }
    await this.#client.request('PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}', {
      owner,
      repo,
      comment_id: mine,
      body,
    });
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

  async #ownComment(issueNumber: number): Promise<number | undefined> {
    const {owner, repo} = this.#context;
    const login = await this.#login();
    const pages = this.#client.paginate.iterator('GET /repos/{owner}/{repo}/issues/{issue_number}/comments', {
      owner,
      repo,
      issue_number: issueNumber,
      per_page: 100,
    });
    for await (const {data} of pages) {
      const mine = data.find(({body, user}) => user?.login === login && body?.startsWith(MARKER.trim()));
      if (mine) return Number(mine.id);
    }
    return undefined;
  }

  /** The account of the token; a workflow's own token may not ask for it over REST. */
  async #login(): Promise<string> {
    const {viewer} = await this.#client.graphql<{viewer: {login: string}}>('query { viewer { login } }');
    return viewer.login;
  }
}
