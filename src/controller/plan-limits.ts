import type {Cause} from '../domain/assess.ts';
import {
  type Allowance,
  exceededText,
  isExceeded,
  LIMITED,
  type Limited,
  type Limits,
} from '../domain/limits.ts';
import type {Action} from '../domain/transitions.ts';

/** What counts against a limit: an action that is no timetable's. */
export const countsAs =
  (action: Limited) =>
  ({cause, steps}: {readonly cause: Cause | null; readonly steps: readonly Action[]}): boolean =>
    steps[0] === action && cause !== 'timetable';

/** What is to be sent to a workspace at once, and what it is held against. */
export interface AtOnce {
  readonly wanted: Readonly<Record<Limited, number>>;
  /** Campaigns of the workspace that are declared. */
  readonly declared: number;
  readonly allowances: readonly Allowance[] | undefined;
}

/** What of it a limit stops, in words; a command knows nothing of what was sent before. */
export const limitsExceeded = (
  {limits, name: workspace}: {readonly limits?: Limits | undefined; readonly name: string},
  {allowances = [], declared, wanted}: AtOnce,
  now: number,
): readonly string[] => {
  const inForce = allowances.filter(one => one.workspace === workspace && now < one.until);
  return LIMITED.flatMap(action => {
    const allowed = inForce.reduce((sum, allowance) => sum + allowance[action], 0);
    const use = {sent: 0, wanted: wanted[action], declared, allowed};
    return limits && isExceeded(limits[action], use)
      ? [exceededText({action, workspace}, limits[action], use, now)]
      : [];
  });
};
