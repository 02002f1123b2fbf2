import {DAY} from './time.ts';

const UNITS = {ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: DAY} as const;
const PATTERN = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;

/** Milliseconds of a duration such as `500ms`, `30s`, `5m`, `1h` or `7d`; undefined for anything else. */
export const parseDuration = (text: string): number | undefined => {
  const [, number, unit] = PATTERN.exec(text) ?? [];
  return number === undefined ? undefined : Number(number) * UNITS[unit as keyof typeof UNITS];
};
