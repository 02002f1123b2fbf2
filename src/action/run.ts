import {EXIT, type ExitCode, type Io} from '../cli/io.ts';
import {explainUnreadable} from '../cli/not-readable.ts';
import {COMMENT_LIMIT} from '../cli/plan/markdown.ts';
import {errorText} from '../domain/text.ts';
import {Checkout} from '../source/git/checkout.ts';
import type {ActionContext} from './context.ts';
import {examine} from './examine.ts';
import {type Connect, MARKER} from './github.ts';
import {annotate, SUMMARY_LIMIT, writeSummary} from './publish.ts';
import {failed, type Result} from './result.ts';
import {ActionError} from './revisions.ts';

/** What the workflow gives the action. */
export interface ActionInputs {
  readonly config: string;
  readonly base: string | undefined;
  readonly token: string | undefined;
}

/**
 * Events of which it is known whose change is checked out, and that no stranger's change gets a key by. Others, such
 * as `pull_request_target` or `issue_comment`, hand keys to a change that nobody has looked at.
 */
const EVENTS = new Set(['pull_request', 'merge_group', 'push', 'workflow_dispatch', 'schedule']);

const explain = (error: unknown): string =>
  error instanceof ActionError ? error.message : explainUnreadable(error);

const statusOf = (error: unknown): number | undefined =>
  error instanceof Error && 'status' in error ? Number(error.status) : undefined;

/** What GitHub says where something else than a permission is missing, and what to do about it. */
const REFUSALS: readonly {pattern: RegExp; advice: string}[] = [
  {
    pattern: /is locked|locked and (?:limited|only)/i,
    advice: 'the conversation is locked: unlock it, and run the job again',
  },
  {
    pattern: /secondary rate|abuse detection/i,
    advice: 'GitHub’s secondary rate limit was met: run the job again in some minutes',
  },
  {pattern: /rate limit/i, advice: 'the token’s rate limit is used up: run the job again in an hour'},
];

/** What GitHub answers where a token lacks a permission. */
const FORBIDDEN: ReadonlySet<number | undefined> = new Set([401, 403, 404]);

const isSpent = (error: unknown): boolean => {
  const response = error instanceof Error && 'response' in error ? error.response : undefined;
  const headers = (response as {headers?: Record<string, unknown>} | undefined)?.headers;
  return headers?.['x-ratelimit-remaining'] === '0';
};

/** What to do about a refusal of GitHub's, by its words and headers, and only then by its number. */
const adviceFor = (error: unknown, permission: string): string => {
  const text = errorText(error);
  const known = REFUSALS.find(({pattern}) => pattern.test(text));
  if (known) return known.advice;
  if (isSpent(error)) return 'the token’s rate limit is used up: run the job again in an hour';
  return FORBIDDEN.has(statusOf(error)) ? `give the job the permission ${permission}` : 'run the job again';
};

/** Tries one way of publishing; says what is missing where GitHub refuses it. */
const tryTo = async (what: string, permission: string, work: Promise<void>, io: Io): Promise<boolean> => {
  try {
    await work;
    return true;
  } catch (error) {
    const status = statusOf(error);
    const said = status === undefined ? '' : ` (GitHub answered ${status})`;
    annotate('error', `${what}${said}: ${adviceFor(error, permission)}`, io);
    return false;
  }
};

/** Said by the status where the pull request still shows an older plan, or none. */
const UNTOLD = 'the plan could not be written to the pull request: see the run';

/** Publishes to the pull request. A run for a fork may not write there, and does not try. */
const publish = async (
  {description, markdown, state}: Result,
  token: string | undefined,
  context: ActionContext,
  io: Io,
  connect: Connect,
): Promise<boolean> => {
  const {mergeGroup, pullRequest} = context;
  const sha = pullRequest?.headSha ?? mergeGroup?.headSha;
  if (sha === undefined || pullRequest?.fromFork) return true;
  if (!token) {
    annotate('error', 'there is no token to write the comment with', io);
    return false;
  }
  const github = connect(context, token);
  const comment = async (): Promise<void> => {
    if (pullRequest) await github.comment(pullRequest.number, markdown(COMMENT_LIMIT - MARKER.length));
  };
  const told = await tryTo('the comment could not be written', 'pull-requests: write', comment(), io);
  const status = told ? github.status(sha, state, description) : github.status(sha, 'error', UNTOLD);
  const set = await tryTo('the commit status could not be set', 'statuses: write', status, io);
  return told && set;
};

const examineCheckout = async (inputs: ActionInputs, context: ActionContext, io: Io): Promise<Result> => {
  const checkout = await Checkout.open('.');
  if (!checkout) throw new ActionError('nothing is checked out: run actions/checkout before this action');
  try {
    return await examine(checkout, inputs, context, io);
  } finally {
    await checkout.close();
  }
};

/**
 * The GitHub action: validates and plans what is checked out, and publishes it: annotations on the files, one
 * comment that is kept up to date, the job's summary, the outputs, and a commit status.
 */
export const runAction = async (
  inputs: ActionInputs,
  context: ActionContext,
  io: Io,
  connect: Connect,
): Promise<ExitCode> => {
  if (!EVENTS.has(context.event)) {
    const why = 'may give secrets to a change that nobody has looked at';
    annotate('error', `refused: the event ${context.event} ${why}; use pull_request`, io);
    return EXIT.guarded;
  }
  const result = await examineCheckout(inputs, context, io).catch(error => failed(explain(error)));
  if (result.failure !== undefined) annotate('error', result.failure, io);
  writeSummary(result.markdown(SUMMARY_LIMIT), io);
  const published = await publish(result, inputs.token, context, io, connect);
  return published ? result.code : EXIT.failed;
};
