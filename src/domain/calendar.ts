import type {CalendarSpec, Holidays} from './calendar-spec.ts';
import {DAY} from './time.ts';

/** A stretch of time in which a calendar says one thing. */
interface Segment {
  readonly from: number;
  readonly to: number;
  readonly isOpen: boolean;
  /** Why it is closed. */
  readonly reason: string;
}

/** A stretch of time in which a calendar is open, or closed. Epoch milliseconds; an end may be infinite. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly isOpen: boolean;
}

const OUTSIDE_HOURS = 'outside its hours';
const MINUTES_OF_DAY = 1_440;
/** How far a change is looked for where days repeat themselves; who is closed for longer than ten years has no next one. */
const MOST_DAYS = 4_000;
const MOST_KEPT = 10_000;
/** A year and more: what changes in no week of it, those among them in which the clocks change, never does. */
const DAYS_OF_A_YEAR = 400;
const MOST_FOUND = 8;

const covers = ({from, to}: {from: number; to: number}, time: number): boolean => from <= time && time < to;

/** A calendar of which can be asked when it is open. Pure: the same question has the same answer. */
export class Calendar {
  readonly spec: CalendarSpec;
  /** Two calendars of the same identity say the same. */
  readonly identity: string;
  readonly #holidays: Holidays;
  readonly #days = new Map<string, readonly Segment[]>();
  /** The stretches, and the part of a day, that were found last: most ask for the same times. */
  #found: readonly Stretch[] = [];
  #last: Segment | undefined;

  constructor(spec: CalendarSpec, holidays: Holidays) {
    const {source: _source, ...said} = spec;
    this.spec = spec;
    this.identity = JSON.stringify(said);
    this.#holidays = holidays;
  }

  /** Whether it is open, and why not where it is not. */
  at(time: number): {readonly isOpen: boolean; readonly reason: string} {
    return this.#segmentAt(time);
  }

  /** From when to when it is as it is at a time; an end is infinite where there is none, or none for ten years. */
  stretchAt(time: number): Stretch {
    const known = this.#found.find(stretch => covers(stretch, time));
    if (known) return known;
    const {isOpen} = this.#segmentAt(time);
    const found = {isOpen, from: this.#edge(time, isOpen, -1), to: this.#edge(time, isOpen, 1)};
    this.#found = [found, ...this.#found].slice(0, MOST_FOUND);
    return found;
  }

  /** The names of the holidays that begin on a date of its zone, or undefined where it is none. */
  holidayOn(date: Temporal.PlainDate): string | undefined {
    const {holidays} = this.spec;
    return holidays && this.#holidays(holidays, date.year)?.get(date.toString());
  }

  #edge(time: number, isOpen: boolean, step: 1 | -1): number {
    const found = this.spec.weekly || this.spec.holidays ? this.#edgeByDay : this.#edgeBySpan;
    return found.call(this, time, isOpen, step) ?? step * Number.POSITIVE_INFINITY;
  }

