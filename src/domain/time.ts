/** Lengths of time in milliseconds. */
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** A time for machines, and in sentences that machines may read as well: RFC 3339, in UTC. */
export const rfc3339 = (time: number): string => {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? 'an unknown time' : date.toISOString();
};

/** A time for machines; null where there is none. */
export const timeOrNull = (time: number | undefined): string | null =>
  time === undefined ? null : rfc3339(time);

const YEAR = {length: 365 * DAY, one: 'year', many: 'years'};
const UNITS = [
  {length: DAY, one: 'day', many: 'days'},
  {length: HOUR, one: 'h', many: 'h'},
  {length: MINUTE, one: 'min', many: 'min'},
];

/** A length of time in its two largest units: `29 days 4 h`. */
export const lengthOf = (milliseconds: number): string => {
  const first = UNITS.findIndex(({length}) => milliseconds >= length);
  if (first === -1) return 'less than a minute';
  let rest = milliseconds;
  const parts = UNITS.slice(first, first + 2).flatMap(({length, many, one}) => {
    const count = Math.floor(rest / length);
    rest -= count * length;
    return count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];
  });
  return parts.join(' ');
};

/** How far a time is from now, in its largest unit: `in 3 h`, `2 days ago`, `now`. */
export const relativeTime = (time: number, now: number): string => {
  const away = Math.abs(time - now);
  if (away < MINUTE) return 'now';
  const unit = [YEAR, ...UNITS].find(({length}) => away >= length);
  if (!unit) return 'now';
  const count = Math.floor(away / unit.length);
  const text = `${count} ${count === 1 ? unit.one : unit.many}`;
  return time > now ? `in ${text}` : `${text} ago`;
};

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** A time as people in that zone read it: `Wed 2026-11-25 09:00 Asia/Kolkata`. Throws for a zone that there is not. */
export const timeIn = (time: number, timezone: string): string => {
  const zoned = Temporal.Instant.fromEpochMilliseconds(time).toZonedDateTimeISO(timezone);
  const clock = zoned.toPlainTime().toString({smallestUnit: 'minute'});
  return `${WEEKDAYS[zoned.dayOfWeek - 1]} ${zoned.toPlainDate()} ${clock} ${timezone}`;
};

/** One in quotation marks is there to be copied. */
const STAMP = /(?<!["\d])\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z(?!")/g;

const withTimes = (sentence: string, show: (time: number) => string): string =>
  sentence.replace(STAMP, stamp => {
    const time = Date.parse(stamp);
    return Number.isNaN(time) ? stamp : show(time);
  });

/** A sentence with each time in it, which stands there as machines read it, as people in a zone read it. */
export const withTimesIn = (sentence: string, timezone: string): string =>
  withTimes(sentence, time => timeIn(time, timezone));

/** How people are shown times: in their zone, and by how far away they are. */
export interface Reader {
  readonly timezone: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** `Wed 2026-11-25 09:00 Asia/Kolkata (in 3 h)` */
export const timeFor = (time: number, {now, timezone}: Reader): string =>
  `${timeIn(time, timezone)} (${relativeTime(time, now)})`;

/**
 * A sentence for people: each time in it, which stands there as machines read it, becomes one of their own zone with
 * how far away it is.
 */
export const withTimesFor = (sentence: string, reader: Reader): string =>
  withTimes(sentence, time => timeFor(time, reader));
