import type {Config} from '../config/schema.ts';
import {applyChecked, type Ended} from '../controller/plan-applier.ts';
import {type Checked, checkPlan} from '../controller/plan-check.ts';
import {systemClock, systemRandom} from '../system.ts';
import {type ConfigFlags, withConfigured} from './configured.ts';
import {isMeant} from './consent.ts';
import {LocalDeclarations} from './declared.ts';
import {EXIT, type ExitCode, type Io, print, readerOf, widthOf} from './io.ts';
import {explainUnreadable} from './not-readable.ts';
import {patienceOf} from './patience.ts';
import type {PlanDocument} from './plan/document.ts';
import {readPlan} from './plan/file.ts';
import {applyJson, applyTable, differenceText, endedText, summaryOf} from './plan/result.ts';
import {readText} from './plan/saved.ts';
import type {ComposedPlatform} from './platform.ts';
import {noteUncommitted} from './prepare.ts';
import {createProgress, type Progress} from './progress.ts';
import {say} from './say.ts';
import {planWorkspaces, platformName, withPlatform} from './with-platform.ts';

export interface ApplyFlags extends ConfigFlags {
  readonly format: 'table' | 'json';
  readonly allowPartial: boolean;
  /** Apply a revision that nobody has merged. */
  readonly unmerged: boolean;
  /** Do what cannot be undone without asking. */
  readonly yes: boolean;
  /** The saved plan. */
  readonly file: string;
}

const NOTHING_SENT = 'nothing was sent';

const refuse = (
  reasons: readonly string[],
  io: Io,
  more = 'make a new plan, and have it reviewed',
): ExitCode => {
  for (const reason of reasons) say(io, reason);
  print(io.stderr, `rollcall: refused, ${NOTHING_SENT}: ${more}`);
  return EXIT.guarded;
};

/** Why a plan is not to be applied as it stands, whatever the world is like now. */
const objection = ({problems, summary}: PlanDocument): string | undefined =>
  problems.length > 0 || summary.errors > 0 ? 'it has errors: mend them first' : undefined;

interface Opened {
  readonly plan: PlanDocument;
  readonly declarations: LocalDeclarations;
  readonly composed: ComposedPlatform;
  readonly config: Config;
  readonly progress: Progress;
}

/** What the plan is held against, and what speaks against it in Git. */
const requestOf = async ({composed, declarations, plan, progress}: Opened, flags: ApplyFlags, io: Io) => {
  const now = await declarations.read(plan.revision.requested);
  noteUncommitted(await declarations.uncommitted(now), io);
  const {now: inForce, unmerged} = await declarations.inForce(now, plan.base?.requested ?? undefined);
  if (unmerged !== undefined && flags.unmerged) say(io, `note: ${unmerged}`);
  const request = {
    planned: plan.changes.filter(({steps}) => steps.length > 0),
    declarations: inForce.declarations,
    workspaces: planWorkspaces(composed),
    random: systemRandom,
    ...patienceOf(io, progress),
  };
  const {digest, id, requested} = plan.revision;
  const moved =
    now.revision.digest === digest
      ? []
      : [`revision ${requested ?? 'on disk'}: was ${id}, and now declares otherwise: ${now.revision.id}`];
  return {request, moved, unmerged: flags.unmerged ? undefined : unmerged};
};

const finish = (
  {plan}: Opened,
  checked: Checked,
  ended: readonly Ended[],
  flags: ApplyFlags,
  io: Io,
): ExitCode => {
  const {file} = flags;
  const reader = readerOf(io, systemClock.now());
  const width = widthOf(io.stdout);
  print(io.stdout, flags.format === 'json' ? applyJson(plan, checked, ended) : applyTable(ended, width));
  const leftOut = [...checked.moved, ...checked.waiting];
  for (const {change, message} of checked.already)
    print(io.stderr, `already as planned: ${differenceText(change, message, reader)}`);
  for (const {change, message} of leftOut)
    print(io.stderr, `left out: ${differenceText(change, message, reader)}`);
  if (ended.length + leftOut.length + checked.already.length > 0)
    print(io.stderr, summaryOf(ended, checked.already.length, leftOut.length));
  const isCut = ended.some(({kept, outcome}) => outcome.kind === 'skipped' && !kept);
  if (io.stopping.aborted && isCut)
    print(io.stderr, `told to stop; to go on: rollcall apply --allow-partial ${file}`);
  if (ended.some(({already, kept, outcome}) => !already && !kept && outcome.kind !== 'applied'))
    return EXIT.failed;
  return leftOut.length > 0 || ended.some(({kept}) => kept) ? EXIT.differs : EXIT.ok;
};

