import type {Mode} from '../../domain/campaign.ts';
import {claimed} from '../../domain/declarations.ts';
import {type Finding, findingOf, unassessable} from '../../domain/finding.ts';
import {type Circumstance, judge, type Verdict} from '../../domain/judge.ts';
import type {Pace} from '../../domain/lead.ts';
import {type Context, statusWord} from '../../domain/reasons.ts';
import {recentMoves, restraintOf} from '../../domain/restraint.ts';
import type {Freshness} from '../../domain/stale.ts';
import {errorText} from '../../domain/text.ts';
import {type Wanted, wantedAt} from '../../domain/wanted.ts';
import type {Listener} from '../events.ts';
import type {Moment} from '../moment.ts';
import {type Entry, pairOf, pastOf} from './entry.ts';
import {Indexes} from './indexes.ts';
import {type Learned, learn, learnOfSetBack} from './learn.ts';
import {Limiter} from './limiter.ts';

/** What is said of a whole workspace in the findings of its campaigns. */
export type Said = Moment & Pick<Context, 'unread' | 'resumesWait'>;

const UNKNOWN: Pick<Verdict, 'state' | 'steps'> = {state: 'unknown', steps: []};

/** True for a campaign that something keeps as it is whose end lets it go. */
const isKept = (verdict: Verdict | undefined): boolean =>
  verdict?.state === 'held' || verdict?.restraint?.reason === 'frozen';

/** Remembers who moved it, as far as that still counts; a history may have known of the same move. */
const remember = (entry: Entry, now: number): void => {
  if (entry.observation?.kind !== 'seen') return;
  const {updatedAt: at, updatedBy: by} = entry.observation.campaign;
  if (entry.moves.some(move => move.at === at)) return;
  entry.moves = recentMoves([...entry.moves, {at, by}], now);
};

/** Works out entries: a function of the entry, the moment and the settings, and of nothing else. */
export class Settler {
  readonly indexes = new Indexes();
  readonly #workspace: string;
  readonly #listener: Listener;
  mode: Mode;
  /** How old a resume may become: milliseconds; undefined where it may be of any age. */
  resumeMaxAge: number | undefined;
  readonly limiter: Limiter;
  /** How fast requests may be sent. */
  pace: Pace = {slots: 1, window: 1};
  /** How long before its edge a closing begins: milliseconds. */
  lead = 0;
  #settled = 0;

  constructor(workspace: string, mode: Mode, listener: Listener) {
    this.#workspace = workspace;
    this.mode = mode;
    this.limiter = new Limiter(workspace);
    this.#listener = listener;
  }

  /** How many entries have been settled since the start: the work that was done. */
  get settled(): number {
    return this.#settled;
  }

  /** Works out one entry, and tells what its verdict newly means. */
  settle(entry: Entry, moment: Moment): void {
    this.#settled += 1;
    const before = entry.verdict;
    learnOfSetBack(entry);
    entry.verdict = this.#judge(entry, moment);
    if (isKept(before) && !isKept(entry.verdict)) this.#release(entry, moment);
    const learned = learn(entry, moment.ticks);
    if (learned.drift === 'begins' && !this.#isPerhapsMine(entry)) {
      remember(entry, moment.now);
      entry.verdict = this.#judge(entry, moment);
    }
    this.indexes.update(entry, before, moment);
    this.#listener({kind: 'settled', workspace: this.#workspace, campaignId: entry.campaignId});
    this.#tell(entry, learned, moment);
    if (entry.claim) this.#tellStatus(entry);
  }

  /** What is found of one campaign; undefined where there is nothing to say. */
  finding(entry: Entry, said: Said): Finding | undefined {
    if (!entry.verdict) return undefined;
    const context = {...said, ...this.#circumstance(entry, said), workspace: this.#workspace};
    const {differsSince, fault, verdict} = entry;
    if (fault !== undefined) return unassessable(pairOf(entry), context, fault);
    const finding = findingOf(pairOf(entry), verdict, context);
    return differsSince === undefined ? finding : {...finding, differsSince};
  }

  /** Under the name that Rollcall has on the platform, from before this process began: no move against it. */
  #isPerhapsMine(entry: Entry): boolean {
    const {origin} = this.indexes;
    const {observation} = entry;
    const by = observation?.kind === 'seen' ? observation.campaign.updatedBy : undefined;
    return by !== undefined && by === origin.ownName && pastOf(entry, origin).perhapsOwn === true;
  }

