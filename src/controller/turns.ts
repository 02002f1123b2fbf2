import type {Finding} from '../domain/finding.ts';
import {type Acted, Actor} from './actor.ts';
import type {Revision} from './ports.ts';
import type {Entry} from './store/entry.ts';
import type {CampaignStore} from './store/store.ts';
import type {WorkspaceDependencies, WorkspaceSettings} from './workspace-options.ts';

/** How often it is looked whether a pause has become due while others have their turn. Milliseconds. */
const PAUSES_SOUGHT_EVERY = 1_000;

/** What turns came to. */
export type Came = Pick<Acted, 'halt' | 'outcomes'>;

/** What a pass has its campaigns do, and by what. */
export interface TurnsOf {
  readonly revision: Revision;
  readonly settings: WorkspaceSettings;
  /** Says that the pass is out of date. */
  readonly signal: AbortSignal;
  /** What is found of a campaign; undefined where there is nothing to say. */
  readonly finding: (entry: Entry) => Finding | undefined;
  /** Looks whether a pause has become due, which others give way to. */
  readonly heed: () => Promise<void>;
  /** Told what a turn came to that went on after its pass was interrupted. */
  readonly late: (came: Came) => void;
}

/** The turns of one workspace's campaigns: those of a pass, and those that go on after theirs was interrupted. */
export class Turns {
  readonly actor: Actor;
  readonly #store: CampaignStore;
  readonly #dependencies: WorkspaceDependencies;
  readonly #underWay = new Set<Promise<void>>();

  constructor(store: CampaignStore, dependencies: WorkspaceDependencies) {
    this.actor = new Actor(store, dependencies);
    this.#store = store;
    this.#dependencies = dependencies;
  }

  /** Resolves once no request of a turn is on its way any more. */
  async idle(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  /** Has the campaigns that were taken have their turns; whatever comes of them, it is over afterwards, but for what goes on. */
  async take(taken: readonly Entry[], of: TurnsOf): Promise<Came> {
    const unwatch = this.#watch(of.heed);
    let underWay: Acted['underWay'] | undefined;
    try {
      const due = taken.flatMap(entry => of.finding(entry) ?? []);
      const acted = await this.actor.act(due, of.revision, of.settings, of.signal);
      underWay = acted.underWay;
      return acted;
    } finally {
      unwatch();
      this.#store.turns.over(taken.filter(({campaignId}) => !underWay?.has(campaignId)));
      for (const entry of taken) this.#await(entry, underWay?.get(entry.campaignId), of.late);
    }
  }

  /** A pause that becomes due by time waits for no poll. */
  #watch(heed: TurnsOf['heed']): () => void {
    let cancel = (): void => {};
    const watch = (): void => {
      cancel = this.#dependencies.clock.after(PAUSES_SOUGHT_EVERY, () => {
        watch();
        heed().catch(error => this.#tell(error));
      });
    };
    watch();
    return () => cancel();
  }

  #await(entry: Entry, turn: Promise<Came> | undefined, late: TurnsOf['late']): void {
    if (!turn) return;
    const ended = turn
      .catch((error: unknown) => {
        this.#tell(error, entry.campaignId);
        return {outcomes: []};
      })
      .then(came => {
        this.#underWay.delete(ended);
        this.#store.turns.over([entry]);
        late(came);
      });
    this.#underWay.add(ended);
  }

  #tell(error: unknown, campaignId?: string): void {
    const about = {workspace: this.#store.workspace, ...(campaignId !== undefined && {campaignId})};
    this.#dependencies.listener({kind: 'unexpected-error', work: 'turn', ...about, error});
  }
}
