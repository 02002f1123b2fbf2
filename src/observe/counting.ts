import type {ControllerEvent, EventOf} from '../controller/events.ts';
import type {SourceReading} from '../controller/ports.ts';
import type {Instruments} from './instruments.ts';

/** How a reading of the source is counted. */
export const FETCH_RESULTS: Readonly<Record<SourceReading['kind'], string>> = {
  read: 'success',
  unchanged: 'unchanged',
  failed: 'failure',
};

type Counters = {
  readonly [K in ControllerEvent['kind']]: (
    instruments: Instruments,
    event: EventOf<K>,
    now: () => number,
  ) => void;
};

const NOT_COUNTED = (): void => {};

/** How each kind of event is counted. */
const COUNTERS: Counters = {
  'source-read': ({fetches, sourceSuccess}, {reading}, now) => {
    fetches.inc({result: FETCH_RESULTS[reading.kind]});
    if (reading.kind !== 'failed') sourceSuccess.set(now() / 1000);
  },
  'revision-adopted': ({declarations, revision}, event, now) => {
    const {committedAt, id} = event.revision;
    revision.reset();
    revision.set({revision: id}, (committedAt ?? now()) / 1000);
    const {counts} = event.declarations;
    for (const validity of ['valid', 'invalid'] as const) declarations.set({validity}, counts[validity]);
  },
  'drift-detected': ({driftDetected}, {finding: {workspace}}) => driftDetected.inc({workspace}),
  'became-terminal': ({terminal}, {finding: {workspace}}) => terminal.inc({workspace}),
  contested: ({contested}, {finding: {workspace}}) => contested.inc({workspace}),
  'action-ended': ({actions}, {outcome, planned: {action, declaration}}) =>
    actions.inc({workspace: declaration.workspace, action, outcome: outcome.kind}),
  'pass-ended': ({lastSuccess, reconcileSeconds, reconciles}, {result, seconds, workspace}, now) => {
    reconciles.inc({workspace, result});
    reconcileSeconds.observe({workspace}, seconds);
    if (result === 'success') lastSuccess.set({workspace}, now() / 1000);
  },
  converged: ({convergence}, {seconds, workspace}) => convergence.observe({workspace}, seconds),
  'unexpected-error': ({unexpected}, {work}) => unexpected.inc({work}),
  'clock-jumped': ({clockJumps}) => clockJumps.inc(),
  'closing-late': NOT_COUNTED,
  'limits-changed': NOT_COUNTED,
  'drift-stands': NOT_COUNTED,
  settled: NOT_COUNTED,
  'status-seen': NOT_COUNTED,
  'wish-changed': NOT_COUNTED,
  reworded: NOT_COUNTED,
  'action-sent': NOT_COUNTED,
  'source-trouble': NOT_COUNTED,
  'workspace-trouble': NOT_COUNTED,
  'unusable-changed': NOT_COUNTED,
};

/** The workspace that an event has series of, where it has any. */
export const workspaceOf = (event: ControllerEvent): string | undefined => {
  if (event.kind === 'unexpected-error') return undefined;
  if ('finding' in event) return event.finding.workspace;
  if ('planned' in event) return event.planned.declaration.workspace;
  return 'workspace' in event ? event.workspace : undefined;
};

/** Takes an event into the instruments. */
export const count = <K extends ControllerEvent['kind']>(
  instruments: Instruments,
  event: EventOf<K>,
  now: () => number,
): void => COUNTERS[event.kind as K](instruments, event, now);
