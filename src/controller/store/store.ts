import type {Cause} from '../../domain/assess.ts';
import type {Mode} from '../../domain/campaign.ts';
import type {Claim} from '../../domain/declarations.ts';
import type {Finding} from '../../domain/finding.ts';
import type {Outcome} from '../../domain/outcome.ts';
import {withCorrection} from '../../domain/restraint.ts';
import type {ClaimChanges} from '../../domain/same-wish.ts';
import type {Listener} from '../events.ts';
import type {Moment} from '../moment.ts';
import type {Random} from '../ports.ts';
import {inSlices} from '../slices.ts';
import {Adoption, NOBODY_TOLD, type TellWishes} from './adoption.ts';
import {Closings} from './closings.ts';
import {Entries} from './entries.ts';
import {type Entry, goesByTime, type WaitingOutcome} from './entry.ts';
import {InTurn} from './in-turn.ts';
import type {Indexes} from './indexes.ts';
import type {KnownPast} from './known-past.ts';
import {Orders} from './orders.ts';
import {type Said, Settler} from './settler.ts';
import {Sightings} from './sightings.ts';
import {Stops} from './stops.ts';
import {Waits} from './waits.ts';

interface StoreDependencies {
  readonly listener: Listener;
  readonly random: Random;
  /** Told where the platform shows that an action of ours took effect which had no answer. */
  readonly tookEffect?: () => void;
}

/**
 * Everything that is known of one workspace's campaigns: one entry each, with what Git says, what was last seen, what
 * is remembered, and the verdict that follows. Whatever changes an entry marks it; settling works out those that are
 * marked and nothing else, and keeps up to date what others ask for. What is remembered may be lost at any time: it
 * makes reports better and retries slower, and decides nothing about what may be done.
 */
export class CampaignStore {
  readonly workspace: string;
  readonly #entries = new Entries();
  /** What pages of campaigns are made from. */
  readonly orders: Orders;
  readonly #settler: Settler;
  /** The campaigns that failed, and wait. */
  readonly waits: Waits;
  readonly #adoption: Adoption;
  /** What its campaigns are seen to be. */
  readonly sightings: Sightings;
  readonly closings: Closings;
  readonly stops: Stops;
  readonly turns: InTurn;
  #settling: Promise<void> = Promise.resolve();

