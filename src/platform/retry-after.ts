/** An answer's headers, by their lower-case names. */
export type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** For how long the platform wants no request (milliseconds), and which header says so. */
export interface AskedRest {
  readonly delay: number;
  readonly by: string;
}

const LONGEST_WAIT = 24 * 60 * 60 * 1000;
/** A number from here on is a time in seconds since 1970, and no number of seconds from now. */
const EPOCH_SECONDS_FROM = 1_000_000_000;
/** A number from here on is a time in milliseconds since 1970. */
const EPOCH_MILLISECONDS_FROM = 100_000_000_000;

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** The three formats of a date in HTTP (RFC 9110, 5.6.7): IMF-fixdate, that of RFC 850, and that of asctime. */
const DATES = [
  /^[a-z]{3}, (?<day>\d{1,2}) (?<month>[a-z]{3}) (?<year>\d{4}) (?<clock>\d\d:\d\d:\d\d) (?:GMT|UTC)$/i,
  /^[a-z]{6,9}, (?<day>\d{1,2})-(?<month>[a-z]{3})-(?<year>\d\d) (?<clock>\d\d:\d\d:\d\d) (?:GMT|UTC)$/i,
  /^[a-z]{3} (?<month>[a-z]{3}) {1,2}(?<day>\d{1,2}) (?<clock>\d\d:\d\d:\d\d) (?<year>\d{4})$/i,
];

/** RFC 9110, 5.6.7: a year of two digits that seems to lie more than fifty years ahead is one of the past. */
const fullYear = (text: string, now: number): number => {
  const year = Number(text);
  if (text.length > 2) return year;
  const thisYear = new Date(now).getUTCFullYear();
  const candidate = thisYear - (thisYear % 100) + year;
  return candidate > thisYear + 50 ? candidate - 100 : candidate;
};

/** A date as HTTP writes them, in epoch milliseconds: always UTC. Undefined for anything else. */
export const parseHttpDate = (text: string, now: number): number | undefined => {
  const groups = DATES.map(pattern => pattern.exec(text.trim())?.groups).find(found => found !== undefined);
  if (!groups) return undefined;
  const {clock = '', day = '', month = '', year = ''} = groups;
  const index = MONTHS.indexOf(month.toLowerCase());
  const [hours = 0, minutes = 0, seconds = 0] = clock.split(':').map(Number);
  return index === -1
    ? undefined
    : Date.UTC(fullYear(year, now), index, Number(day), hours, minutes, seconds);
};

const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/i;

/** Milliseconds from `now` that a value means: a number of seconds, a time since 1970, or a date. */
const delayOf = (text: string, now: number): number | undefined => {
  if (/^\d+(?:\.\d+)?$/.test(text)) {
    const number = Number(text);
    if (number >= EPOCH_MILLISECONDS_FROM) return number - now;
    return number >= EPOCH_SECONDS_FROM ? number * 1000 - now : number * 1000;
  }
  const date = ISO_TIME.test(text) ? Date.parse(text) : parseHttpDate(text, now);
  return date === undefined || Number.isNaN(date) ? undefined : date - now;
};

const valuesOf = (headers: Headers, name: string): string[] => {
  const value = headers[name];
  return (Array.isArray(value) ? value : [value ?? '']).map(text => text.trim()).filter(Boolean);
};

const longest = (delays: readonly (number | undefined)[]): number | undefined => {
  const known = delays.flatMap(delay => (delay !== undefined && Number.isFinite(delay) ? [delay] : []));
  return known.length === 0 ? undefined : known.reduce((most, delay) => Math.max(most, delay));
};

/** A header that may stand several times, or hold a list; a date has a comma of its own. */
const ofHeader = (headers: Headers, name: string, now: number): number | undefined =>
  longest(
    valuesOf(headers, name).map(
      text => delayOf(text, now) ?? longest(text.split(',').map(part => delayOf(part.trim(), now))),
    ),
  );

const QUOTA = /(?:^|[;\s])(?:r|remaining)\s*=\s*(\d+)/;
const RESET = /(?:^|[;\s])(?:t|reset)\s*=\s*(\d+(?:\.\d+)?)/;

/**
 * `RateLimit: "policy";r=0;t=30, "other";r=9;t=3600` of the IETF's drafts: those policies count of which nothing remains, or
 * of which it is not told whether anything does. The older form `limit=10, remaining=0, reset=30` is one policy.
 */
const ofRateLimit = (headers: Headers, now: number): number | undefined => {
  const texts = valuesOf(headers, 'ratelimit').flatMap(text =>
    text.includes('"') ? text.split(',') : [text.replaceAll(',', ' ')],
  );
  const policies = texts.flatMap(text => {
    const [, reset] = RESET.exec(text) ?? [];
    return reset === undefined ? [] : [{left: QUOTA.exec(text)?.[1], delay: delayOf(reset, now)}];
  });
  const spent = policies.filter(({left}) => left === '0');
  const untold = policies.filter(({left}) => left === undefined);
  return longest((spent.length > 0 ? spent : untold).map(({delay}) => delay));
};

/** `RateLimit-Reset`, which services send with every answer: it asks for nothing where `RateLimit-Remaining` says that some is left. */
const ofReset = (headers: Headers, prefix: string, now: number): number | undefined =>
  valuesOf(headers, `${prefix}-remaining`).some(left => Number(left) > 0)
    ? undefined
    : ofHeader(headers, `${prefix}-reset`, now);

const ofMilliseconds = (headers: Headers): number | undefined =>
  longest(
    valuesOf(headers, 'retry-after-ms').map(text =>
      /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : undefined,
    ),
  );

/**
 * When the platform wants to be asked again, by every form that services send: `Retry-After` (seconds, a fraction, an
 * HTTP date: RFC 9110, 10.2.3), `RateLimit` of the IETF's drafts, `RateLimit-Reset` and `X-RateLimit-Reset` (seconds
 * left, seconds or milliseconds since 1970, ISO 8601). Dates are measured against the answer's own `Date`, so that
 * this machine's clock may be wrong. Undefined where no header says it in a way that can be understood; never less
 * than nothing, never more than a day.
 *
 * @param now epoch milliseconds of this machine, for an answer without `Date`
 */
export const askedRest = (headers: Headers, now: number): AskedRest | undefined => {
  const [date = ''] = valuesOf(headers, 'date');
  const base = parseHttpDate(date, now) ?? now;
  const found: readonly [string, number | undefined][] = [
    ['Retry-After', ofHeader(headers, 'retry-after', base)],
    ['Retry-After-Ms', ofMilliseconds(headers)],
    ['RateLimit', ofRateLimit(headers, base)],
    ['RateLimit-Reset', ofReset(headers, 'ratelimit', base)],
    ['X-RateLimit-Reset', ofReset(headers, 'x-ratelimit', base)],
  ];
  for (const [by, delay] of found) {
    if (delay !== undefined) return {by, delay: Math.min(Math.max(delay, 0), LONGEST_WAIT)};
  }
  return undefined;
};
