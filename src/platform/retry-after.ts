const LONGEST_WAIT = 24 * 60 * 60 * 1000;
/** Above it a `RateLimit-Reset` is a time, not a number of seconds from now. */
const EPOCH_SECONDS_FROM = 1_000_000_000;

export type Headers = Readonly<Record<string, string | string[] | undefined>>;

const one = (headers: Headers, name: string): string | undefined => {
  const value = headers[name];
  return (Array.isArray(value) ? value[0] : value)?.trim();
};

const seconds = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : undefined;

const retryAfter = (text: string | undefined, now: number): number | undefined => {
  const delay = seconds(text);
  if (delay !== undefined) return now + delay * 1000;
  if (text === undefined || !/^[A-Z][a-z]+,? /.test(text)) return undefined;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : date;
};

const reset = (text: string | undefined, now: number): number | undefined => {
  const value = seconds(text);
  if (value === undefined) return undefined;
  return value >= EPOCH_SECONDS_FROM ? value * 1000 : now + value * 1000;
};

/** `RateLimit: "policy";r=0;t=30` and the older `limit=10, remaining=0, reset=30`. */
const structured = (text: string | undefined): string | undefined =>
  /(?:^|[;,\s])(?:t|reset)=(\d+)/.exec(text ?? '')?.[1];

/**
 * When the platform wants to be asked again (epoch milliseconds), from `Retry-After` (seconds, or an HTTP
 * date: RFC 9110, 10.2.3) or the `RateLimit` headers of the IETF's drafts and their older `X-` form.
 * Undefined where it does not say; never in the past, never more than a day away.
 */
export const retryTime = (headers: Headers, now: number): number | undefined => {
  const at =
    retryAfter(one(headers, 'retry-after'), now) ??
    reset(structured(one(headers, 'ratelimit')), now) ??
    reset(one(headers, 'ratelimit-reset') ?? one(headers, 'x-ratelimit-reset'), now);
  return at === undefined ? undefined : Math.min(Math.max(at, now), now + LONGEST_WAIT);
};
