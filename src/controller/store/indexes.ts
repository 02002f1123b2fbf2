import {nextEdge} from '../../domain/freeze.ts';
import type {Verdict} from '../../domain/judge.ts';
import {LIMITED, type Limited} from '../../domain/limits.ts';
import {CAMPAIGN_STATES, type CampaignState} from '../../domain/states.ts';
import type {Action} from '../../domain/transitions.ts';
import type {Moment} from '../moment.ts';
import {Counts} from './counts.ts';
import {Differences} from './differences.ts';
import {Due} from './due.ts';
import type {Entry} from './entry.ts';
import {Origin} from './origin.ts';
import {put} from './put.ts';
import {isKnown, isOver} from './sighted.ts';
import {setTime, Times} from './times.ts';
import {Timetables} from './timetables.ts';
import {hasEnded} from './versions.ts';

const isDrifted = ({cause, state}: Verdict): boolean =>
  cause === 'drifted' && (state === 'drifted' || state === 'failed' || state === 'held');

/** True for a campaign whose action counts against a limit: a cancel also before it is known whether it is needed. */
const isWanting = ({claim, newer, verdict}: Entry, action: Limited): boolean => {
  if (!verdict || verdict.mode === 'detect') return false;
  if (verdict.state === 'unknown') {
    const wasOver = newer !== undefined && hasEnded(newer.campaign);
    const desired = claim?.kind === 'valid' ? claim.declaration.desired : undefined;
    return action === 'cancel' && desired === 'cancelled' && !wasOver;
  }
  const {cause, restraint, state, steps} = verdict;
  if (cause === undefined || cause === 'timetable' || state === 'held' || steps[0] !== action) return false;
  return restraint === undefined || restraint.reason === 'limited';
};

/** What a campaign is due for, if for anything: now, or once it may be tried again. */
export const dueAction = (verdict: Verdict | undefined): Action | undefined => {
  if (!verdict?.cause || verdict.mode === 'detect' || verdict.state === 'held' || verdict.restraint)
    return undefined;
  return verdict.steps[0];
};

/** True where a pause or a cancel is due, or may be as far as is known. */
const isUrgent = ({claim, verdict, wanted}: Entry): boolean => {
  if (verdict?.state === 'unknown' && verdict.mode === 'enforce' && claim?.kind === 'valid') {
    const desired = wanted?.desired ?? claim.declaration.desired;
    return desired === 'paused' || desired === 'cancelled';
  }
  const action = dueAction(verdict);
  return action !== undefined && action !== 'resume';
};

const hasWindow = (entry: Entry): boolean =>
  entry.observation?.kind === 'seen' && entry.observation.campaign.window !== undefined && !isOver(entry);

const holdUntil = ({claim}: Entry): number | undefined =>
  claim?.kind === 'valid' ? claim.declaration.hold?.until : undefined;

/** When what keeps a campaign from being resumed begins or ends next, or its timetable opens or closes. */
const nextChange = (entry: Entry, now: number): number | undefined => {
  const {claim, verdict, wanted} = entry;
  const freezes = claim?.kind === 'valid' ? claim.declaration.freezes : undefined;
  const {restraint, staleAt} = verdict ?? {};
  const times = [freezes && nextEdge(freezes, now), restraint?.until, staleAt, wanted?.until, wanted?.edge];
  const known = times.filter((time): time is number => time !== undefined && time > now);
  return known.length > 0 ? Math.min(...known) : undefined;
};

/** What others ask for of all campaigns, kept up to date with each verdict: nobody walks through all of them. */
export class Indexes {
  readonly counts = new Counts();
  /** The campaigns that are in a state. */
  readonly states = Object.fromEntries(CAMPAIGN_STATES.map(state => [state, new Set<Entry>()])) as Readonly<
    Record<CampaignState, Set<Entry>>
  >;
  readonly due = new Due();
  /** What tells whose a change is. */
  readonly origin = new Origin();
  readonly differences = new Differences(this.origin);
  /** When campaigns that failed may be tried again, by `Clock.ticks`. */
  readonly retries = new Times();
  /** When what keeps resumes begins or ends, and timetables open and close, by the time of day. */
  readonly changes = new Times();
  /** When holds end, by the time of day. */
  readonly holds = new Times();
  /** The campaigns that may still dial and whose window is known. */
  readonly windowed = new Set<Entry>();
  /** The campaigns that go by a timetable. */
  readonly timetables = new Timetables();
  /** The campaigns that an action which may be limited is due for, but for a timetable, whether or not a limit stops it. */
  readonly wanting: Readonly<Record<Limited, Set<Entry>>> = {resume: new Set(), cancel: new Set()};
  /** The campaigns that are drifted now, and not corrected yet. */
  readonly drifted = new Set<Entry>();
  /** The ids of declared campaigns that may still change, or of which nothing is known. */
  readonly open = new Set<string>();
  /** Those of them of which it is not known whether they are there. */
  readonly unknown = new Set<string>();
  /** The ids of campaigns that may be dialling, as far as is known, and that Git wants to be at rest. */
  readonly urgent = new Set<string>();
  /** Those of which nothing was known already when that came to be wanted: they have yet to be asked for since. */
  #sought = new Set<string>();

  /** Takes in the verdict that an entry has now, in the place of the one before. */
  update(entry: Entry, before: Verdict | undefined, moment: Moment): void {
    const {verdict} = entry;
    if (before) this.counts.remove(before);
    if (verdict) this.counts.add(verdict);
    if (before && before.state !== verdict?.state) this.states[before.state].delete(entry);
    if (verdict) this.states[verdict.state].add(entry);
    this.differences.update(entry, moment);
    put(this.open, entry.campaignId, entry.claim !== undefined && !isOver(entry));
    put(this.unknown, entry.campaignId, entry.claim !== undefined && !isKnown(entry));
    this.#updateUrgent(entry, before);
    put(this.windowed, entry, verdict !== undefined && hasWindow(entry));
    put(this.drifted, entry, verdict !== undefined && isDrifted(verdict));
    const waitsUntil = verdict?.state === 'failed' ? entry.waiting?.dueAt : undefined;
    const waits = waitsUntil !== undefined && waitsUntil > moment.ticks;
    setTime(this.retries, entry, waits ? waitsUntil : undefined);
    setTime(this.holds, entry, verdict?.state === 'held' ? holdUntil(entry) : undefined);
    setTime(this.changes, entry, nextChange(entry, moment.now));
    this.timetables.update(entry);
    for (const action of LIMITED) put(this.wanting[action], entry, isWanting(entry, action));
    this.due.put(entry, waits ? undefined : dueAction(verdict));
  }

  /** The ids of campaigns of which nothing is known, and that are newly wanted at rest since this was last called. */
  takeSought(): ReadonlySet<string> {
    const sought = this.#sought;
    this.#sought = new Set();
    return sought;
  }

  #updateUrgent(entry: Entry, before: Verdict | undefined): void {
    const {campaignId, verdict} = entry;
    const wasUnknown = before?.state === 'unknown' && verdict?.state === 'unknown';
    const [was, is] = [this.urgent.has(campaignId), isUrgent(entry)];
    put(this.urgent, campaignId, is);
    if (is && !was && wasUnknown) this.#sought.add(campaignId);
  }
}