  #wanted({claim}: Entry, {now}: Moment): Wanted | undefined {
    if (claim?.kind !== 'valid' || !claim.declaration.opening) return undefined;
    return wantedAt(claim.declaration, {now, lead: this.lead});
  }

  #release(entry: Entry, moment: Moment): void {
    entry.freeSince = moment.now;
    entry.verdict = this.#judge(entry, moment);
  }

  /** An allowance of resumes lets those through that are too old. */
  #freshness({freeSince, inForceAt}: Entry, now: number): Freshness | undefined {
    const maxAge = this.resumeMaxAge;
    return maxAge === undefined || this.limiter.allowsResumes(now)
      ? undefined
      : {maxAge, inForceAt, freeSince};
  }

  #circumstance(entry: Entry, {now, ticks}: Moment): Circumstance {
    const {moves, waiting} = entry;
    return {
      mode: this.mode,
      now,
      lead: this.lead,
      limited: this.limiter.restraints,
      freshness: this.#freshness(entry, now),
      past: pastOf(entry, this.indexes.origin),
      restraint: moves.length > 0 ? restraintOf(moves, now) : undefined,
      ...(waiting && {trouble: {...waiting.outcome, retryAt: now + (waiting.dueAt - ticks)}}),
    };
  }

  /** A fault of the program's own stays with its campaign, of which it is told once. */
  #judge(entry: Entry, moment: Moment): Verdict | undefined {
    try {
      entry.wanted = this.#wanted(entry, moment);
      const verdict = judge(pairOf(entry), this.#circumstance(entry, moment));
      entry.fault = undefined;
      return verdict;
    } catch (error) {
      const {campaignId, fault} = entry;
      const about = {work: 'assess', workspace: this.#workspace, campaignId} as const;
      if (fault === undefined) this.#listener({kind: 'unexpected-error', ...about, error});
      entry.fault = errorText(error);
      return {...UNKNOWN, mode: this.mode};
    }
  }

  #tell(entry: Entry, {converged, drift, lost}: Learned, moment: Moment): void {
    if (converged !== undefined)
      this.#listener({kind: 'converged', workspace: this.#workspace, seconds: converged / 1000});
    const finding = drift || lost ? this.finding(entry, moment) : undefined;
    if (!finding) return;
    if (drift) this.#listener({kind: drift === 'begins' ? 'drift-detected' : 'drift-stands', finding});
    if (drift === 'begins' && this.indexes.differences.drifted(entry, moment.ticks))
      this.#listener({kind: 'contested', finding});
    if (lost) this.#listener({kind: 'became-terminal', finding});
  }

  /** Tells of a declared campaign's status where it is not the one that was told last. */
  #tellStatus(entry: Entry): void {
    if (entry.observation?.kind !== 'seen' || !entry.claim) return;
    const {name, status, updatedAt, updatedBy} = entry.observation.campaign;
    const {byItselfAt, told} = entry;
    const word = statusWord(status);
    if (told === word) return;
    entry.told = word;
    this.#listener({
      kind: 'status-seen',
      workspace: this.#workspace,
      campaignId: entry.campaignId,
      name: claimed(entry.claim).name ?? name,
      status: word,
      updatedAt,
      own: entry.ownUpdatedAt === updatedAt,
      byItself: byItselfAt === updatedAt,
      ...(told === undefined && this.#isPerhapsMine(entry) && {perhapsOwn: true as const}),
      ...(told !== undefined && {before: told}),
      ...(updatedBy !== undefined && {updatedBy}),
    });
  }
}
