/** What the clock of a zone shows when a time is, where it shows that once. Epoch milliseconds. */
export type LocalTime =
  | {readonly kind: 'once'; readonly time: number}
  /** The clocks go forward past it: the moment of that change. */
  | {readonly kind: 'never'; readonly time: number}
  /** The clocks go back over it. */
  | {readonly kind: 'twice'; readonly first: number; readonly second: number}
  | {readonly kind: 'invalid'};

const WITH_OFFSET = /(?:Z|[+-]\d\d:\d\d)$/;

const parsed = (text: string): Temporal.PlainDateTime | undefined => {
  try {
    return Temporal.PlainDateTime.from(text);
  } catch {
    return undefined;
  }
};

/** Reads a time that is written with its offset, or as the clocks of a zone show it. */
export const localTime = (text: string, timezone: string): LocalTime => {
  if (WITH_OFFSET.test(text)) {
    const time = Date.parse(text);
    return Number.isNaN(time) ? {kind: 'invalid'} : {kind: 'once', time};
  }
  const plain = parsed(text);
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
export const withOffset = (time: number, timezone: string): string =>
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
): {readonly message: string; readonly hint: string} | undefined => {
  if (local.kind === 'once') return undefined;
  if (local.kind === 'invalid')
    return {
      message: `${JSON.stringify(text)} is no time`,
      hint: 'write it as in 2026-12-24T12:00, by the clocks of the zone, or with its offset, as in 2026-12-24T12:00+05:30',
    };
  if (local.kind === 'never')
    return {
      message: `${text} does not exist in ${timezone}: the clocks go forward past it`,
      hint: `the moment of that change is ${withOffset(local.time, timezone)}`,
    };
  const [first, second] = [withOffset(local.first, timezone), withOffset(local.second, timezone)];
  return {
    message: `${text} exists twice in ${timezone}: the clocks go back over it`,
    hint: `write which is meant: ${first} is the first, ${second} the second`,
  };
};
