import {campaignKey} from '../domain/campaign.ts';
import type {Tally} from '../domain/conditions.ts';
import type {Claim} from '../domain/declarations.ts';
import {compareText} from '../domain/diagnostic.ts';
import type {Finding} from '../domain/finding.ts';
import {type ClaimChanges, claimChanges} from '../domain/same-wish.ts';
import {isSelected, type Selection} from '../domain/selection.ts';
import type {Listener} from './events.ts';
import {momentOf} from './moment.ts';
import {Offenders} from './offenders.ts';
import type {Clock, Random, RateUse, Revision} from './ports.ts';
import type {Standing} from './standing.ts';
import {type Counts, summed} from './store/counts.ts';
import type {Entry, LastOutcome} from './store/entry.ts';
import {CampaignStore} from './store/store.ts';
import type {WorkspaceReconciler} from './workspace.ts';

/** A campaign as others are shown it. */
export interface Shown {
  readonly finding: Finding;
  readonly lastOutcome?: LastOutcome;
}

/** Campaigns in the order of their keys; `next` is the key after which more of them follow. */
export interface Page {
  readonly items: readonly Shown[];
  readonly next?: string;
}

/** One workspace, as far as it is read: a configured one, or one that only declarations name. */
interface Part {
  readonly name: string;
  readonly store: CampaignStore;
  finding(entry: Entry): Finding | undefined;
}

/** The workspaces that are worked on here, and the names of those that another replica works on. */
export interface Placed {
  readonly workspaces: readonly WorkspaceReconciler[];
  readonly elsewhere?: ReadonlySet<string>;
}

type Claims = ReadonlyMap<string, Claim>;

const NONE: Claims = new Map();
const UNCHANGED: ClaimChanges = {claims: new Map(), wishes: new Set()};

/** How many campaigns that are lost the conditions name. */
const MOST_NAMED = 3;

const labelsOf = ({claim}: Entry): Finding['labels'] =>
  claim?.kind === 'valid' ? claim.declaration.labels : {};

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
  follow({elsewhere = new Set(), workspaces}: Placed, revision: Revision | undefined): Promise<void> {
    return this.#inTurn(async () => {
      this.#elsewhere = elsewhere;
      const before = this.#parts(() => true);
      const claims = new Map(before.map(({name, store}) => [name, store.claims]));
      const known = new Set(this.#workspaces);
      this.#workspaces = workspaces;
      this.#strays.clear();
      for (const workspace of workspaces)
        if (revision && !known.has(workspace))
          await workspace.adopt(revision, claimChanges(NONE, claims.get(workspace.name) ?? NONE));
      for (const [name, part] of claims) await this.#adoptStray(name, claimChanges(NONE, part));
    });
  }

  /** Takes a revision into force; returns the workspaces of which it asks for something else. */
  adopt(
    revision: Revision,
    changes: ReadonlyMap<string, ClaimChanges>,
  ): Promise<ReadonlySet<WorkspaceReconciler>> {
    return this.#inTurn(async () => {
      const adopted = await Promise.all(
        this.#workspaces.map(async workspace => {
          const isOther = await workspace.adopt(revision, changes.get(workspace.name) ?? UNCHANGED);
          return isOther ? [workspace] : [];
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
      for (const entry of part.store.indexes.terminal) {
        if (lost.length === MOST_NAMED) break;
        const {campaignId, name, reason = '', workspace} = part.finding(entry) ?? {};
        lost.push(`${workspace}/${name} (${campaignId}): ${reason}`);
      }
    }
    return {...summed(parts.map(({store}) => store.indexes.counts)), lost};
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
    return part && entry && this.#shown(part, entry, {});
  }

  /** The campaigns that are asked for, from after a key on. */
  page(selection: Selection, after: string, limit: number): Page {
    const items: Shown[] = [];
    for (const shown of this.#selected(selection, after)) {
      if (items.length < limit) items.push(shown);
      else return {items, ...this.#nextAfter(items)};
    }
    return {items};
  }

  #nextAfter(items: readonly Shown[]): {next?: string} {
    const last = items.at(-1)?.finding;
    return last ? {next: campaignKey(last.workspace, last.campaignId)} : {};
  }

  *#selected(selection: Selection, after: string): Generator<Shown, void> {
    for (const part of this.#parts()) {
      const key = campaignKey(part.name, '');
      if (selection.workspace !== undefined && selection.workspace !== part.name) continue;
      if (selection.state !== undefined && part.store.indexes.counts.summary[selection.state] === 0) continue;
      if (key < after && !after.startsWith(key)) continue;
      for (const entry of part.store.after(after.startsWith(key) ? after.slice(key.length) : '')) {
        const shown = this.#shown(part, entry, selection);
        if (shown) yield shown;
      }
    }
  }

  #shown(part: Part, entry: Entry, selection: Selection): Shown | undefined {
    const {lastOutcome, verdict} = entry;
    const brief = {workspace: part.name, labels: labelsOf(entry)};
    if (!verdict || !isSelected({...brief, state: verdict.state}, selection)) return undefined;
    const finding = part.finding(entry);
    return finding && {finding, ...(lastOutcome && {lastOutcome})};
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
    await store.adopt(changes, undefined, moment.ticks);
    await store.settle(moment);
  }
}
