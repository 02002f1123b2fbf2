import type {Freeze} from './freeze.ts';
import type {Opening} from './opening.ts';
import {STATUSES, type Status} from './transitions.ts';
import type {CampaignWindow} from './window.ts';

export type {Status};

/** What Git may ask for: any status that the platform has. */
export type DesiredStatus = Status;
export const DESIRED_STATUSES: readonly DesiredStatus[] = STATUSES;

/** `enforce`: differences are corrected. `detect`: they are only reported. */
export type Mode = 'enforce' | 'detect';

/** Identifies one campaign among all workspaces. A workspace's name holds no slash, so it is unambiguous. */
export type CampaignKey = `${string}/${string}`;

export const campaignKey = (workspace: string, campaignId: string): CampaignKey =>
  `${workspace}/${campaignId}`;

/** Where something is declared: a path inside the source, and a line counted from 1. */
export interface SourceLocation {
  readonly file: string;
  readonly line: number;
}

/** A pause in enforcement, until a time (epoch milliseconds) or until it is taken out of the file. */
export interface Hold {
  readonly reason: string;
  /** Who knows more. */
  readonly owner?: string;
  readonly until?: number;
}

/** When a campaign may call, as its declaration says it: times are by the clocks of the calendar's zone, or have an offset. */
export interface Timetable {
  readonly calendar?: string;
  readonly from?: string;
  readonly until?: string;
}

/** One campaign as Git wants it. */
export interface Declaration {
  readonly workspace: string;
  readonly campaignId: string;
  /** The name in Git, unique in its workspace. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly desired: DesiredStatus;
  readonly reason?: string;
  /** Overrides the workspace's mode. */
  readonly mode?: Mode;
  readonly hold?: Hold;
  readonly timetable?: Timetable;
  /** What its timetable comes to, with the calendar that is declared apart from it; only where it asks for active or scheduled. */
  readonly opening?: Opening;
  /** The freezes that mean it, whenever they hold; they are declared apart from it. */
  readonly freezes?: readonly Freeze[];
  /** Equal to `campaignId` where `desired` is `cancelled`. */
  readonly confirmCancel?: string;
  readonly source: SourceLocation;
}

/** A status as the platform gave it: one that is known, or a word that is not. */
export type LiveStatus = {readonly known: Status} | {readonly unrecognised: string};

/** One campaign as the platform shows it. Times are epoch milliseconds of the platform's clock. */
export interface LiveCampaign {
  readonly campaignId: string;
  readonly name: string;
  readonly status: LiveStatus;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Who last changed it, where the platform says. */
  readonly updatedBy?: string;
  /** When it runs and may dial. Only a Get shows it. */
  readonly window?: CampaignWindow;
}
