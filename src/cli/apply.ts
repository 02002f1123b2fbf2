import {readFileSync} from 'node:fs';
import type {Config} from '../config/schema.ts';
import {applyChecked, type Checked, checkPlan, type Ended} from '../controller/plan-applier.ts';
import {systemClock, systemRandom} from '../system.ts';
import {type ConfigFlags, configured} from './configured.ts';
import {explainUnreadable, LocalDeclarations} from './declared.ts';
import {EXIT, type ExitCode, type Io, print} from './io.ts';
import type {PlanDocument} from './plan/document.ts';
import {readPlan} from './plan/file.ts';
import {applyJson, applyTable, differenceText, endedText, summaryOf} from './plan/result.ts';
import {type ComposedPlatform, planWorkspaces, platformName, withPlatform} from './platform.ts';
import {noteUncommitted} from './prepare.ts';
import {createProgress} from './progress.ts';

export interface ApplyFlags extends ConfigFlags {
  readonly format: 'table' | 'json';
  readonly allowPartial: boolean;
  /** The saved plan. */
  readonly file: string;
}

const NOTHING_SENT = 'nothing was sent';

const refuse = (reasons: readonly string[], io: Io): ExitCode => {
  for (const reason of reasons) print(io.stderr, reason);
  const more = 'make a new plan, and have it reviewed';
  print(io.stderr, `rollcall: refused, ${NOTHING_SENT}: ${more}`);
  return EXIT.guarded;
};

/** Why a plan is not to be applied as it stands, whatever the world is like now. */
const objection = ({problems, summary}: PlanDocument): string | undefined =>
  problems.length > 0 || summary.errors > 0 ? 'it has errors: mend them first' : undefined;

const readText = (file: string, io: Io): string | undefined => {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    print(io.stderr, `rollcall: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
};

interface Opened {
  readonly plan: PlanDocument;
  readonly declarations: LocalDeclarations;
  readonly composed: ComposedPlatform;
  readonly config: Config;
}

const requestOf = async ({composed, declarations, plan}: Opened, io: Io) => {
  const now = await declarations.read(plan.revision.requested);
  noteUncommitted(await declarations.uncommitted(now), io);
  const request = {
    planned: plan.changes.filter(({steps}) => steps.length > 0),
    declarations: now.declarations,
    workspaces: planWorkspaces(composed),
    clock: systemClock,
    random: systemRandom,
    signal: io.stopping,
  };
  const {digest, id, requested} = plan.revision;
  const moved =
    now.revision.digest === digest
      ? []
      : [`revision ${requested ?? 'on disk'}: was ${id}, and now declares otherwise: ${now.revision.id}`];
  return {request, moved};
};

const finish = (
  {plan}: Opened,
  checked: Checked,
  ended: readonly Ended[],
  flags: ApplyFlags,
  io: Io,
): ExitCode => {
  const {file} = flags;
  print(io.stdout, flags.format === 'json' ? applyJson(plan, checked, ended) : applyTable(ended));
  const leftOut = [...checked.moved, ...checked.waiting];
  for (const {change, message} of leftOut) print(io.stderr, `left out: ${differenceText(change, message)}`);
  if (ended.length + leftOut.length > 0) print(io.stderr, summaryOf(ended, leftOut.length));
  if (io.stopping.aborted) print(io.stderr, `told to stop; to go on: rollcall apply --allow-partial ${file}`);
  if (ended.some(({outcome}) => outcome.kind !== 'applied')) return EXIT.failed;
  return leftOut.length > 0 ? EXIT.differs : EXIT.ok;
};

const applyOpened = async (opened: Opened, flags: ApplyFlags, io: Io): Promise<ExitCode> => {
  const {composed, config, plan} = opened;
  const here = platformName(config, composed);
  if (plan.platform !== here)
    return refuse([`the plan was made of ${plan.platform}, and this configuration means ${here}`], io);
  const {moved, request} = await requestOf(opened, io);
  const checked = await checkPlan(request);
  if (checked.failures.length > 0) {
    for (const {failure, workspace} of checked.failures)
      print(io.stderr, `rollcall: workspace ${workspace}: ${failure.message}; ${NOTHING_SENT}`);
    return EXIT.failed;
  }
  const differences = [
    ...moved,
    ...checked.moved.map(({change, message}) => differenceText(change, message)),
  ];
  if (differences.length > 0 && !flags.allowPartial) return refuse(differences, io);
  for (const difference of moved) print(io.stderr, difference);
  const progress = createProgress(io, systemClock.now);
  const total = checked.ready.reduce((sum, {actions}) => sum + actions.length, 0);
  let done = 0;
  const ended = await applyChecked(checked, request, one => {
    done += 1;
    const line = `${done} of ${total}: ${endedText(one)}`;
    if (io.stderr.isTTY) progress.show(line);
    else print(io.stderr, line);
  });
  progress.clear();
  return finish(opened, checked, ended, flags, io);
};

const applyPlan = async (
  plan: PlanDocument,
  config: Config,
  flags: ApplyFlags,
  io: Io,
): Promise<ExitCode> => {
  const declarations = await LocalDeclarations.open(config);
  try {
    return await withPlatform(config, io, composed =>
      applyOpened({plan, declarations, composed, config}, flags, io),
    );
  } finally {
    await declarations.close();
  }
};

/**
 * `rollcall apply`: does just what a saved plan says. Where Git or a campaign has moved since, it says so and
 * does nothing; with `allowPartial` it leaves out what has moved, and does the rest.
 */
export const apply = async (flags: ApplyFlags, io: Io): Promise<ExitCode> => {
  const {file} = flags;
  const text = readText(file, io);
  if (text === undefined) return EXIT.failed;
  const read = readPlan(text);
  const refusal = 'refusal' in read ? read.refusal : objection(read.plan);
  if ('refusal' in read || refusal !== undefined) return refuse([`${file}: ${refusal}`], io);
  const config = configured(flags, io);
  if (!config) return EXIT.failed;
  try {
    return await applyPlan(read.plan, config, flags, io);
  } catch (error) {
    print(io.stderr, `rollcall: ${explainUnreadable(error)}`);
    return EXIT.failed;
  }
};
