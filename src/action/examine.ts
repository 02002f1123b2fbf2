import {LocalDeclarations} from '../cli/declared.ts';
import {EXIT, type Io, readerOf} from '../cli/io.ts';
import type {PlanDocument} from '../cli/plan/document.ts';
import {headline} from '../cli/plan/headline.ts';
import {planMarkdown} from '../cli/plan/markdown.ts';
import {safeText} from '../cli/plan/safe.ts';
import {planText} from '../cli/plan/text.ts';
import {planExit} from '../cli/plan.ts';
import {preparePlan} from '../cli/prepare.ts';
import {Secrets} from '../cli/secrets.ts';
import type {Config} from '../config/schema.ts';
import type {Checkout} from '../source/git/checkout.ts';
import {systemClock} from '../system.ts';
import type {ActionContext} from './context.ts';
import {annotate, annotateDiagnostics, annotatePlan, printText, writeOutputs} from './publish.ts';
import {failed, type Result} from './result.ts';
import {ActionError, configChanges, findBase, findConfig} from './revisions.ts';

/** True where no workspace's key can be read: the run was given no secrets. */
const lacksKeys = ({platform, workspaces}: Config, env: NodeJS.ProcessEnv): boolean => {
  if (platform.simulator) return false;
  const secrets = new Secrets(env);
  return workspaces.every(({apiKey}) => apiKey === undefined || secrets.read(apiKey) === undefined);
};

/**
 * Checks the declarations, and asks the platform for nothing. No status of success comes of it for a change that
 * could have been planned: nobody has seen what it does.
 */
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
      state: diagnostics.length > 0 ? 'failure' : 'error',
      description: `validated only, there is no plan: ${found}`,
      code: diagnostics.length > 0 ? EXIT.invalid : EXIT.ok,
    };
  } finally {
    await declarations.close();
  }
};

/** A sentence above the plan, where the change also alters what plans are made by. */
const configWarning = (changes: readonly string[]): string => {
  const what = changes.length > 0 ? `: ${changes.join(', ')}` : '';
  return `This change alters the configuration${what}. The plan was made with that of the base.`;
};

const planned = (
  plan: PlanDocument,
  head: string | undefined,
  warning: string | undefined,
  io: Io,
): Result => {
  annotatePlan(plan, io);
  for (const {message} of plan.problems) annotate('error', message, io);
  if (warning !== undefined) annotate('warning', warning, io);
  printText(planText(plan, {colour: false, reader: readerOf(io, systemClock.now())}), io);
  const {cancel, errors, irreversible, later, pause, resume} = plan.summary;
  writeOutputs(
    {changes: cancel + pause + resume + later, irreversible, errors: errors + plan.problems.length},
    io,
  );
  const exit = planExit(plan);
  const good = exit === EXIT.ok || exit === EXIT.differs;
  return {
    markdown: limit => planMarkdown(plan, {limit, head, warning}),
    state: good ? 'success' : 'failure',
    description: headline(plan) + (warning === undefined ? '' : '; the configuration changes'),
    code: good ? EXIT.ok : exit,
  };
};

const NO_SECRETS = 'a pull request from a fork has no secrets, so that the platform cannot be asked';
const NEW_CONFIG =
  'its base has no configuration yet, and that of the change itself is not trusted with keys';

/** Looks at what is checked out. Throws where its declarations cannot be read, or not be compared. */
export const examine = async (
  checkout: Checkout,
  inputs: {readonly config: string; readonly base: string | undefined},
  context: ActionContext,
  io: Io,
): Promise<Result> => {
  const base = await findBase(checkout, context, inputs.base);
  const {from, loaded} = await findConfig(checkout, base, inputs.config, io.env);
  if ('diagnostics' in loaded) {
    annotateDiagnostics(loaded.diagnostics, io);
    return failed(`the configuration ${inputs.config} is not valid: see the annotations`);
  }
  const {config} = loaded;
  if (from === 'new') return validateOnly(config, NEW_CONFIG, io);
  if (context.pullRequest?.fromFork && lacksKeys(config, io.env)) return validateOnly(config, NO_SECRETS, io);
  const options = {revision: 'HEAD', ...(base !== undefined && {base})};
  const prepared = await preparePlan(config, options, new Secrets(io.env), io);
  if (io.stopping.aborted) throw new ActionError('told to stop: no plan was made');
  if ('diagnostics' in prepared) {
    annotateDiagnostics(prepared.diagnostics, io);
    return failed('the simulator’s scenario is not valid: see the annotations');
  }
  const warning =
    from === 'changed' ? configWarning(configChanges(config, inputs.config, io.env)) : undefined;
  return planned(prepared.plan, context.pullRequest?.headSha, warning, io);
};
