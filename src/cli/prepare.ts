import type {Config} from '../config/schema.ts';
import {type PlanResult, planRevision} from '../controller/planner.ts';
import {aheadOf} from '../domain/ahead.ts';
import {isNothing} from '../domain/declarations.ts';
import type {Diagnostic} from '../domain/diagnostic.ts';
import {timeOrNull} from '../domain/time.ts';
import {systemClock} from '../system.ts';
import {type Declared, LocalDeclarations} from './declared.ts';
import {type Io, print} from './io.ts';
import {patienceOf} from './patience.ts';
import {aheadView} from './plan/ahead.ts';
import {LIMIT_EXCEEDED, type PlanDocument, type PlanProblem, toDocument} from './plan/document.ts';
import {seal} from './plan/file.ts';
import {type ComposedPlatform, composePlatform} from './platform.ts';
import {createProgress} from './progress.ts';
import {say} from './say.ts';
import type {Secrets} from './secrets.ts';
import {commandOptions, noteSimulator, planWorkspaces, platformName} from './with-platform.ts';

/** What a plan is asked to be of. */
export interface PlanOptions {
  /** A revision of the repository; null for the files on disk. */
  readonly revision: string | null;
  readonly base?: string;
  /** The time that it is planned for, in place of now: epoch milliseconds. */
  readonly asOf?: number;
}

const EMPTY: PlanProblem = {
  code: 'empty-revision',
  message:
    'this revision declares nothing, where its base declares something: Rollcall takes no action from such a revision',
};

/** Campaigns that could not be read one by one, in workspaces that could. */
const unread = ({failures, proposal}: PlanResult): PlanProblem[] => {
  const failed = new Set(failures.map(({workspace}) => workspace));
  return [...proposal.changes, ...proposal.anyway].flatMap(({campaignId, name, reason, state, workspace}) =>
    state === 'unknown' && !failed.has(workspace)
      ? [{code: 'live-not-read', message: `${workspace}/${name} (${campaignId}): ${reason}`}]
      : [],
  );
};

const problemsOf = (head: Declared, base: Declared | undefined, result: PlanResult): PlanProblem[] => [
  ...(isNothing(head.declarations) && (base?.declarations.claims.size ?? 0) > 0 ? [EMPTY] : []),
  ...result.failures.map(({failure, workspace}) => ({
    code: 'live-not-read',
    message: `workspace ${workspace}: ${failure.message}`,
  })),
  ...unread(result),
  ...result.limits.map(message => ({code: LIMIT_EXCEEDED, message})),
];

/** What is wrong in the declarations, parted like a proposal: what the base has as well is none of this change's. */
const partDiagnostics = (head: Declared, base: Declared | undefined) => {
  const keyOf = ({code, file, line, message}: Diagnostic): string =>
    JSON.stringify([file, line, code, message]);
  const known = new Set(base?.declarations.diagnostics.map(keyOf));
  const {diagnostics} = head.declarations;
  return {
    diagnostics: diagnostics.filter(one => !known.has(keyOf(one))),
    anywayDiagnostics: diagnostics.filter(one => known.has(keyOf(one))),
  };
};

/** Says that a plan is of files that no controller has seen, or will see as they are. */
export const noteUncommitted = (files: readonly string[], io: Io): void => {
  if (files.length === 0) return;
  const what = files.length === 1 ? '1 declaration file is' : `${files.length} declaration files are`;
  print(io.stderr, `note: ${what} not as HEAD has it; a controller goes by what is committed`);
};

/** Says that a plan is against what has gone on since: what it undoes is not what a merge does. */
const noteBehind = ({revision: {id, requested}}: Declared, io: Io): void =>
  say(
    io,
    `note: ${requested ?? id} has commits that are not in what is planned: what they changed is told the other way round, as of this change; merge or rebase first, to see what a merge does`,
  );

const planWith = async (
  declarations: LocalDeclarations,
  composed: ComposedPlatform,
  config: Config,
  options: PlanOptions,
  io: Io,
): Promise<PlanDocument> => {
  const base = options.base === undefined ? undefined : await declarations.readBase(options.base);
  const head = await declarations.readHead(options.revision, base?.declarations);
  const diagnostics = partDiagnostics(head, base);
  if (base && (await declarations.lacks(head, base))) noteBehind(base, io);
  noteUncommitted(await declarations.uncommitted(head), io);
  const progress = createProgress(io, systemClock.ticks);
  progress.show('reading the live campaigns');
  const patience = patienceOf(io, progress);
  const {asOf} = options;
  const clock = asOf === undefined ? patience.clock : {...patience.clock, now: () => asOf};
  const result = await planRevision({
    declarations: head.declarations,
    ...(base && {base: base.declarations}),
    workspaces: planWorkspaces(composed),
    ...patience,
    clock,
    told: new Set(diagnostics.diagnostics.map(({file}) => file)),
    changedAt: files => declarations.changedAt(base ?? head, files),
    onProgress: (done, total) => progress.show(`reading windows: ${done} of ${total}`),
  });
  progress.clear();
  const about = {
    platform: platformName(config, composed),
    revision: head.revision,
    base: base?.revision ?? null,
    asOf: timeOrNull(asOf),
    ahead: base ? aheadView(aheadOf(base.declarations, head.declarations, clock.now())) : null,
    problems: problemsOf(head, base, result),
    ...diagnostics,
  };
  return seal(toDocument(about, result.proposal, systemClock.now()));
};

/**
 * Makes a plan: reads the declarations of a revision and the live campaigns, and compares them. Diagnostics
 * come back where the simulator's scenario is wrong. Throws where the declarations cannot be read.
 */
export const preparePlan = async (
  config: Config,
  options: PlanOptions,
  secrets: Secrets,
  io: Io,
): Promise<{plan: PlanDocument} | {diagnostics: readonly Diagnostic[]}> => {
  const declarations = await LocalDeclarations.open(config);
  try {
    const composed = await composePlatform(config, secrets, commandOptions(io));
    if ('diagnostics' in composed) return composed;
    try {
      noteSimulator(config, composed.url, io);
      return {plan: await planWith(declarations, composed, config, options, io)};
    } finally {
      await composed.close();
    }
  } finally {
    await declarations.close();
  }
};
