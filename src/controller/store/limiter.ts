import {
  type Allowance,
  exceededText,
  isExceeded,
  LIMITED,
  LIMITS_REACH,
  type Limited,
  type Limits,
  roomOf,
  STOPPED,
  type Use,
} from '../../domain/limits.ts';
import type {Restraint} from '../../domain/restraint.ts';

/** What is to be counted: campaigns that an action is due for, and all that are declared. */
export interface Counted {
  readonly wanted: Readonly<Record<Limited, number>>;
  readonly declared: number;
}

/** An allowance, and since when it is known to be there: what was sent since then was sent by it. */
interface Known {
  readonly allowance: Allowance;
  readonly since: number;
}

/** Where in times, the oldest first, those begin that are not before a time. */
const firstSince = (times: readonly number[], since: number): number => {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? since) < since) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** By what is counted what was sent: until when, within how long, and how many of it a limit lets through by itself. */
interface Window {
  readonly now: number;
  readonly per: number;
  readonly room: number;
}

/**
 * How much was sent that allowances let through, since a limit would have stopped it; and of what was sent within the time
 * of the limit, how much there is, and how much was let through so.
 */
const usedOf = (times: readonly number[], {now, per, room}: Window, known: readonly Known[]) => {
  const since = known.reduce((first, one) => Math.min(first, one.since), now);
  const start = firstSince(times, Math.min(since, now) - per + 1);
  const plain: number[] = [];
  let [beyond, recentBeyond] = [0, 0];
  let oldest = 0;
  for (const time of times.slice(start)) {
    while ((plain[oldest] ?? time) <= time - per) oldest += 1;
    if (time < since || plain.length - oldest < room) plain.push(time);
    else {
      beyond += 1;
      if (time > now - per) recentBeyond += 1;
    }
  }
  return {beyond, recentBeyond, recent: times.length - firstSince(times, now - per + 1)};
};

/** All that an allowance says, wherever it stands. */
const wordsOf = ({source: _source, ...said}: Allowance): string => JSON.stringify(said);

/** Counts what is sent to one workspace, and stops what is more than its limits let through. Times are of the day. */
export class Limiter {
  readonly #workspace: string;
  /** Undefined where there are none. */
  limits: Limits | undefined;
  #allowances: readonly Known[] = [];
  readonly #sent: Readonly<Record<Limited, number[]>> = {resume: [], cancel: []};
  /** What exceeds its limit, in the numbers of the last count. */
  #exceeded: Readonly<Partial<Record<Limited, Use>>> = {};
  #restraints: Readonly<Partial<Record<Limited, Restraint>>> = {};

  constructor(workspace: string) {
    this.#workspace = workspace;
  }

  /** What stops actions now, by their kind. */
  get restraints(): Readonly<Partial<Record<Limited, Restraint>>> {
    return this.#restraints;
  }

  /** What is stopped, in numbers, with the allowance that would let it through. */
  texts(now: number): readonly string[] {
    return LIMITED.flatMap(action => {
      const [use, limit] = [this.#exceeded[action], this.limits?.[action]];
      return use && limit ? [exceededText({action, workspace: this.#workspace}, limit, use, now)] : [];
    });
  }

  /** Takes in that an action was sent, but for one of a timetable. */
  sent(action: Limited, at: number): void {
    const times = this.#sent[action];
    if (at >= (times.at(-1) ?? at)) times.push(at);
    else times.splice(firstSince(times, at), 0, at);
    if ((times[0] ?? at) < at - 2 * LIMITS_REACH) times.splice(0, firstSince(times, at - LIMITS_REACH));
  }

  /** Takes in the allowances of a revision; true where they are other than before. */
  allow(allowances: readonly Allowance[], since: number): boolean {
    const before = new Map(this.#allowances.map(known => [wordsOf(known.allowance), known.since]));
    this.#allowances = allowances
      .filter(({workspace}) => workspace === this.#workspace)
      .map(allowance => ({allowance, since: before.get(wordsOf(allowance)) ?? since}));
    const after = this.#allowances.map(({allowance}) => wordsOf(allowance));
    return after.length !== before.size || after.some(words => !before.has(words));
  }

  /** True while an allowance lets resumes through. */
  allowsResumes(now: number): boolean {
    return this.#inForce(now).some(({allowance}) => allowance.resume > 0);
  }

  /** Works out what is stopped; returns the kinds of which that is otherwise than before. */
  update(counted: Counted, now: number): readonly Limited[] {
    const uses = LIMITED.map(action => [action, this.#exceeding(action, counted, now)] as const);
    const exceeded = uses.flatMap(([action, use]) => (use ? [[action, use] as const] : []));
    const before = this.#restraints;
    this.#exceeded = Object.fromEntries(exceeded);
    this.#restraints = Object.fromEntries(exceeded.map(([action]) => [action, STOPPED[action]]));
    return LIMITED.filter(action => before[action] !== this.#restraints[action]);
  }

  /** When something that is stopped may go by itself, or an allowance ends: epoch milliseconds. */
  next(now: number): number | undefined {
    const {limits} = this;
    const frees = LIMITED.flatMap(action => {
      const times = this.#sent[action];
      const first = times[firstSince(times, now - (limits?.[action].per ?? 0) + 1)];
      return this.#restraints[action] && limits && first !== undefined
        ? [first + limits[action].per + 1]
        : [];
    });
    const ends = this.#inForce(now).map(({allowance}) => allowance.until);
    return frees.length + ends.length === 0 ? undefined : Math.min(...frees, ...ends);
  }

  #inForce(now: number): readonly Known[] {
    return this.#allowances.filter(({allowance}) => now < allowance.until);
  }

  /** The numbers of a kind that exceeds its limit; undefined for one that does not. An allowance only ever widens it. */
  #exceeding(action: Limited, {declared, wanted}: Counted, now: number): Use | undefined {
    const limit = this.limits?.[action];
    if (!limit) return undefined;
    const room = roomOf(limit, declared);
    const known = this.#inForce(now).filter(({allowance}) => allowance[action] > 0);
    const {beyond, recent, recentBeyond} = usedOf(this.#sent[action], {now, per: limit.per, room}, known);
    const all = known.reduce((sum, {allowance}) => sum + allowance[action], 0);
    const left = Math.max(0, all - beyond);
    const widened = {sent: recent, wanted: wanted[action], declared, allowed: left + recentBeyond};
    return isExceeded(limit, widened) ? widened : undefined;
  }
}
