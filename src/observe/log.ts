import type {Logger} from 'pino';
import type {ControllerEvent, EventOf, Listener} from '../controller/events.ts';
import {EMPTIED_TEXT, EMPTY_REVISION, troubleText} from '../domain/condition.ts';
import type {DeclarationSet} from '../domain/declarations.ts';
import type {Diagnostic} from '../domain/diagnostic.ts';
import type {Finding} from '../domain/finding.ts';
import {describeOutcome} from '../domain/outcome.ts';
import {shortRevision} from '../domain/revision.ts';
import {counted, errorText} from '../domain/text.ts';
import {lengthOf, rfc3339} from '../domain/time.ts';

const MOST_FILES = 5;
/** How many problems of a revision the log tells, one line each. */
const MOST_TOLD = 100;

const filesOf = (diagnostics: readonly Diagnostic[]): string => {
  const files = [...new Set(diagnostics.map(({file}) => file))];
  const more = files.length - MOST_FILES;
  return files.slice(0, MOST_FILES).join(', ') + (more > 0 ? ` and ${more} more files` : '');
};

/** What is declared besides campaigns, in numbers. */
const othersOf = ({allowances = [], calendars = [], freezes = []}: DeclarationSet): string =>
  (
    [
      [calendars.length, 'calendar'],
      [freezes.length, 'freeze'],
      [allowances.length, 'allowance'],
    ] as const
  )
    .flatMap(([number, one]) => (number > 0 ? [`, ${counted(number, one)}`] : []))
    .join('');

const logRevision = (log: Logger, {declarations, emptied, revision}: EventOf<'revision-adopted'>): void => {
  const {counts, diagnostics} = declarations;
  const {author, before, id, subject, turn} = revision;
  if (turn !== undefined && before !== undefined)
    log.warn(
      {revision: id},
      turn === 'backwards'
        ? `the branch went backwards, to a commit before ${shortRevision(before)}, which was in force`
        : `the branch was rewritten: it does not hold ${shortRevision(before)}, which was in force`,
    );
  const title = subject === undefined ? '' : ` «${subject}»`;
  const by = author === undefined ? '' : ` by ${author}`;
  const what = `revision ${shortRevision(id)}${title}${by}: ${counted(counts.valid, 'declaration')}${othersOf(declarations)}`;
  if (diagnostics.length === 0) {
    log.info({revision: id, author}, what);
    if (emptied) log.warn({revision: id, reason: EMPTY_REVISION}, EMPTIED_TEXT);
    return;
  }
  const held = `${counts.invalid} invalid, in ${filesOf(diagnostics)}`;
  log.warn({revision: id, author}, `${what}, ${held}`);
  for (const {code, column, file, hint, line, message} of diagnostics.slice(0, MOST_TOLD)) {
    const advice = hint === undefined ? '' : ` (${hint})`;
    log.warn({code, file, line, column}, `${file}:${line}:${column}: ${message}${advice}`);
  }
  const more = diagnostics.length - MOST_TOLD;
  if (more > 0) log.warn(`and ${counted(more, 'more problem')}: rollcall validate shows all of them`);
};

const logSourceTrouble = (log: Logger, {inForce, trouble}: EventOf<'source-trouble'>): void => {
  if (!trouble) {
    log.info('the source can be read again');
    return;
  }
  const rest = inForce
    ? 'the last good revision stays in force'
    : 'nothing is in force until it can be read, and nothing is sent';
  log.warn({reason: trouble.reason}, `${trouble.message}; ${rest}`);
};

const logWorkspaceTrouble = (log: Logger, {trouble, workspace}: EventOf<'workspace-trouble'>): void => {
  if (trouble) log.error({workspace, reason: trouble.reason}, troubleText(trouble));
  else log.info({workspace}, `workspace ${workspace}: the platform answers again`);
};

const changeOf = ({campaignId, desired, liveUpdatedAt, liveUpdatedBy, workspace}: Finding) => ({
  workspace,
  campaign: campaignId,
  desired,
  changedBy: liveUpdatedBy,
  ...(liveUpdatedAt !== undefined && {changedAt: rfc3339(liveUpdatedAt)}),
});

const named = ({campaignId, name, workspace}: Finding): string => `${workspace}/${name} (${campaignId})`;