  #edgeByDay(time: number, isOpen: boolean, step: 1 | -1): number | undefined {
    const first = this.#dateAt(time);
    const most = this.#daysToTry(time, step);
    for (let days = 0; days < most; days += 1) {
      const segments = this.#segmentsOn(first.add({days: days * step}));
      const other = (segment: Segment): boolean =>
        segment.isOpen !== isOpen && (step === 1 ? segment.from > time : segment.to <= time);
      if (step === 1) {
        const next = segments.find(other);
        if (next) return next.from;
      } else {
        const before = segments.findLast(other);
        if (before) return before.to;
      }
    }
    return undefined;
  }

  /**
   * Beyond all single stretches a week is like the next, but for holidays, and for the hours that clocks skip or have twice: a year is
   * like the next.
   */
  #daysToTry(time: number, step: 1 | -1): number {
    if (this.spec.holidays) return MOST_DAYS;
    let furthest = 0;
    for (const {from, to} of [...this.spec.closed, ...this.spec.open])
      furthest = Math.max(furthest, (to - time) * step, (from - time) * step);
    return Math.min(MOST_DAYS, Math.ceil(furthest / DAY) + DAYS_OF_A_YEAR);
  }

  /** Nothing repeats itself: only what is said of single stretches changes anything. */
  #edgeBySpan(time: number, isOpen: boolean, step: 1 | -1): number | undefined {
    const edges = [...this.spec.closed, ...this.spec.open].flatMap(({from, to}) => [from, to]);
    const sorted = edges.toSorted((a, b) => (a - b) * step);
    if (step === 1) return sorted.find(edge => edge > time && this.at(edge).isOpen !== isOpen);
    return sorted.find(edge => edge <= time && this.at(edge - 1).isOpen !== isOpen);
  }

  #dateAt(time: number): Temporal.PlainDate {
    return Temporal.Instant.fromEpochMilliseconds(time).toZonedDateTimeISO(this.spec.timezone).toPlainDate();
  }

  #segmentAt(time: number): Segment {
    if (this.#last && covers(this.#last, time)) return this.#last;
    const found = this.#segmentsOn(this.#dateAt(time)).find(segment => covers(segment, time));
    if (!found) throw new Error(`no part of a day covers the time ${time} in ${this.spec.timezone}`);
    this.#last = found;
    return found;
  }

  #segmentsOn(date: Temporal.PlainDate): readonly Segment[] {
    const key = date.toString();
    const known = this.#days.get(key);
    if (known) return known;
    if (this.#days.size >= MOST_KEPT) this.#days.clear();
    const segments = this.#partsOf(date);
    this.#days.set(key, segments);
    return segments;
  }

  #partsOf(date: Temporal.PlainDate): readonly Segment[] {
    const [start, end] = [this.#timeOn(date, 0), this.#timeOn(date, MINUTES_OF_DAY)];
    const hours = [date.subtract({days: 1}), date].flatMap(day => this.#hoursFrom(day));
    const inside = [...hours, ...this.spec.closed, ...this.spec.open]
      .flatMap(({from, to}) => [from, to])
      .filter(edge => edge > start && edge < end);
    const edges = [...new Set([start, ...inside])].toSorted((a, b) => a - b);
    const holiday = this.holidayOn(date);
    return edges.map((from, index) => ({
      from,
      to: edges[index + 1] ?? end,
      ...this.#judge(from, holiday, hours),
    }));
  }

  #judge(time: number, holiday: string | undefined, hours: readonly {from: number; to: number}[]) {
    const closed = this.spec.closed.find(span => covers(span, time));
    if (closed) return {isOpen: false, reason: closed.reason};
    if (this.spec.open.some(span => covers(span, time))) return {isOpen: true, reason: ''};
    if (holiday !== undefined) return {isOpen: false, reason: holiday};
    const isOpen = !this.spec.weekly || hours.some(span => covers(span, time));
    return {isOpen, reason: isOpen ? '' : OUTSIDE_HOURS};
  }

  /** The hours that begin on a date; a holiday has none, not even those of its evening that reach into the next day. */
  #hoursFrom(date: Temporal.PlainDate): readonly {from: number; to: number}[] {
    const hours = this.spec.weekly?.[date.dayOfWeek - 1] ?? [];
    if (hours.length === 0 || this.holidayOn(date) !== undefined) return [];
    return hours.map(({from, to}) => ({from: this.#timeOn(date, from), to: this.#timeOn(date, to)}));
  }

  /** A minute of a day: where clocks skip it the moment after the change, where it comes twice the first. */
  #timeOn(date: Temporal.PlainDate, minutes: number): number {
    return timeOfDay(date, minutes, this.spec.timezone);
  }
}

/** When a minute of a day is: where clocks skip it as long after the change, where it comes twice the first time. */
export const timeOfDay = (date: Temporal.PlainDate, minutes: number, timezone: string): number => {
  const day = date.add({days: Math.floor(minutes / MINUTES_OF_DAY)});
  const rest = minutes % MINUTES_OF_DAY;
  if (rest === 0) return day.toZonedDateTime(timezone).epochMilliseconds;
  const plainTime = Temporal.PlainTime.from({hour: Math.floor(rest / 60), minute: rest % 60});
  return day.toZonedDateTime({timeZone: timezone, plainTime}).epochMilliseconds;
};
