import {isInPlace} from '../domain/assess.ts';
import type {GuardedAction} from '../domain/guard.ts';
import type {Outcome} from '../domain/outcome.ts';
import type {PlannedAction} from '../domain/plan.ts';
import {isStatus} from '../domain/transitions.ts';
import {Applier, type Turn} from './apply.ts';
import {backoff} from './backoff.ts';
import {patiently} from './patiently.ts';
import {inPhases} from './phases.ts';
import type {ApplyRequest, Checked} from './plan-check.ts';
import type {Clock, Failure} from './ports.ts';

/** How one planned action ended. */
export interface Ended {
  readonly planned: PlannedAction;
  readonly outcome: Outcome;
  /** Nothing was sent, since somebody else had done it by then. */
  readonly already: boolean;
  /** Nothing was sent, since something keeps it by now, such as a freeze that has begun. */
  readonly kept: boolean;
}

const NOT_SENT = 'not sent: ';
const ALREADY = 'it is already as planned';

const passingFailure = (turn: Turn, clock: Clock): Failure | undefined => {
  if (turn.halt) return turn.halt;
  if (!('outcome' in turn) || turn.outcome.kind !== 'deferred') return undefined;
  const {message, retryAt} = turn.outcome;
  return {kind: 'unavailable', message, retryAt: clock.ticks() + (retryAt - clock.now())};
};

/**
 * One action, tried again while what keeps it may pass. Where its answer was lost, and the campaign then shows what
 * was asked for, the action took effect; where it was refused, and the campaign shows it, somebody else was faster.
 */
const turnOf = async (
  action: GuardedAction,
  applier: Applier,
  {view, workspace: {platform}}: Checked['ready'][number]['site'],
  request: ApplyRequest,
): Promise<{turn: Turn; already: boolean}> => {
  const {clock, signal} = request;
  const {campaignId} = action.declaration;
  let unanswered = false;
  const attempt = async (): Promise<Turn> => {
    const turn = await applier.turn(action, signal);
    unanswered ||= 'outcome' in turn && turn.unanswered === true;
    return turn;
  };
  const turn = await patiently(attempt, ended => passingFailure(ended, clock), request);
  const asItWas = {turn, already: false};
  if (!('outcome' in turn)) return asItWas;
  if (turn.outcome.kind === 'refused') {
    const reply = await platform.read(campaignId, action.action, signal);
    if (reply.ok) view.confirm(reply.value.campaign, reply.value.askedAt);
  } else if (turn.outcome.kind !== 'superseded') return asItWas;
  const live = view.statusOf(campaignId) ?? '';
  if (!isStatus(live) || !isInPlace(action.desired, live)) return asItWas;
  if (!unanswered)
    return {
      turn: {
        outcome: {kind: 'superseded', action: action.action, message: `${ALREADY}: ${turn.outcome.message}`},
      },
      already: true,
    };
  return {
    turn: {outcome: {kind: 'applied', action: action.action, from: action.from, to: live}},
    already: false,
  };
};

const applySite = async (
  {actions, site}: Checked['ready'][number],
  request: ApplyRequest,
  onEnded: (ended: Ended) => void,
): Promise<readonly Ended[]> => {
  const {lead, view, workspace} = site;
  const {clock, random, signal} = request;
  const options = {exact: true, lead: () => lead};
  const applier = new Applier(workspace.platform, view, () => backoff(1, random), clock, options);
  const ended: Ended[] = [];
  const end = (planned: GuardedAction, outcome: Outcome, {already = false, kept = false} = {}): void => {
    const one = {planned, outcome, already, kept};
    ended.push(one);
    onEnded(one);
  };
  const halt = await inPhases(actions, workspace.concurrency, signal, async action => {
    const {already, turn} = await turnOf(action, applier, site, request);
    if ('outcome' in turn) end(action, turn.outcome, {already, kept: turn.outcome.kind === 'skipped'});
    return turn.halt;
  });
  const over = new Set(ended.map(({planned}) => planned));
  const why = signal.aborted ? 'it was told to stop' : (halt?.message ?? 'its turn never came');
  for (const action of actions) {
    if (over.has(action)) continue;
    end(action, {kind: 'skipped', action: action.action, message: NOT_SENT + why});
  }
  return ended;
};

/** Sends what a checked plan says: pauses, then cancels, then resumes, each from the status that it says. */
export const applyChecked = async (
  {ready}: Checked,
  request: ApplyRequest,
  onEnded: (ended: Ended) => void,
): Promise<readonly Ended[]> => {
  const parts = await Promise.all(ready.map(part => applySite(part, request, onEnded)));
  return parts.flat();
};
