/** What the clock of a zone shows when a time is, where it shows that once. Epoch milliseconds. */
export type LocalTime =
  | {readonly kind: 'once'; readonly time: number}
  /** The clocks go forward past it: the moment of that change. */
  | {readonly kind: 'never'; readonly time: number}
  /** The clocks go back over it. */
  | {readonly kind: 'twice'; readonly first: number; readonly second: number}
  | {readonly kind: 'invalid'};

/** A time that is written with its offset needs no zone. */
export const WITH_OFFSET = /(?:Z|[+-]\d\d:\d\d)$/;

/** What `parse` makes of a text; undefined for one of a day or an hour that there is not. */
const parsed = <T>(parse: (text: string) => T, text: string): T | undefined => {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
};

/** A time with its offset, or the beginning of a day in UTC; undefined for anything else. Epoch milliseconds. */
export const momentIn = (text: string): number | undefined => {
  if (WITH_OFFSET.test(text)) return parsed(one => Temporal.Instant.from(one), text)?.epochMilliseconds;
  const day = /^\d{4}-\d\d-\d\d$/.test(text) ? parsed(one => Temporal.PlainDate.from(one), text) : undefined;
  return day?.toZonedDateTime('UTC').epochMilliseconds;
};

/** Reads a time that is written with its offset, or as the clocks of a zone show it. */
export const localTime = (text: string, timezone: string): LocalTime => {
  if (WITH_OFFSET.test(text)) {
    const time = momentIn(text);
    return time === undefined ? {kind: 'invalid'} : {kind: 'once', time};
  }
  const plain = parsed(one => Temporal.PlainDateTime.from(one), text);
  if (!plain) return {kind: 'invalid'};
  const [first, second] = (['earlier', 'later'] as const).map(disambiguation =>
    plain.toZonedDateTime(timezone, {disambiguation}),
  ) as [Temporal.ZonedDateTime, Temporal.ZonedDateTime];
  if (first.equals(second)) return {kind: 'once', time: first.epochMilliseconds};
  if (!first.toPlainDateTime().equals(plain)) {
    const change = first.getTimeZoneTransition('next');
    return {kind: 'never', time: change?.epochMilliseconds ?? second.epochMilliseconds};
  }
  return {kind: 'twice', first: first.epochMilliseconds, second: second.epochMilliseconds};
};

/** A time as the clocks of a zone show it, with their offset: `2026-10-25T02:30+02:00`. */
const withOffset = (time: number, timezone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(time)
    .toZonedDateTimeISO(timezone)
    .toString({smallestUnit: 'minute', timeZoneName: 'never'});

/** True for a time zone that is known here. */
export const isTimezone = (timezone: string): boolean => {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(timezone);
    return true;
  } catch {
    return false;
  }
};

/** What is wrong with a time that is not shown exactly once, and what to write instead; undefined where it is. */
export const clockProblem = (
  text: string,
  local: LocalTime,
  timezone: string,
): {readonly code: string; readonly message: string; readonly hint: string} | undefined => {
  if (local.kind === 'once') return undefined;
  if (local.kind === 'invalid')
    return {
      code: 'wrong-value',
      message: `${JSON.stringify(text)} is no time`,
      hint: 'write it as in 2026-12-24T12:00, by the clocks of the zone, or with its offset, as in 2026-12-24T12:00+05:30',
    };
  if (local.kind === 'never')
    return {
      code: 'clock-change',
      message: `${text} does not exist in ${timezone}: the clocks go forward past it`,
      hint: `the moment of that change is ${withOffset(local.time, timezone)}`,
    };
  const [first, second] = [withOffset(local.first, timezone), withOffset(local.second, timezone)];
  return {
    code: 'clock-change',
    message: `${text} exists twice in ${timezone}: the clocks go back over it`,
    hint: `write which is meant: ${first} is the first, ${second} the second`,
  };
};
