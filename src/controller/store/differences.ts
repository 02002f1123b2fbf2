import {CAUSES, type Cause} from '../../domain/assess.ts';
import type {Verdict} from '../../domain/judge.ts';
import {CONTESTED_FOR} from '../../domain/restraint.ts';
import type {CampaignState} from '../../domain/states.ts';
import type {Moment} from '../moment.ts';
import type {Entry} from './entry.ts';
import type {Origin} from './origin.ts';
import {put} from './put.ts';
import {isSetBack, statusIn} from './sighted.ts';
import {setTime, Times} from './times.ts';

/** How many contested campaigns are remembered, the latest ones. */
const MOST_CONTESTS = 1_000;

/** States in which live is not what Git wants, and somebody may ask since when. */
const DIFFERS: ReadonlySet<CampaignState> = new Set<CampaignState>([
  'pending',
  'drifted',
  'failed',
  'held',
  'terminal',
  'missing',
  'unrecognised',
]);

/** Which way a timetable goes at an edge. */
export const DIRECTIONS = ['open', 'close'] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** A campaign that was moved again soon after it had been corrected. */
export interface Contest {
  readonly entry: Entry;
  /** Whom the platform named for the last move. */
  readonly by: string | undefined;
  /** Until when it is told (`Clock.ticks`). */
  readonly until: number;
}

const isDrifted = ({cause, state}: Verdict): boolean => cause === 'drifted' && state !== 'terminal';

/** Since when it differs: by the platform's own time where somebody moved it, else since it was first seen to. */
const sinceOf = (
  entry: Entry,
  verdict: Verdict,
  firstCommittedAt: number | undefined,
  now: number,
): number => {
  const seen = entry.observation?.kind === 'seen' ? entry.observation.campaign.updatedAt : undefined;
  const wasMoved = isDrifted(verdict) || verdict.state === 'terminal' || verdict.state === 'unrecognised';
  if (wasMoved && seen !== undefined) return seen;
  const asked = (entry.sinceFirst ? firstCommittedAt : undefined) ?? now;
  return entry.differsSince ?? Math.min(now, Math.max(asked, entry.wanted?.since ?? asked));
};

/** Since when a campaign dials that should not: a closing that begins before its edge has until then. */
const dialsAgainstGitSince = ({differsSince, wanted}: Entry, now: number): number | undefined => {
  const edge = wanted?.closed === undefined ? undefined : wanted.edge;
  if (edge === undefined || differsSince === undefined) return differsSince;
  return edge > now ? undefined : Math.max(differsSince, edge);
};

/** The campaigns that differ from Git: which, since when, and the longest of each kind. Kept with each verdict. */
export class Differences {
  /** All of them. */
  readonly entries = new Set<Entry>();
  /** Since when those differ that are to be corrected, or only reported, but for what a freeze keeps; by cause. */
  readonly since: Readonly<Record<Cause, Times>> = {
    pending: new Times(),
    timetable: new Times(),
    drifted: new Times(),
  };
  /** The edges of timetables that have not been carried out, those that lie ahead among them. */
  readonly edgesDue: Readonly<Record<Direction, Times>> = {open: new Times(), close: new Times()};
  /** Since when those differ that dial although Git wants them silent, and that nobody holds as they are. */
  readonly dialling = new Times();
  /** Those whose action the guard has stopped. */
  readonly guarded = new Set<Entry>();
  /** Those that are held as they are. */
  readonly held = new Set<Entry>();
  /** Those that nothing keeps as they are. */
  readonly open = new Set<Entry>();
  readonly #contests = new Map<Entry, Contest>();
  readonly #origin: Origin;

  constructor(origin: Origin) {
    this.#origin = origin;
  }

  /** Takes in the verdict that an entry has now. */
  update(entry: Entry, {now}: Moment): void {
    const {verdict} = entry;
    const differs = verdict !== undefined && DIFFERS.has(verdict.state);
    entry.differsSince = differs ? sinceOf(entry, verdict, this.#origin.committedAt, now) : undefined;
    put(this.entries, entry, differs);
    put(this.held, entry, verdict?.state === 'held');
    const open = verdict?.state === 'held' ? undefined : verdict?.cause;
    const overdue = verdict?.restraint?.reason === 'frozen' ? undefined : open;
    for (const cause of CAUSES) this.#put(this.since[cause], entry, overdue === cause);
    const isAsked = overdue === 'pending' || overdue === 'timetable';
    const isDue = isAsked && verdict?.mode !== 'detect' && !isSetBack(entry);
    const edge = isDue ? this.#edgeOf(entry) : undefined;
    const direction = entry.wanted?.closed === undefined ? 'open' : 'close';
    for (const one of DIRECTIONS) setTime(this.edgesDue[one], entry, one === direction ? edge : undefined);
    const dials = open !== undefined && statusIn(entry) === 'active';
    setTime(this.dialling, entry, dials ? dialsAgainstGitSince(entry, now) : undefined);
    const stopped = open !== undefined && verdict?.mode !== 'detect' && verdict?.state !== 'failed';
    const isGuarded = verdict?.restraint !== undefined || entry.lastOutcome?.outcome.kind === 'skipped';
    put(this.guarded, entry, stopped && isGuarded);
    const isKept = verdict?.state === 'held' || verdict?.mode === 'detect' || (stopped && isGuarded);
    put(this.open, entry, differs && !isKept);
  }

  /** Takes in that an entry drifted anew; true where that is soon after it was corrected. */
  drifted(entry: Entry, ticks: number): boolean {
    if (entry.correctedAt === undefined || ticks - entry.correctedAt > CONTESTED_FOR) return false;
    const by = entry.observation?.kind === 'seen' ? entry.observation.campaign.updatedBy : undefined;
    this.#contests.delete(entry);
    this.#contests.set(entry, {entry, by, until: ticks + CONTESTED_FOR});
    if (this.#contests.size > MOST_CONTESTS)
      for (const first of this.#contests.keys().take(1)) this.#contests.delete(first);
    return true;
  }

  /** The campaigns that were contested within the last hour, the latest last. */
  contests(ticks: number): Iterable<Contest> {
    for (const [entry, {until}] of this.#contests) {
      if (until > ticks) break;
      this.#contests.delete(entry);
    }
    return this.#contests.values();
  }

  /** The edge of its timetable that is to be carried out, where that came after the last commit. */
  #edgeOf({askedAt, sinceFirst, wanted}: Entry): number | undefined {
    const lastAsked =
      askedAt ?? (sinceFirst ? this.#origin.committedAt : undefined) ?? Number.NEGATIVE_INFINITY;
    return wanted?.edge !== undefined && wanted.edge > lastAsked ? wanted.edge : undefined;
  }

  #put(times: Times, entry: Entry, belongs: boolean): void {
    setTime(times, entry, belongs ? entry.differsSince : undefined);
  }
}