  constructor(workspace: string, mode: Mode, {listener, random, tookEffect = () => {}}: StoreDependencies) {
    this.workspace = workspace;
    this.orders = new Orders(workspace, this.#entries);
    this.waits = new Waits(random, entry => this.#entries.mark(entry));
    this.#settler = new Settler(workspace, mode, listener);
    this.sightings = new Sightings(
      this.#entries,
      this.#settler.indexes,
      ({action, at, cause, isCounted, sentAt}, shownAt) => {
        if (cause !== 'timetable' && action !== 'pause' && !isCounted)
          this.#settler.limiter.sent(action, sentAt + (shownAt - at));
      },
      tookEffect,
    );
    this.closings = new Closings(this.#entries, this.#settler);
    this.turns = new InTurn(this.#entries, this.indexes.due);
    this.stops = new Stops(this.#entries, this.#settler, this.turns);
    this.#adoption = new Adoption(this.#entries, this.#settler.indexes.origin, this.waits);
  }

  /** What others ask for of all campaigns. */
  get indexes(): Indexes {
    return this.#settler.indexes;
  }

  /** How many entries have been settled since the start: the work that was done. */
  get settled(): number {
    return this.#settler.settled;
  }

  /** The ids of the campaigns that Git declares. */
  get declared(): ReadonlySet<string> {
    return this.#entries.declared;
  }

  /** What the revision in force says, by the campaign's id. */
  get claims(): ReadonlyMap<string, Claim> {
    return this.#entries.claims;
  }

  /**
   * Takes a revision into force, in slices. What it wishes otherwise of a campaign gives that a new chance, and starts
   * its clock.
   */
  adopt(
    changes: ClaimChanges,
    committedAt: number | undefined,
    moment: Moment,
    tell: TellWishes = NOBODY_TOLD,
  ): Promise<void> {
    return inSlices(this.#adoption.steps(changes, {committedAt, ...moment}, tell));
  }

  /** What is known from before this process began. */
  remember(past: KnownPast): void {
    this.#adoption.past = past;
    for (const {action, at} of past.sent) this.#settler.limiter.sent(action, at);
  }

  /** Goes by another mode. */
  configure(mode: Mode): void {
    if (mode === this.#settler.mode) return;
    this.#settler.mode = mode;
    for (const entry of this.#entries.all) this.#entries.mark(entry);
  }

  /**
   * @param inForce whether the wish that the action was for still is: if not, its failure delays nothing
   * @param cause why the action was due
   */
  ended(campaignId: string, outcome: Outcome, {now, ticks}: Moment, inForce: boolean, cause: Cause): void {
    const entry = this.#entries.of(campaignId);
    if (outcome.kind === 'applied' && cause === 'drifted') {
      entry.correctedAt = ticks;
      entry.moves = withCorrection(entry.moves, now);
    }
    entry.lastOutcome = {outcome, at: now};
    this.#entries.mark(entry);
    if (inForce) this.waits.ended(entry, outcome, {now, ticks});
  }

  /** The time to wait before a campaign that failed once more is tried again, in milliseconds. */
  nextDelay(campaignId: string, kind: WaitingOutcome['kind'], rest?: number): number {
    return this.waits.nextDelay(this.#entries.find(campaignId), kind, rest);
  }

  /** The time of day was set: what is due by it may be so otherwise. */
  clockMoved(): void {
    for (const entry of this.#entries.all) if (goesByTime(entry.claim)) this.#entries.mark(entry);
    for (const entry of this.indexes.differences.entries) this.#entries.mark(entry);
  }

  /** Works out the entries that are marked, and those whose time has come: in slices, and never twice at once. */
  settle(moment: Moment): Promise<void> {
    this.#settling = this.#settling.catch(() => {}).then(() => inSlices(this.#settled(moment)));
    return this.#settling;
  }

  *#settled(moment: Moment): Generator<void, void> {
    do yield* this.#settleMarked(moment);
    while (this.closings.keepPace(moment.now) || this.stops.count(moment.now));
  }

  *#settleMarked(moment: Moment): Generator<void, void> {
    for (const entry of this.indexes.retries.due(moment.ticks)) this.#entries.mark(entry);
    for (const entry of this.indexes.holds.due(moment.now)) this.#entries.mark(entry);
    for (const entry of this.indexes.changes.due(moment.now)) this.#entries.mark(entry);
    for (const entry of this.#entries.takeMarked()) {
      this.#settler.settle(entry, moment);
      this.waits.settled(entry);
      this.orders.update(entry);
      if (!entry.verdict && !entry.inTurn) this.#entries.drop(entry);
      yield;
    }
  }

  /** When something may become due by itself (`Clock.ticks`). */
  nextTime({now, ticks}: Moment): number {
    const {changes, holds, retries} = this.indexes;
    const {limiter} = this.#settler;
    const never = Number.POSITIVE_INFINITY;
    const byDay = Math.min(holds.next ?? never, changes.next ?? never, limiter.next(now) ?? never);
    return Math.min(ticks + (byDay - now), retries.next ?? never);
  }

  find(campaignId: string): Entry | undefined {
    return this.#entries.find(campaignId);
  }

  /** Every campaign of which there is something to say, by id, after one. */
  after(campaignId = ''): Iterable<Entry> {
    return this.#entries.after(campaignId);
  }

  /** The same the other way round: before one, or from the last. */
  before(campaignId?: string): Iterable<Entry> {
    return this.#entries.before(campaignId);
  }

  /** What is found of one campaign; undefined where there is nothing to say. */
  finding(entry: Entry, said: Said): Finding | undefined {
    return this.#settler.finding(entry, said);
  }
}
