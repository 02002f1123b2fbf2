import type {Trouble} from '../domain/condition.ts';
import type {Finding} from '../domain/finding.ts';
import type {ClaimChanges} from '../domain/same-wish.ts';
import type {Listener} from './events.ts';
import {Health} from './health.ts';
import {type Moment, momentOf} from './moment.ts';
import type {Clock, Failure, RateUse, Revision} from './ports.ts';
import {Reading} from './reading.ts';
import type {Entry} from './store/entry.ts';
import type {Said} from './store/settler.ts';
import {CampaignStore} from './store/store.ts';
import {ToldLimits} from './told-limits.ts';
import type {WorkspaceDependencies, WorkspaceSettings} from './workspace-options.ts';

/** What is known of one workspace: its campaigns, how far they have been read, and how it stands with the platform. */
export class WorkspaceState {
  readonly name: string;
  readonly store: CampaignStore;
  readonly reading: Reading;
  readonly health: Health;
  readonly #clock: Clock;
  readonly #listener: Listener;
  readonly #rate: () => RateUse;
  readonly #toldLimits: ToldLimits;
  #adopting: Promise<void> = Promise.resolve();
  /** What revisions say otherwise and is not all taken in: what failed is tried again, in its order. */
  readonly #untaken: (() => Promise<void>)[] = [];

  constructor(name: string, {guardrails, mode}: WorkspaceSettings, dependencies: WorkspaceDependencies) {
    const {clock, listener, past, platform} = dependencies;
    this.name = name;
    this.#clock = clock;
    this.#listener = listener;
    this.#rate = () => platform.rate;
    this.health = new Health(name);
    this.store = new CampaignStore(name, mode, {...dependencies, tookEffect: () => platform.tookEffect()});
    this.store.stops.guard(guardrails ?? {});
    if (past) this.store.remember(past);
    this.reading = new Reading(this.store, dependencies);
    this.#toldLimits = new ToldLimits(this.store, listener);
  }

  /** How much of the rate is used now. */
  get rate(): RateUse {
    return this.#rate();
  }

  get moment(): Moment {
    return momentOf(this.#clock);
  }

  /** What keeps the workspace as a whole from being read or steered. */
  get trouble(): Trouble | undefined {
    return this.health.trouble;
  }

  /** A rest that the platform asks for, or the time until what has failed once is tried again; undefined where there is neither. */
  get rest(): Failure | undefined {
    const retryAt = this.health.failure ? undefined : this.store.waits.triedAgainAt(this.moment.ticks);
    const message = `workspace ${this.name}: an action has failed, and is tried once more`;
    return this.health.rest ?? (retryAt === undefined ? undefined : {kind: 'unavailable', message, retryAt});
  }

  /** What is found of one campaign; undefined where there is nothing to say. */
  finding(entry: Entry): Finding | undefined {
    return this.store.finding(entry, this.#said);
  }

  /**
   * Takes in what a revision says otherwise of the campaigns; nothing is settled before all of it is in. Rejects where that fails: it is
   * tried again when next something is to be settled.
   */
  adopt(revision: Revision, changes: ClaimChanges): Promise<void> {
    const about = {workspace: this.name, revision};
    this.#untaken.push(() =>
      this.store.adopt(changes, revision.committedAt, this.moment, {
        wished: (campaignId, claim, before) =>
          this.#listener({kind: 'wish-changed', ...about, campaignId, claim, before}),
        reworded: (campaignId, claim) => this.#listener({kind: 'reworded', ...about, campaignId, claim}),
      }),
    );
    return this.#takeAll();
  }

  #takeAll(): Promise<void> {
    this.#adopting = this.#adopting
      .catch(() => {})
      .then(async () => {
        for (let take = this.#untaken[0]; take; take = this.#untaken[0]) {
          await take();
          this.#untaken.shift();
        }
      });
    return this.#adopting;
  }

  /** Settles what is marked, once the revision that is being adopted is whole. */
  async settled(): Promise<void> {
    this.store.closings.pace = this.rate;
    if (this.#untaken.length > 0) void this.#takeAll();
    for (let adopting: Promise<void> | undefined; adopting !== this.#adopting; ) {
      adopting = this.#adopting;
      await adopting;
      await this.store.settle(this.moment);
    }
    this.reading.seek(this.store.indexes.takeSought());
    this.#toldLimits.tell(this.moment.now);
  }

  /** Tells the workspace's trouble where it is another than before. */
  tellTrouble(answersAgain: boolean): void {
    if (answersAgain) this.store.waits.outageOver();
    if (!this.health.judge(this.moment)) return;
    this.#listener({kind: 'workspace-trouble', workspace: this.name, trouble: this.trouble});
  }

  get #said(): Said {
    const {failure} = this.health;
    return {
      ...this.moment,
      ...(failure && {unread: failure.message}),
      ...(!this.reading.isWhole && {resumesWait: true as const}),
    };
  }
}
