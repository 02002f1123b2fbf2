import type {LiveCampaign} from '../domain/campaign.ts';
import {type GuardedAction, guard} from '../domain/guard.ts';
import type {Outcome} from '../domain/outcome.ts';
import {statusWord} from '../domain/reasons.ts';
import {type Status, successorsOf} from '../domain/transitions.ts';
import {isHalting, isInVain, restAfter, UNANSWERED, wasClosed} from './failures.ts';
import {isNextFrom, movedFrom} from './grounds.ts';
import type {Knowledge} from './knowledge.ts';
import type {Clock, Failure, Platform, Reply} from './ports.ts';
import type {Sent} from './store/sighted.ts';

/**
 * How one campaign's turn ended. `halt`: the workspace as a whole must rest; without an outcome nothing was sent for this one.
 * `unanswered`: the action was sent, and what became of it is not known.
 */
export type Turn =
  | {readonly outcome: Outcome; readonly halt?: Failure; readonly unanswered?: true}
  | {readonly halt: Failure};

/** A campaign, and when it was read (`Clock.ticks`). */
interface Read {
  readonly campaign: LiveCampaign;
  readonly readAt: number;
}

/** Gives the time to wait before a campaign is tried again, in milliseconds; `rest`: how long its workspace rests, where it does. */
export type NextDelay = (campaignId: string, kind: 'deferred' | 'refused', rest?: number) => number;

const STALE: Failure = {
  kind: 'unavailable',
  message: 'the platform answered with an older status than it had shown before',
};

interface ApplierOptions {
  readonly exact?: boolean;
  /** How long before its edge a closing begins: milliseconds. */
  readonly lead: () => number;
  /** Told of each action right before it is sent. */
  readonly onSend?: (planned: GuardedAction) => void;
}

/**
 * Takes guarded actions to the platform. Each turn reads, decides anew, acts, and believes the answer. With
 * `exact` an action is sent only from the very status that it was planned from, unchanged since.
 */
export class Applier {
  readonly #platform: Platform;
  readonly #view: Knowledge;
  readonly #nextDelay: NextDelay;
  readonly #clock: Clock;
  readonly #exact: boolean;
  readonly #lead: () => number;
  readonly #onSend: (planned: GuardedAction) => void;

  constructor(
    platform: Platform,
    view: Knowledge,
    nextDelay: NextDelay,
    clock: Clock,
    {exact = false, lead, onSend = () => {}}: ApplierOptions,
  ) {
    this.#platform = platform;
    this.#view = view;
    this.#nextDelay = nextDelay;
    this.#clock = clock;
    this.#exact = exact;
    this.#lead = lead;
    this.#onSend = onSend;
  }

