import type {Upcoming} from '../domain/agenda.ts';
import {campaignKey} from '../domain/campaign.ts';
import type {Claim} from '../domain/declarations.ts';
import {compareText} from '../domain/diagnostic.ts';
import type {Finding} from '../domain/finding.ts';
import type {Allowance} from '../domain/limits.ts';
import {type ClaimChanges, claimChanges} from '../domain/same-wish.ts';
import {MOST_NAMED, type Tally} from '../domain/tally.ts';
import {UpcomingList} from '../domain/upcoming.ts';
import type {Listener} from './events.ts';
import {pageOf} from './listing.ts';
import {momentOf} from './moment.ts';
import {Offenders} from './offenders.ts';
import type {Page, PageQuery, Part, Shown} from './page.ts';
import type {Clock, Random, RateUse, Revision} from './ports.ts';
import {inSlices} from './slices.ts';
import type {Standing} from './standing.ts';
import {type Counts, summed} from './store/counts.ts';
import type {Entry} from './store/entry.ts';
import {CampaignStore} from './store/store.ts';
import {upcomingIn} from './upcoming-in.ts';
import type {WorkspaceReconciler} from './workspace.ts';

/** The workspaces that are worked on here, and the names of those that another replica works on. */
export interface Placed {
  readonly workspaces: readonly WorkspaceReconciler[];
  readonly elsewhere?: ReadonlySet<string>;
}

type Claims = ReadonlyMap<string, Claim>;

const NONE: Claims = new Map();
const UNCHANGED: ClaimChanges = {claims: new Map(), wishes: new Set()};

/** The campaigns of all workspaces, and what is asked of them together. Who asks for a page pays for a page. */
export class Campaigns {
  /** Those that differ from Git, a bounded number of them. */
  readonly offenders: Offenders;
  readonly #clock: Clock;
  readonly #ports: {readonly listener: Listener; readonly random: Random};
  #workspaces: readonly WorkspaceReconciler[];
  /** The workspaces that declarations name and that are not worked on here. */
  readonly #strays = new Map<string, CampaignStore>();
  /** Those of them that are configured and that another replica works on: what is declared is kept, and not shown. */
  #elsewhere: ReadonlySet<string>;
  /** Those of the revision in force. */
  #allowances: readonly Allowance[] = [];
  /** The one that was taken into force last, or is being taken. */
  #revision: Revision | undefined;
  #line: Promise<unknown> = Promise.resolve();

