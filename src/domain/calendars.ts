import {Calendar} from './calendar.ts';
import type {Holidays} from './calendar-spec.ts';
import type {SourceLocation, Timetable} from './campaign.ts';
import type {DeclaredCalendar} from './declarations.ts';
import {compareText, type Diagnostic} from './diagnostic.ts';
import {clockProblem, localTime} from './local-time.ts';
import type {Opening} from './opening.ts';

const NONE: readonly DeclaredCalendar[] = [];
const MOST_NAMED = 20;

const place = ({file, line}: SourceLocation): string => `${file}:${line}`;

const inReadingOrder = (a: DeclaredCalendar, b: DeclaredCalendar): number =>
  compareText(a.source.file, b.source.file) || a.source.line - b.source.line;

/** What is wrong with a timetable. Without a code it is told elsewhere, where the calendar is. */
export interface TimetableProblem {
  readonly code?: string;
  readonly message: string;
  readonly hint?: string;
}

export type Resolved = {readonly opening: Opening} | {readonly problem: TimetableProblem};

const timesIn = (timetable: Timetable, timezone: string): Omit<Opening, 'calendar'> | TimetableProblem => {
  const times: {from?: number; until?: number} = {};
  for (const key of ['from', 'until'] as const) {
    const text = timetable[key];
    if (text === undefined) continue;
    const local = localTime(text, timezone);
    const problem = clockProblem(text, local, timezone);
    if (problem) return {...problem, message: `timetable.${key}: ${problem.message}`};
    if (local.kind === 'once') times[key] = local.time;
  }
  if (times.from === undefined || times.until === undefined || times.from < times.until) return times;
  return {
    code: 'wrong-timetable',
    message: 'timetable.until must be after timetable.from',
    hint: 'a campaign that is never to run is declared paused',
  };
};

/** The calendars of all files, each by its name. A campaign whose calendar is not as it should be is left as it is. */
export class Calendars {
  readonly #holidays: Holidays;
  readonly #files = new Map<string, readonly DeclaredCalendar[]>();
  readonly #names = new Map<string, readonly DeclaredCalendar[]>();
  readonly #made = new Map<string, Calendar>();

  constructor(holidays: Holidays) {
    this.#holidays = holidays;
  }

  /** Those that are declared well, each under a name of its own. */
  get all(): readonly Calendar[] {
    return [...this.#names.keys()].toSorted(compareText).flatMap(name => this.#find(name) ?? []);
  }

  /**
   * Takes in what a file declares; returns the names that mean something else by that. The names of a file that is
   * broken stay known.
   */
  replace(
    file: string,
    calendars: readonly DeclaredCalendar[] = NONE,
    isBroken = false,
  ): ReadonlySet<string> {
    const before = this.#files.get(file) ?? NONE;
    if (before.length === 0 && calendars.length === 0) return new Set();
    const after = isBroken ? unusable([...before, ...calendars]) : calendars;
    const names = new Set([...before, ...after].map(({name}) => name));
    if (after.length > 0) this.#files.set(file, after);
    else this.#files.delete(file);
    for (const name of names) {
      const others = (this.#names.get(name) ?? NONE).filter(one => one.source.file !== file);
      const declared = [...others, ...after.filter(one => one.name === name)].toSorted(inReadingOrder);
      if (declared.length > 0) this.#names.set(name, declared);
      else this.#names.delete(name);
      if (this.#isAsBefore(name)) names.delete(name);
    }
    return names;
  }

  /** What a timetable comes to. */
  resolve(timetable: Timetable): Resolved {
    const {calendar: name} = timetable;
    const calendar = name === undefined ? undefined : this.#find(name);
    if (name !== undefined && !calendar) return {problem: this.#missing(name)};
    const times = timesIn(timetable, calendar?.spec.timezone ?? 'UTC');
    if ('message' in times) return {problem: times};
    return {opening: {...(calendar && {calendar}), ...times}};
  }

  /** What is wrong with the calendars of a file that only shows beside others. */
  conflictsOf(file: string): readonly Diagnostic[] {
    return (this.#files.get(file) ?? NONE).flatMap(one => {
      const others = (this.#names.get(one.name) ?? NONE).filter(other => other !== one);
      return others.length === 0 ? [] : [duplicate(one, others)];
    });
  }

  /** Whether any file declares a calendar of a name, well or badly. */
  has(name: string): boolean {
    return this.#names.has(name);
  }

  /** The files that declare a calendar of a name. */
  filesOf(name: string): readonly string[] {
    return (this.#names.get(name) ?? NONE).map(({source}) => source.file);
  }

  /** True where a calendar says just what it said; else what was made of it is forgotten. */
  #isAsBefore(name: string): boolean {
    const before = this.#made.get(name);
    this.#made.delete(name);
    if (!before || this.#find(name)?.identity !== before.identity) return false;
    this.#made.set(name, before);
    return true;
  }

  #find(name: string): Calendar | undefined {
    const [only, ...others] = this.#names.get(name) ?? NONE;
    if (!only?.spec || others.length > 0) return undefined;
    const made = this.#made.get(name) ?? new Calendar(only.spec, this.#holidays);
    this.#made.set(name, made);
    return made;
  }

  #missing(name: string): TimetableProblem {
    const declared = this.#names.get(name);
    if (declared)
      return {
        message: `its calendar ${name} is not as it should be, in ${declared.map(({source}) => place(source)).join(', ')}`,
      };
    const known = [...this.#names.keys()].toSorted(compareText);
    return {
      code: 'unknown-calendar',
      message: `there is no calendar ${name}`,
      hint:
        known.length === 0
          ? 'no file declares a calendar: one has kind: Calendar'
          : `known calendars: ${known.slice(0, MOST_NAMED).join(', ')}`,
    };
  }
}

/** Calendars of which only the name is certain, each name once. */
const unusable = (calendars: readonly DeclaredCalendar[]): readonly DeclaredCalendar[] => [
  ...new Map(calendars.map(({name, source}) => [name, {name, source}])).values(),
];

const duplicate = ({name, source}: DeclaredCalendar, others: readonly DeclaredCalendar[]): Diagnostic => ({
  code: 'duplicate-name',
  message: `the calendar ${name} is declared also in ${others.map(other => place(other.source)).join(', ')}`,
  hint: 'give each calendar a name of its own; until then the campaigns that go by it are left as they are',
  ...source,
  column: 1,
});