  /** One campaign's turn: at most one action, from a status that was read just now. */
  async turn(planned: GuardedAction, signal: AbortSignal): Promise<Turn> {
    const {campaignId} = planned.declaration;
    const reply = await this.#freshly(planned, signal);
    if (!reply.ok) return this.#unread(planned, reply.failure);
    const {campaign, readAt} = reply.value;
    const decided = this.#decide(planned, campaign);
    if ('outcome' in decided) return decided;
    const {action, cause} = planned;
    const sent: Sent = {
      action,
      cause,
      from: decided.from,
      at: this.#clock.ticks(),
      sentAt: this.#clock.now(),
    };
    this.#view.sending(campaignId, sent, this.#platform.keysUsed);
    const holds = (): boolean => {
      const isGrounded = this.#agrees(planned, campaign);
      if (isGrounded) this.#onSend(planned);
      return isGrounded;
    };
    const ground = {readAt, holds};
    const answer = await this.#platform.update(campaignId, planned.action, ground, signal);
    if (!answer.ok && isInVain(answer.failure)) this.#view.unsent(campaignId, sent);
    return answer.ok
      ? {outcome: this.#answered(planned, sent, answer.value)}
      : this.#failed(planned, answer.failure);
  }

  /** The campaign, and when it was read: how long its answer took is bounded by the time that it may take. */
  async #freshly(planned: GuardedAction, signal: AbortSignal): Promise<Reply<Read>> {
    const {action, declaration} = planned;
    const known = this.#view.fresh(declaration.campaignId, this.#clock.ticks());
    if (known) return {ok: true, value: {campaign: known.campaign, readAt: known.askedAt}};
    const reply = await this.#platform.read(declaration.campaignId, action, signal);
    if (!reply.ok) return reply;
    const {askedAt, campaign} = reply.value;
    this.#view.confirm(campaign, askedAt);
    return this.#agrees(planned, campaign)
      ? {ok: true, value: {campaign, readAt: this.#clock.ticks()}}
      : {ok: false, failure: STALE};
  }

  /** True where what is known by now is what was read; unless it is `exact`, also where both ask for the same action. */
  #agrees(planned: GuardedAction, {campaignId, status}: LiveCampaign): boolean {
    const [known, read] = [this.#view.statusOf(campaignId), statusWord(status)];
    if (known === read) return true;
    return !this.#exact && known !== undefined && [known, read].every(word => isNextFrom(planned, word));
  }

  #decide(planned: GuardedAction, live: LiveCampaign): {from: Status} | {outcome: Outcome} {
    const {action} = planned;
    const superseded = (message: string) => ({outcome: {kind: 'superseded', action, message} as const});
    const word = statusWord(live.status);
    if (!('known' in live.status)) return superseded(`live is now ${word}, which Rollcall does not know`);
    const from = live.status.known;
    const moved = this.#exact ? movedFrom(planned, live) : undefined;
    if (moved !== undefined) return superseded(moved);
    if (!isNextFrom(planned, from)) return superseded(`live is now ${word}`);
    const [stopped] = guard([{...planned, from}], {now: this.#clock.now(), lead: this.#lead()}).stopped;
    return stopped ? {outcome: {kind: 'skipped', action, message: stopped.message}} : {from};
  }

  #answered({action, declaration}: GuardedAction, sent: Sent, live: LiveCampaign): Outcome {
    const {campaignId} = declaration;
    const {from} = sent;
    const {status} = live;
    if ('known' in status && successorsOf(from, action).includes(status.known)) {
      this.#view.believe(live, this.#clock.ticks(), sent);
      return {kind: 'applied', action, from, to: status.known};
    }
    this.#view.doubt(campaignId);
    const message = `the platform accepted it, but answered ${statusWord(status)}`;
    return {kind: 'deferred', action, message, retryAt: this.#retryAt(campaignId, 'deferred')};
  }

  /** What was not sent is no try; what its own request met, the campaign waits for, until it is next tried whether that is over. */
  #unread(planned: GuardedAction, failure: Failure): Turn {
    const {action, declaration} = planned;
    if (wasClosed(failure)) return {halt: failure};
    if (failure.kind === 'missing') {
      this.#view.miss(declaration.campaignId, this.#clock.ticks());
      return {outcome: {kind: 'superseded', action, message: failure.message}};
    }
    const retryAt = this.#retryAt(declaration.campaignId, 'deferred', failure);
    const outcome = {kind: 'deferred', action, message: failure.message, retryAt} as const;
    return {outcome, ...(isHalting(failure) && {halt: failure})};
  }

  #failed({action, declaration}: GuardedAction, failure: Failure): Turn {
    const {campaignId} = declaration;
    if (failure.kind === 'dropped') return {halt: failure};
    this.#view.doubt(campaignId);
    if (wasClosed(failure)) return {halt: failure};
    const {message} = failure;
    const kind = failure.kind === 'rejected' || failure.kind === 'missing' ? 'refused' : 'deferred';
    const retryAt = this.#retryAt(campaignId, kind, failure);
    return {
      outcome: {kind, action, message, retryAt},
      ...(isHalting(failure) && {halt: {...failure, ofAction: true}}),
      ...(UNANSWERED.has(failure.kind) && {unanswered: true}),
    };
  }

  /** When a campaign is tried again, by the time of day: an outage keeps each of its campaigns until it is next tried. */
  #retryAt(campaignId: string, kind: 'deferred' | 'refused', failure?: Failure): number {
    const rest = failure && restAfter(failure, this.#clock.ticks());
    const isOutage = failure !== undefined && UNANSWERED.has(failure.kind);
    const delay = rest !== undefined && isOutage ? rest : this.#nextDelay(campaignId, kind, rest);
    return this.#clock.now() + delay;
  }
}
