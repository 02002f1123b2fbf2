import type {ControllerEvent, EventOf} from '../controller/events.ts';
import type {Revision} from '../controller/ports.ts';
import {claimed, desiredOf} from '../domain/declarations.ts';
import type {Finding} from '../domain/finding.ts';
import type {HistoryRecord} from '../domain/history.ts';
import {statusWord} from '../domain/reasons.ts';
import {saidIn} from './words.ts';

/** What is known of an event besides itself. */
export interface Circumstance {
  /** Epoch milliseconds. */
  readonly now: number;
  readonly replica: string;
  /** The revision in force. */
  readonly revision: Revision | undefined;
}

const ofRevision = (revision: Revision | undefined) => ({
  ...(revision && {revision: revision.id}),
  ...(revision?.author !== undefined && {author: revision.author}),
  ...(revision?.committedAt !== undefined && {committedAt: revision.committedAt}),
});

const ofAction = (
  {outcome, planned, revision}: EventOf<'action-ended'>,
  {now, replica}: Circumstance,
): HistoryRecord => {
  const {action, cause, declaration, desired, from, fromUpdatedAt, fromUpdatedBy} = planned;
  return {
    at: now,
    kind: 'action',
    workspace: declaration.workspace,
    campaignId: declaration.campaignId,
    name: declaration.name,
    ...ofRevision(revision),
    desired,
    from,
    action,
    ...(outcome.kind === 'applied' && {to: outcome.to}),
    cause,
    ...(fromUpdatedBy !== undefined && {changedBy: fromUpdatedBy}),
    changedAt: fromUpdatedAt,
    outcome: outcome.kind,
    ...('message' in outcome && {message: outcome.message}),
    replica,
  };
};

const ofFinding = (
  kind: 'drift' | 'terminal',
  {campaignId, cause, desired, live, liveUpdatedAt, liveUpdatedBy, name, workspace}: Finding,
  {now, replica, revision}: Circumstance,
): HistoryRecord => ({
  at: now,
  kind,
  workspace,
  campaignId,
  name,
  ...ofRevision(revision),
  ...(desired && {desired, from: desired}),
  ...(live && {to: statusWord(live)}),
  ...(cause && {cause}),
  ...(liveUpdatedBy !== undefined && {changedBy: liveUpdatedBy}),
  ...(liveUpdatedAt !== undefined && {changedAt: liveUpdatedAt}),
  replica,
});

const ofStatus = (event: EventOf<'status-seen'>, {now, replica, revision}: Circumstance): HistoryRecord => ({
  at: now,
  kind: 'status',
  workspace: event.workspace,
  campaignId: event.campaignId,
  name: event.name,
  ...ofRevision(revision),
  ...(event.before !== undefined && {from: event.before}),
  to: event.status,
  ...(event.updatedBy !== undefined && !event.byItself && {changedBy: event.updatedBy}),
  changedAt: event.updatedAt,
  ...((event.own || event.perhapsOwn) && {own: event.own}),
  replica,
});

/** Of what is only reworded nothing is told but the words. */
const ofWish = (event: EventOf<'wish-changed' | 'reworded'>, {now, replica}: Circumstance): HistoryRecord => {
  const {campaignId, claim, revision, workspace} = event;
  const before = event.kind === 'reworded' ? claim : event.before;
  const said = saidIn(claim);
  const known = claim ?? before;
  const [from, to] = [desiredOf(before), desiredOf(claim)];
  return {
    at: now,
    kind: 'wish',
    workspace,
    campaignId,
    name: (known && claimed(known).name) ?? campaignId,
    ...ofRevision(revision),
    ...(from !== undefined && {from}),
    ...(to !== undefined && {to, desired: to}),
    ...(claim?.kind === 'invalid' && {message: claim.problem}),
    ...(said && {said}),
    replica,
  };
};

/** What an event leaves in the history; undefined for one that is no decision and no change of a campaign. */
export const recordOf = (event: ControllerEvent, circumstance: Circumstance): HistoryRecord | undefined => {
  if (event.kind === 'action-ended') return ofAction(event, circumstance);
  if (event.kind === 'drift-detected') return ofFinding('drift', event.finding, circumstance);
  if (event.kind === 'became-terminal') return ofFinding('terminal', event.finding, circumstance);
  if (event.kind === 'status-seen') return ofStatus(event, circumstance);
  return event.kind === 'wish-changed' || event.kind === 'reworded' ? ofWish(event, circumstance) : undefined;
};
