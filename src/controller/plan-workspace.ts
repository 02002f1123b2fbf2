import type {Mode} from '../domain/campaign.ts';
import type {Pace} from '../domain/lead.ts';
import type {Limits} from '../domain/limits.ts';
import type {Platform} from './ports.ts';

/** One workspace, as a plan needs it. */
export interface PlanWorkspace {
  readonly name: string;
  readonly mode: Mode;
  readonly concurrency: number;
  readonly platform: Platform;
  /** How many resumes and cancels it takes at once; none where it is not given. */
  readonly limits?: Limits;
  /** How long a resume may have been due and is still sent: milliseconds. However long, where it is not given. */
  readonly resumeMaxAge?: number | undefined;
  /** How fast a controller sends to it, by which closings begin; at their edge where it is not given. */
  readonly pace?: Pace;
}
