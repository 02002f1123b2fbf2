import {explainUnreadable, LocalDeclarations} from '../cli/declared.ts';
import {EXIT, type ExitCode, type Io, print} from '../cli/io.ts';
import type {PlanDocument} from '../cli/plan/document.ts';
import {headline} from '../cli/plan/headline.ts';
import {COMMENT_LIMIT, planMarkdown} from '../cli/plan/markdown.ts';
import {safeText} from '../cli/plan/safe.ts';
import {planText} from '../cli/plan/text.ts';
import {planExit} from '../cli/plan.ts';
import {preparePlan} from '../cli/prepare.ts';
import {Secrets} from '../cli/secrets.ts';
import type {Config} from '../config/schema.ts';
import {Checkout} from '../source/git/checkout.ts';
import type {ActionContext} from './context.ts';
import {GitHub, MARKER, type StatusState} from './github.ts';
import {
  annotate,
  annotateDiagnostics,
  annotatePlan,
  SUMMARY_LIMIT,
  writeOutputs,
  writeSummary,
} from './publish.ts';
import {ActionError, findBase, findConfig} from './revisions.ts';

/** What the workflow gives the action. */
export interface ActionInputs {
  readonly config: string;
  readonly base: string | undefined;
  readonly token: string | undefined;
}

/** Events that run with secrets on behalf of a change that nobody has looked at. */
const UNSAFE_EVENTS = new Set(['pull_request_target', 'workflow_run']);

interface Result {
  readonly markdown: (limit: number) => string;
  readonly state: StatusState;
  readonly description: string;
  readonly code: ExitCode;
  /** Why there is no plan, where there is none. */
  readonly failure?: string;
}

const failed = (message: string): Result => ({
  markdown: () => `### Rollcall plan: could not be made\n\n❌ ${safeText(message, 2000)}\n`,
  state: 'error',
  description: 'the plan could not be made: see the run',
  code: EXIT.failed,
  failure: message,
});

const publishPlan = (plan: PlanDocument, head: string | undefined, io: Io): Result => {
  annotatePlan(plan, io);
  for (const {message} of plan.problems) annotate('error', message, io);
  print(io.stdout, planText(plan, false));
  const {cancel, errors, irreversible, pause, resume} = plan.summary;
  writeOutputs({changes: cancel + pause + resume, irreversible, errors: errors + plan.problems.length}, io);
  const exit = planExit(plan);
  const good = exit === EXIT.ok || exit === EXIT.differs;
  return {
    markdown: limit => planMarkdown(plan, limit, head),
    state: good ? 'success' : 'failure',
    description: headline(plan),
    code: good ? EXIT.ok : exit,
  };
};

/** True where no workspace's key can be read: the run was given no secrets. */
const lacksKeys = ({platform, workspaces}: Config, env: NodeJS.ProcessEnv): boolean => {
  if (platform.simulator) return false;
  const secrets = new Secrets(env);
  return workspaces.every(({apiKey}) => apiKey === undefined || secrets.read(apiKey) === undefined);
};

const validateOnly = async (config: Config, why: string, io: Io): Promise<Result> => {
  const declarations = await LocalDeclarations.open(config);
  try {
    const {counts, diagnostics} = (await declarations.read('HEAD')).declarations;
    annotateDiagnostics(diagnostics, io);
    annotate('notice', `validated only: ${why}`, io);
    writeOutputs({changes: 0, irreversible: 0, errors: diagnostics.length}, io);
    const found = `${counts.valid} valid, ${diagnostics.length} problems`;
    return {
      markdown: () => `### Rollcall: validated only (${found})\n\nThere is no plan: ${safeText(why)}\n`,
      state: diagnostics.length > 0 ? 'failure' : 'success',
      description: `validated only: ${found}`,
      code: diagnostics.length > 0 ? EXIT.invalid : EXIT.ok,
    };
  } finally {
    await declarations.close();
  }
};

const NO_SECRETS = 'a pull request from a fork has no secrets, so that the platform cannot be asked';
const NEW_CONFIG =
  'its base has no configuration yet, and that of the change itself is not trusted with keys';
