import type {Cause} from '../domain/assess.ts';
import type {Allowance, Limited, Limits} from '../domain/limits.ts';
import type {Action} from '../domain/transitions.ts';
import {type Counted, Limiter} from './store/limiter.ts';

/** What counts against a limit: an action that is no timetable's. */
export const countsAs =
  (action: Limited) =>
  ({cause, steps}: {readonly cause: Cause | null; readonly steps: readonly Action[]}): boolean =>
    steps[0] === action && cause !== 'timetable';

/** What is to be sent to a workspace at once, and what it is held against. */
export interface AtOnce extends Counted {
  readonly allowances: readonly Allowance[] | undefined;
}

/** Whether an allowance lets resumes of a workspace through, however long they have been due. */
export const allowsResumes = (name: string, allowances: readonly Allowance[] = [], now: number): boolean => {
  const limiter = new Limiter(name);
  limiter.allow(allowances, now);
  return limiter.allowsResumes(now);
};

/** What of it a limit stops, in words; a command knows nothing of what was sent before. */
export const limitsExceeded = (
  {limits, name}: {readonly limits?: Limits | undefined; readonly name: string},
  {allowances = [], ...counted}: AtOnce,
  now: number,
): readonly string[] => {
  const limiter = new Limiter(name);
  limiter.limits = limits;
  limiter.allow(allowances, now);
  limiter.update(counted, now);
  return limiter.texts(now);
};
