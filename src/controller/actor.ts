import type {Finding} from '../domain/finding.ts';
import {type GuardedAction, guard} from '../domain/guard.ts';
import type {Outcome} from '../domain/outcome.ts';
import {type PlannedAction, plan} from '../domain/plan.ts';
import {isSameWish} from '../domain/same-wish.ts';
import {errorText} from '../domain/text.ts';
import type {Action} from '../domain/transitions.ts';
import {aborted} from './aborted.ts';
import {Applier, type Turn} from './apply.ts';
import type {Listener} from './events.ts';
import {momentOf} from './moment.ts';
import {inPhases} from './phases.ts';
import type {Clock, Failure, Platform, Revision} from './ports.ts';
import type {CampaignStore} from './store/store.ts';

const DRY_RUN = 'dry run: nothing is sent';

/** What one turn came to, or several; `halt`: what ended them early, if anything. */
interface Came {
  readonly outcomes: readonly Outcome[];
  readonly halt?: Failure | undefined;
}

/** What acting on campaigns came to, and the turns that go on since a request of theirs is on its way. */
export interface Acted extends Came {
  readonly underWay: ReadonlyMap<string, Promise<Came>>;
}

/** What is acted on now: the kind of action that it has come to, and how many are left. */
interface Current {
  phase?: Action;
  left: number;
}

const NONE_UNDER_WAY: Acted['underWay'] = new Map();

/** Acts on the campaigns of one workspace that are due: plans, guards, and takes each to the platform. */
export class Actor {
  readonly #store: CampaignStore;
  readonly #clock: Clock;
  readonly #listener: Listener;
  readonly #applier: Applier;
  #current: Current = {left: 0};

  constructor(
    store: CampaignStore,
    {clock, listener, platform}: {clock: Clock; listener: Listener; platform: Platform},
  ) {
    this.#store = store;
    this.#clock = clock;
    this.#listener = listener;
    this.#applier = new Applier(platform, store.sightings, (...failed) => store.nextDelay(...failed), clock, {
      lead: () => store.closings.closing.lead,
      onSend: planned => listener({kind: 'action-sent', planned}),
    });
  }

  /** The kind of action that the work under way has come to. */
  get phase(): Action | undefined {
    return this.#current.phase;
  }

  get actionsLeft(): number {
    return this.#current.left;
  }

  /** Acts on what is due, until `signal` says that it is out of date: whoever comes next does not wait for what is on its way. */
  async act(
    due: readonly Finding[],
    revision: Revision,
    {concurrency, dryRun}: {readonly concurrency: number; readonly dryRun: boolean},
    signal: AbortSignal,
  ): Promise<Acted> {
    const outcomes: Outcome[] = [];
    const end = (planned: PlannedAction, outcome: Outcome): void => {
      outcomes.push(outcome);
      this.#ended(planned, outcome, revision);
    };
    const now = this.#clock.now();
    const {passed, stopped} = guard(plan(due, now), {now, lead: this.#store.closings.closing.lead});
    for (const {planned, message} of stopped)
      end(planned, {kind: 'skipped', action: planned.action, message});
    if (dryRun) {
      for (const planned of passed) end(planned, {kind: 'skipped', action: planned.action, message: DRY_RUN});
      return {outcomes, underWay: NONE_UNDER_WAY};
    }
    return {...(await this.#turns(passed, concurrency, signal, end)), outcomes};
  }

  async #turns(
    actions: readonly GuardedAction[],
    concurrency: number,
    signal: AbortSignal,
    end: (planned: PlannedAction, outcome: Outcome) => void,
  ): Promise<Pick<Acted, 'halt' | 'underWay'>> {
    const current: Current = {left: actions.length};
    this.#current = current;
    const underWay = new Map<string, Promise<Came>>();
    const work = inPhases(actions, concurrency, signal, async planned => {
      current.phase = planned.action;
      const {campaignId} = planned.declaration;
      const ended = this.#ending(planned, signal, end);
      underWay.set(campaignId, ended);
      const {halt} = await ended;
      underWay.delete(campaignId);
      current.left -= 1;
      return halt;
    });
    const halt = await Promise.race([work, aborted(signal)]);
    this.#current = {left: 0};
    return {...(halt && {halt}), underWay};
  }

  async #ending(
    planned: GuardedAction,
    signal: AbortSignal,
    end: (planned: PlannedAction, outcome: Outcome) => void,
  ): Promise<Came> {
    const {halt, ...turn} = await this.#turn(planned, signal);
    if (!('outcome' in turn)) return {outcomes: [], halt};
    end(planned, turn.outcome);
    return {outcomes: [turn.outcome], halt};
  }

  /** One campaign's turn; an unexpected error in it is that campaign's outcome, and nobody else's. */
  async #turn(planned: GuardedAction, signal: AbortSignal): Promise<Turn> {
    const {action, declaration} = planned;
    const {campaignId, workspace} = declaration;
    try {
      return await this.#applier.turn(planned, signal);
    } catch (error) {
      this.#listener({kind: 'unexpected-error', work: 'turn', workspace, campaignId, error});
      const retryAt = this.#clock.now() + this.#store.nextDelay(campaignId, 'deferred');
      const message = `an unexpected error: ${errorText(error)}`;
      return {outcome: {kind: 'deferred', action, message, retryAt}};
    }
  }

  #ended(planned: PlannedAction, outcome: Outcome, revision: Revision): void {
    const {declaration} = planned;
    const entry = this.#store.find(declaration.campaignId);
    const last = entry?.lastOutcome?.outcome;
    const isToldAlready =
      outcome.kind === 'skipped' && last?.kind === 'skipped' && last.action === outcome.action;
    if (isToldAlready) return;
    const claim = entry?.claim;
    const inForce = claim?.kind === 'valid' && isSameWish(claim.declaration, declaration);
    this.#store.ended(declaration.campaignId, outcome, momentOf(this.#clock), inForce, planned.cause);
    this.#listener({kind: 'action-ended', planned, outcome, revision});
  }
}