const CHANGED_CONFIG =
  'this change alters the configuration; the plan was made with the configuration of its base';

const examine = async (inputs: ActionInputs, context: ActionContext, io: Io): Promise<Result> => {
  const checkout = await Checkout.open('.');
  if (!checkout) throw new ActionError('nothing is checked out: run actions/checkout before this action');
  try {
    const base = await findBase(checkout, context, inputs.base);
    const {from, loaded} = await findConfig(checkout, base, inputs.config, io.env);
    if ('diagnostics' in loaded) {
      annotateDiagnostics(loaded.diagnostics, io);
      return failed(`the configuration ${inputs.config} is not valid: see the annotations`);
    }
    const {config} = loaded;
    if (from === 'new') return await validateOnly(config, NEW_CONFIG, io);
    if (from === 'changed') annotate('notice', CHANGED_CONFIG, io);
    if (context.pullRequest?.fromFork && lacksKeys(config, io.env))
      return await validateOnly(config, NO_SECRETS, io);
    const options = {revision: 'HEAD', ...(base !== undefined && {base})};
    const prepared = await preparePlan(config, options, new Secrets(io.env), io);
    if ('plan' in prepared) return publishPlan(prepared.plan, context.pullRequest?.headSha, io);
    annotateDiagnostics(prepared.diagnostics, io);
    return failed('the simulator’s scenario is not valid: see the annotations');
  } finally {
    await checkout.close();
  }
};

const explain = (error: unknown): string =>
  error instanceof ActionError ? error.message : explainUnreadable(error);

const statusOf = (error: unknown): string =>
  error instanceof Error && 'status' in error ? ` (GitHub answered ${error.status})` : '';

/** Tries one way of publishing; says what is missing where GitHub refuses it. */
const tryTo = async (what: string, permission: string, work: Promise<void>, io: Io): Promise<boolean> => {
  try {
    await work;
    return true;
  } catch (error) {
    annotate('error', `${what}${statusOf(error)}: give the job the permission ${permission}`, io);
    return false;
  }
};

/** Publishes to the pull request. A run for a fork may not write there, and does not try. */
const publish = async (
  {description, markdown, state}: Result,
  token: string | undefined,
  context: ActionContext,
  io: Io,
): Promise<boolean> => {
  const {mergeGroup, pullRequest} = context;
  const sha = pullRequest?.headSha ?? mergeGroup?.headSha;
  if (sha === undefined || pullRequest?.fromFork) return true;
  if (!token) {
    annotate('error', 'there is no token to write the comment with', io);
    return false;
  }
  const github = new GitHub(context, token);
  const body = markdown(COMMENT_LIMIT - MARKER.length);
  const commented =
    !pullRequest ||
    (await tryTo(
      'the comment could not be written',
      'pull-requests: write',
      github.comment(pullRequest.number, body),
      io,
    ));
  const set = await tryTo(
    'the commit status could not be set',
    'statuses: write',
    github.status(sha, state, description),
    io,
  );
  return commented && set;
};

/**
 * The GitHub action: validates and plans what is checked out, and publishes it: annotations on the files, one
 * comment that is kept up to date, the job's summary, the outputs, and a commit status.
 */
export const runAction = async (inputs: ActionInputs, context: ActionContext, io: Io): Promise<ExitCode> => {
  if (UNSAFE_EVENTS.has(context.event)) {
    annotate(
      'error',
      `refused: ${context.event} gives secrets to a change that nobody has looked at; use pull_request`,
      io,
    );
    return EXIT.guarded;
  }
  const result = await examine(inputs, context, io).catch(error => failed(explain(error)));
  if (result.state === 'error')
    annotate('error', result.markdown(SUMMARY_LIMIT).split('\n').at(-2) ?? '', io);
  writeSummary(result.markdown(SUMMARY_LIMIT), io);
  const published = await publish(result, inputs.token, context, io);
  return published ? result.code : EXIT.failed;
};
