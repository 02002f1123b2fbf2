import type {Finding} from '../domain/finding.ts';
import {type GuardedAction, guard} from '../domain/guard.ts';
import type {Outcome} from '../domain/outcome.ts';
import {type PlannedAction, plan} from '../domain/plan.ts';
import {isSameWish} from '../domain/same-wish.ts';
import {errorText} from '../domain/text.ts';
import type {Action} from '../domain/transitions.ts';
import {Applier, inPhases, type Turn} from './apply.ts';
import type {Listener} from './events.ts';
import {momentOf} from './moment.ts';
import type {Clock, Failure, Platform, Revision} from './ports.ts';
import type {CampaignStore} from './store/store.ts';

const DRY_RUN = 'dry run: nothing is sent';

/** What acting on campaigns came to; `halt`: what ended it early, if anything. */
export interface Acted {
  readonly outcomes: readonly Outcome[];
  readonly halt?: Failure | undefined;
}

/** Acts on the campaigns of one workspace that are due: plans, guards, and takes each to the platform. */
export class Actor {
  readonly #store: CampaignStore;
  readonly #clock: Clock;
  readonly #listener: Listener;
  readonly #applier: Applier;
  #phase: Action | undefined;
  #actionsLeft = 0;

  constructor(
    store: CampaignStore,
    {clock, listener, platform}: {clock: Clock; listener: Listener; platform: Platform},
  ) {
    this.#store = store;
    this.#clock = clock;
    this.#listener = listener;
    this.#applier = new Applier(platform, store.sightings, (id, kind) => store.nextDelay(id, kind), clock);
  }

  /** The kind of action that the work under way has come to. */
  get phase(): Action | undefined {
    return this.#phase;
  }

  get actionsLeft(): number {
    return this.#actionsLeft;
  }

  /** Acts on what is due, until `signal` says that it is out of date. */
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
    const {passed, stopped} = guard(plan(due, this.#clock.now()), this.#clock.now());
    for (const {planned, message} of stopped)
      end(planned, {kind: 'skipped', action: planned.action, message});
    if (dryRun) {
      for (const planned of passed) end(planned, {kind: 'skipped', action: planned.action, message: DRY_RUN});
      return {outcomes};
    }
    return {outcomes, halt: await this.#turns(passed, concurrency, signal, end)};
  }

  async #turns(
    actions: readonly GuardedAction[],
    concurrency: number,
    signal: AbortSignal,
    end: (planned: PlannedAction, outcome: Outcome) => void,
  ): Promise<Failure | undefined> {
    this.#actionsLeft = actions.length;
    try {
      return await inPhases(actions, concurrency, signal, async planned => {
        this.#phase = planned.action;
        const turn = await this.#turn(planned, signal);
        this.#actionsLeft -= 1;
        if ('outcome' in turn) end(planned, turn.outcome);
        return turn.halt;
      });
    } finally {
      this.#phase = undefined;
      this.#actionsLeft = 0;
    }
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
