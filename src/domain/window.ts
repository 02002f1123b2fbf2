/** When a campaign may dial, as the platform shows it. Names of days are English; times are `HH:MM`. */
export interface AllowedSchedule {
  readonly start: string;
  readonly end: string;
  readonly days: readonly string[];
  /** An IANA time zone, such as `Asia/Kolkata`. */
  readonly timezone: string;
}

/** The stretch of time in which a campaign runs: epoch milliseconds, and the hours inside it. */
export interface CampaignWindow {
  readonly startsAt?: number;
  readonly endsAt?: number;
  readonly schedule?: AllowedSchedule;
}

/** When dialling starts; never, where no allowed time is left before the end; unknown, where nobody can tell. */
export type Dialling =
  | {readonly kind: 'at'; readonly time: number; readonly timezone: string}
  | {readonly kind: 'never'}
  | {readonly kind: 'unknown'};

/** What of its window a cancel takes from a campaign. Milliseconds. */
export interface CutOff {
  readonly remaining: number;
  readonly whole: number;
}

/** A stretch of time, in epoch milliseconds. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

interface Hours {
  readonly start: Temporal.PlainTime;
  readonly end: Temporal.PlainTime;
  /** ISO numbers: Monday is 1. */
  readonly days: ReadonlySet<number>;
  readonly timezone: string;
}

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const MIDNIGHT = '00:00';
/** From yesterday, whose hours may reach past midnight, through two weeks: the clocks may go forward past the one day of a week. */
const DAYS_TO_TRY = Array.from({length: 16}, (_, index) => index - 1);

/** Reads the hours of a schedule; undefined where a time, a day or the time zone is not what it should be. */
const hoursOf = ({days, end, start, timezone}: AllowedSchedule): Hours | undefined => {
  const numbers = days.map(day => DAYS.indexOf(day.trim().slice(0, 3).toLowerCase()) + 1);
  if (numbers.includes(0)) return undefined;
  try {
    return {
      start: Temporal.PlainTime.from(start),
      end: Temporal.PlainTime.from(end === '24:00' ? MIDNIGHT : end),
      days: new Set(numbers),
      timezone: Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(timezone).timeZoneId,
    };
  } catch {
    return undefined;
  }
};

/** When the clocks of a zone show a time of a day; the moment at which they go forward past it, where they do. */
const shownAt = (date: Temporal.PlainDate, plainTime: Temporal.PlainTime, timeZone: string): number => {
  const zoned = date.toPlainDateTime(plainTime).toZonedDateTime(timeZone, {disambiguation: 'earlier'});
  const shown = zoned.toPlainTime().equals(plainTime) ? zoned : zoned.getTimeZoneTransition('next');
  return (shown ?? zoned).epochMilliseconds;
};

/** The hours that begin on `date`; those that end at or before their start reach into the next day. */
const openOn = (date: Temporal.PlainDate, {end, start, timezone}: Hours): Stretch => {
  const last = Temporal.PlainTime.compare(end, start) > 0 ? date : date.add({days: 1});
  return {from: shownAt(date, start, timezone), to: shownAt(last, end, timezone)};
};

const firstOpen = (hours: Hours, from: number, end: number): number | undefined => {
  const today = Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(hours.timezone).toPlainDate();
  for (const days of DAYS_TO_TRY) {
    const date = today.add({days});
    if (!hours.days.has(date.dayOfWeek)) continue;
    const open = openOn(date, hours);
    const time = Math.max(open.from, from);
    if (time < open.to && time < end) return time;
  }
  return undefined;
};

/**
 * When a campaign that is resumed at `now` (epoch milliseconds) starts to dial: the first moment inside its
 * window and its allowed hours, in its own time zone, daylight saving included.
 */
export const diallingFrom = (window: CampaignWindow, now: number): Dialling => {
  const {endsAt, schedule, startsAt} = window;
  if (endsAt === undefined && startsAt === undefined && !schedule) return {kind: 'unknown'};
  const from = Math.max(now, startsAt ?? now);
  const end = endsAt ?? Number.POSITIVE_INFINITY;
  if (!schedule) return from < end ? {kind: 'at', time: from, timezone: 'UTC'} : {kind: 'never'};
  const hours = hoursOf(schedule);
  if (!hours) return {kind: 'unknown'};
  const time = firstOpen(hours, from, end);
  return time === undefined ? {kind: 'never'} : {kind: 'at', time, timezone: hours.timezone};
};

/**
 * The hours in which a schedule lets a campaign dial, from the first that end after `from` to the last that begin before
 * `to`; undefined where its times, days or time zone are not what they should be.
 */
export const hoursBetween = (
  schedule: AllowedSchedule,
  {from, to}: Stretch,
): readonly Stretch[] | undefined => {
  const hours = hoursOf(schedule);
  if (!hours) return undefined;
  const dateAt = (time: number): Temporal.PlainDate =>
    Temporal.Instant.fromEpochMilliseconds(time).toZonedDateTimeISO(hours.timezone).toPlainDate();
  const first = dateAt(from).subtract({days: 1});
  return Array.from({length: first.until(dateAt(to)).days + 1}, (_, days) => first.add({days}))
    .filter(date => hours.days.has(date.dayOfWeek))
    .map(date => openOn(date, hours))
    .filter(open => open.to > from && open.from < to && open.from < open.to);
};

/** How much of a campaign's window lies ahead at `now`; undefined where the platform shows no window. */
export const cutOff = ({endsAt, startsAt}: CampaignWindow, now: number): CutOff | undefined => {
  if (endsAt === undefined || startsAt === undefined || endsAt <= startsAt) return undefined;
  const remaining = Math.max(0, endsAt - Math.max(now, startsAt));
  return {remaining, whole: endsAt - startsAt};
};
