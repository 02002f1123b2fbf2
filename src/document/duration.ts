import {z} from 'zod';

const UNITS = {ms: 1, s: 1000, m: 60_000, h: 3_600_000} as const;
const PATTERN = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/;

/** Milliseconds of a duration such as `500ms`, `30s`, `5m` or `1h`; undefined for anything else. */
export const parseDuration = (text: string): number | undefined => {
  const [, number, unit] = PATTERN.exec(text) ?? [];
  return number === undefined ? undefined : Number(number) * UNITS[unit as keyof typeof UNITS];
};

/** A duration in a file, as milliseconds from `least` to `most`. */
export const duration = (least: string, most: string) =>
  z.union([z.string(), z.number()]).transform((text, context) => {
    const value = typeof text === 'string' ? parseDuration(text) : undefined;
    const inRange =
      value !== undefined && value >= (parseDuration(least) ?? 0) && value <= (parseDuration(most) ?? 0);
    if (inRange) return value;
    const message = `must be a duration from ${least} to ${most}, such as 500ms, 30s, 5m or 1h`;
    context.addIssue({code: 'custom', message});
    return z.NEVER;
  });