  constructor(
    {elsewhere = new Set(), workspaces}: Placed,
    clock: Clock,
    ports: {readonly listener: Listener; readonly random: Random},
  ) {
    this.offenders = new Offenders(() => this.#workspaces, clock);
    this.#workspaces = workspaces;
    this.#elsewhere = elsewhere;
    this.#clock = clock;
    this.#ports = ports;
  }

  /** Takes in which workspaces there are, and gives those that are new what the revision in force says of them. */
  follow({elsewhere = new Set(), workspaces}: Placed): Promise<void> {
    return this.#inTurn(async () => {
      const revision = this.#revision;
      this.#elsewhere = elsewhere;
      const known = new Set(this.#workspaces);
      const kept = new Set(workspaces.flatMap(one => (known.has(one) ? one.name : [])));
      const others = this.#parts(() => true).filter(({name}) => !kept.has(name));
      const claims = new Map(others.map(({name, store}) => [name, store.claims]));
      this.#workspaces = workspaces;
      this.#strays.clear();
      for (const workspace of workspaces)
        if (revision && !known.has(workspace)) {
          workspace.allow(this.#allowances, revision);
          await workspace.adopt(revision, claimChanges(NONE, claims.get(workspace.name) ?? NONE));
        }
      for (const [name, part] of claims) await this.#adoptStray(name, claimChanges(NONE, part));
    });
  }

  /** Takes a revision into force; returns the workspaces of which it asks for something else. */
  adopt(
    revision: Revision,
    changes: ReadonlyMap<string, ClaimChanges>,
    allowances: readonly Allowance[] = [],
  ): Promise<ReadonlySet<WorkspaceReconciler>> {
    return this.#inTurn(async () => {
      this.#revision = revision;
      this.#allowances = allowances;
      const adopted = await Promise.all(
        this.#workspaces.map(async workspace => {
          const isAllowed = workspace.allow(allowances, revision);
          const isOther = await workspace.adopt(revision, changes.get(workspace.name) ?? UNCHANGED);
          return isOther || isAllowed ? [workspace] : [];
        }),
      );
      for (const [name, part] of changes) await this.#adoptStray(name, part);
      return new Set(adopted.flat());
    });
  }

  /** One after the other: no revision is taken into force while the workspaces change. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#line.then(work);
    this.#line = done.catch(() => {});
    return done;
  }

  /** The numbers of each configured workspace. */
  get counts(): ReadonlyMap<string, Counts> {
    return new Map(this.#workspaces.map(({name, store}) => [name, store.indexes.counts]));
  }

  /** How many campaigns are in which state, and the first few that are lost. */
  tally(): Tally {
    const parts = this.#parts();
    const lost: string[] = [];
    for (const part of parts) {
      for (const entry of part.store.indexes.states.terminal) {
        if (lost.length === MOST_NAMED) break;
        const {campaignId, name, reason = '', workspace} = part.finding(entry) ?? {};
        lost.push(`${workspace}/${name} (${campaignId}): ${reason}`);
      }
    }
    const limits = parts.flatMap(({store}) => store.stops.texts(this.#clock.now()));
    return {...summed(parts.map(({store}) => store.indexes.counts)), limits, lost};
  }

  /** Every campaign that Git or the platform knows, those of workspaces that are not configured among them. */
  *findings(): Generator<Finding, void> {
    for (const part of this.#parts()) {
      for (const entry of part.store.after()) {
        const finding = part.finding(entry);
        if (finding) yield finding;
      }
    }
  }

  /** What will happen by itself from now until a time, as far as holds and windows are known; in slices. */
  async upcoming(until: number): Promise<readonly Upcoming[]> {
    const stretch = {from: this.#clock.now(), to: until};
    const list = new UpcomingList(stretch);
    for (const workspace of this.#workspaces) await inSlices(upcomingIn(workspace, list, stretch));
    return list.sorted;
  }

  /** How each configured workspace stands. */
  get standings(): readonly Standing[] {
    return this.#workspaces.map(({standing}) => standing);
  }

  /** How much of each configured workspace's rate is used now. */
  get rates(): ReadonlyMap<string, RateUse> {
    return new Map(this.#workspaces.map(({name, rate}) => [name, rate]));
  }

  /** One campaign, by its id; undefined where there is nothing to say of it here. */
  find(workspace: string, campaignId: string): Shown | undefined {
    const part = this.#parts().find(({name}) => name === workspace);
    const entry = part?.store.find(campaignId);
    const finding = entry && part?.finding(entry);
    return finding && {finding, ...(entry?.lastOutcome && {lastOutcome: entry.lastOutcome})};
  }

  /** A page of the campaigns that are asked for. */
  page(query: PageQuery): Promise<Page> {
    return pageOf(this.#parts(), query);
  }

  /** All workspaces, in the order in which the keys of their campaigns stand. */
  #parts(isShown = (name: string): boolean => !this.#elsewhere.has(name)): readonly Part[] {
    const moment = momentOf(this.#clock);
    const shown = [...this.#strays].filter(([name]) => isShown(name));
    const strays = shown.map(([name, store]) => ({
      name,
      store,
      finding: (entry: Entry) => store.finding(entry, moment),
    }));
    return [...this.#workspaces, ...strays].toSorted((a, b) =>
      compareText(campaignKey(a.name, ''), campaignKey(b.name, '')),
    );
  }

  /** Takes in what is said of a workspace that is not configured; of one that is, nothing. */
  async #adoptStray(name: string, changes: ClaimChanges): Promise<void> {
    if (this.#workspaces.some(workspace => workspace.name === name)) return;
    const store = this.#strays.get(name) ?? new CampaignStore(name, 'detect', this.#ports);
    const moment = momentOf(this.#clock);
    this.#strays.set(name, store);
    await store.adopt(changes, undefined, moment);
    await store.settle(moment);
  }
}