const send = async (
  opened: Opened,
  checked: Checked,
  request: Parameters<typeof applyChecked>[1],
  io: Io,
) => {
  const total = checked.ready.reduce((sum, {actions}) => sum + actions.length, 0);
  let done = 0;
  const ended = await applyChecked(checked, request, one => {
    done += 1;
    const line = `${done} of ${total}: ${endedText(one)}`;
    if (io.stderr.isTTY) opened.progress.show(line);
    else print(io.stderr, line);
  });
  opened.progress.clear();
  return ended;
};

const applyOpened = async (opened: Opened, flags: ApplyFlags, io: Io): Promise<ExitCode> => {
  const {composed, config, plan} = opened;
  const refused = (reasons: readonly string[], more?: string, checked?: Checked): ExitCode => {
    const told = reasons.length > 0 || more === undefined ? reasons : [more];
    if (flags.format === 'json') print(io.stdout, applyJson(plan, checked, [], told));
    return refuse(reasons, io, more);
  };
  const here = platformName(config, composed);
  if (plan.platform !== here)
    return refused([`the plan was made of ${plan.platform}, and this configuration means ${here}`]);
  const {moved, request, unmerged} = await requestOf(opened, flags, io);
  if (unmerged !== undefined) return refused([unmerged], 'merge it first, or say --unmerged');
  const checked = await checkPlan(request);
  if (checked.failures.length > 0) {
    for (const {failure, workspace} of checked.failures)
      say(io, `rollcall: workspace ${workspace}: ${failure.message}; ${NOTHING_SENT}`);
    return EXIT.failed;
  }
  const reader = readerOf(io, systemClock.now());
  const differences = [
    ...moved,
    ...checked.moved.map(({change, message}) => differenceText(change, message, reader)),
  ];
  if (differences.length > 0 && !flags.allowPartial) return refused(differences, undefined, checked);
  if (checked.limits.length > 0) return refused(checked.limits, undefined, checked);
  for (const difference of moved) print(io.stderr, difference);
  if (!(await isMeant(checked, flags, io)))
    return refused([], 'what cannot be undone needs a yes on a terminal, or --yes', checked);
  return finish(opened, checked, await send(opened, checked, request, io), flags, io);
};

const applyPlan = async (
  plan: PlanDocument,
  config: Config,
  flags: ApplyFlags,
  io: Io,
): Promise<ExitCode> => {
  const declarations = await LocalDeclarations.open(config);
  const progress = createProgress(io, systemClock.ticks);
  try {
    return await withPlatform(config, io, composed =>
      applyOpened({plan, declarations, composed, config, progress}, flags, io),
    );
  } finally {
    progress.clear();
    await declarations.close();
  }
};

/**
 * `rollcall apply`: does just what a saved plan says. Where Git or a campaign has moved since, it says so and
 * does nothing; with `allowPartial` it leaves out what has moved, and does the rest.
 */
export const apply = async (flags: ApplyFlags, io: Io): Promise<ExitCode> => {
  const {file} = flags;
  const found = readText(file);
  if ('problem' in found) {
    say(io, `rollcall: ${found.problem}`);
    return EXIT.failed;
  }
  const read = readPlan(found.text);
  const refusal = 'refusal' in read ? read.refusal : objection(read.plan);
  if ('refusal' in read || refusal !== undefined) {
    const told = [`${file}: ${refusal}`];
    const plan = 'plan' in read ? read.plan : undefined;
    if (flags.format === 'json') print(io.stdout, applyJson(plan, undefined, [], told));
    return refuse(told, io);
  }
  return withConfigured(flags, io, async config => {
    try {
      return await applyPlan(read.plan, config, flags, io);
    } catch (error) {
      say(io, `rollcall: ${explainUnreadable(error)}`);
      return EXIT.failed;
    }
  });
};