const logAction = (
  log: Logger,
  {outcome, planned: {cause, declaration, from, reason}, revision: {id}}: EventOf<'action-ended'>,
): void => {
  const {campaignId, name, source, workspace} = declaration;
  const fields = {
    revision: id,
    file: `${source.file}:${source.line}`,
    workspace,
    campaign: campaignId,
    from,
    action: outcome.action,
    ...(outcome.kind === 'applied' && {to: outcome.to}),
    ...('retryAt' in outcome && {retryAt: rfc3339(outcome.retryAt)}),
    outcome: outcome.kind,
    cause,
  };
  const level = outcome.kind === 'applied' || outcome.kind === 'skipped' ? 'info' : 'warn';
  log[level](fields, `${workspace}/${name} (${campaignId}): ${describeOutcome(outcome)}; ${reason}`);
};

const logUnexpected = (log: Logger, event: EventOf<'unexpected-error'>): void => {
  const {campaignId, error, work, workspace} = event;
  const about = [workspace, campaignId].filter(part => part !== undefined).join('/');
  const stack = error instanceof Error ? error.stack : undefined;
  log.error(
    {work, workspace, campaign: campaignId, stack},
    `an unexpected error, a fault of Rollcall’s own, in ${work}${about && ` of ${about}`}: ${errorText(error)}; it is tried again`,
  );
};

const logClockJump = (log: Logger, {seconds}: EventOf<'clock-jumped'>): void => {
  log.warn(
    {seconds},
    `the time of day jumped by ${seconds.toFixed(1)} s: the clock was set, or the machine slept; what is due by it is done now`,
  );
};

const logClosingLate = (log: Logger, {edge, takes, workspace}: EventOf<'closing-late'>): void => {
  log.warn(
    {workspace, takes: takes / 1000},
    `workspace ${workspace}: the timetables that close at ${rfc3339(edge)} have more to pause than the rate lets through in time: it takes about ${lengthOf(takes)}, and begins 30 min before; a higher rate, or calendars that close at different times, would do`,
  );
};

const logUnusable = (log: Logger, {problems, workspace}: EventOf<'unusable-changed'>): void => {
  for (const problem of problems) log.warn({workspace}, `workspace ${workspace}: left out: ${problem}`);
};

const logLimits = (log: Logger, {texts, workspace}: EventOf<'limits-changed'>): void => {
  for (const text of texts) log.warn({workspace, reason: 'LimitExceeded'}, text);
  if (texts.length === 0) log.info({workspace}, `workspace ${workspace}: no limit stops anything any more`);
};

const logDrift = (log: Logger, {finding, kind}: EventOf<'drift-detected' | 'drift-stands'>): void => {
  const word = kind === 'drift-detected' ? 'drift' : 'drift stands';
  if (finding.state !== 'terminal')
    log.warn(changeOf(finding), `${word}: ${named(finding)}: ${finding.reason}`);
};

const logContested = (log: Logger, {finding}: EventOf<'contested'>): void => {
  const by = finding.liveUpdatedBy ?? 'somebody whom the platform does not name';
  log.warn(
    changeOf(finding),
    `contested: ${named(finding)}: changed again within an hour of being corrected, by ${by}: settle with them what Git should say`,
  );
};

const logTerminal = (log: Logger, {finding}: EventOf<'became-terminal'>): void => {
  log.error(changeOf(finding), `terminal: ${named(finding)}: ${finding.reason}; only a person can settle it`);
};

const logPass = (log: Logger, {result, seconds, workspace}: EventOf<'pass-ended'>): void => {
  log.debug({workspace}, `workspace ${workspace}: pass ended in ${seconds.toFixed(3)} s, ${result}`);
};

type Tellers = {readonly [K in ControllerEvent['kind']]: (log: Logger, event: EventOf<K>) => void};

const NOTHING = (): void => {};

/** How each kind of event is told. */
const TELLERS: Tellers = {
  'source-read': NOTHING,
  converged: NOTHING,
  settled: NOTHING,
  'revision-adopted': logRevision,
  'source-trouble': logSourceTrouble,
  'workspace-trouble': logWorkspaceTrouble,
  'unusable-changed': logUnusable,
  'limits-changed': logLimits,
  'drift-detected': logDrift,
  'drift-stands': logDrift,
  contested: logContested,
  'status-seen': NOTHING,
  'wish-changed': NOTHING,
  reworded: NOTHING,
  'action-sent': NOTHING,
  'became-terminal': logTerminal,
  'action-ended': logAction,
  'pass-ended': logPass,
  'unexpected-error': logUnexpected,
  'closing-late': logClosingLate,
  'clock-jumped': logClockJump,
};

/** What happens, one line each. An action's line has all that an audit asks for. */
export const logListener =
  (log: Logger): Listener =>
  <K extends ControllerEvent['kind']>(event: EventOf<K>) =>
    TELLERS[event.kind as K](log, event);
