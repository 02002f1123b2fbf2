import {z} from 'zod';

const PATTERN = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)?$/;

/** True for a text that is written as a time, if perhaps of no day that there is. */
export const isTimeText = (text: string): boolean => PATTERN.test(text);

/** A time by the clocks of some zone, or with its offset. */
export const localTimeText = z
  .string()
  .regex(PATTERN, 'must be a time as in 2026-12-24T12:00, or with its offset, as in 2026-12-24T12:00+05:30');
