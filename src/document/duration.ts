import {z} from 'zod';
import {parseDuration} from '../domain/duration.ts';
import {DAY} from '../domain/time.ts';

const EXAMPLES = ['10ms', '500ms', '5s', '30s', '5m', '1h', '30d'];

/** A duration in a file, as milliseconds from `least` to `most`. */
export const duration = (least: string, most: string) => {
  const [lowest, highest] = [parseDuration(least) ?? 0, parseDuration(most) ?? 0];
  const isAllowed = (value: number | undefined): value is number =>
    value !== undefined && value >= lowest && value <= highest;
  const examples = EXAMPLES.filter(text => isAllowed(parseDuration(text))).slice(-3);
  return z.union([z.string(), z.number()]).transform((text, context) => {
    const value = typeof text === 'string' ? parseDuration(text) : undefined;
    if (isAllowed(value)) return value;
    const units = highest > DAY ? 'ms, s, m, h or d' : 'ms, s, m or h';
    const message = `must be a duration from ${least} to ${most}, in ${units}, such as ${examples.join(', ')}`;
    context.addIssue({code: 'custom', message});
    return z.NEVER;
  });
};
