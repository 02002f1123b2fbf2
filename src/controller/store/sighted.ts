import type {Cause} from '../../domain/assess.ts';
import type {LiveCampaign} from '../../domain/campaign.ts';
import type {Observation} from '../../domain/diff.ts';
import {statusWord} from '../../domain/reasons.ts';
import type {Action, Status} from '../../domain/transitions.ts';
import {FRESH_FOR} from '../freshness.ts';
import type {Sighting} from '../ports.ts';
import {hasEnded, isOlder} from './versions.ts';

/** An action of ours of which the platform has yet to show what became of it. */
export interface Sent {
  readonly action: Action;
  readonly from: Status;
  readonly cause: Cause;
  /** When it was sent: `Clock.ticks`, and epoch milliseconds. */
  readonly at: number;
  readonly sentAt: number;
  /** It counts against its limit already: an earlier process was killed while it sent it. */
  readonly isCounted?: true;
}

/** Nothing has been shown yet that could be older. */
export const NOTHING_SHOWN = Number.POSITIVE_INFINITY;

/** Nothing was sent of which anything is unknown. */
export const NONE_SENT: readonly Sent[] = [];

/** What is known of one live campaign. Times are `Clock.ticks`. Later knowledge wins, whatever order it arrives in. */
export interface Sighted {
  observation: Observation | undefined;
  /** When what was last read had been asked for. */
  readAt: number;
  /** When a request that showed it at all was last sent. */
  seenAt: number;
  /** The newest version, and since when nothing but older ones are shown; undefined where it is the one shown. */
  newer: {readonly campaign: LiveCampaign; readonly unseenSince: number} | undefined;
  /** When a Get or an action's answer last told this status; a list does not count. */
  confirmedAt: number | undefined;
  /** What was sent, oldest first, until the platform has shown it, or shown otherwise. */
  sent: readonly Sent[];
  /** The version of the campaign that an action of ours made, by the platform's time of its change. */
  ownUpdatedAt: number | undefined;
  /** The version that the platform's clock made while it was looked on, by the same time. */
  byItselfAt: number | undefined;
}

export const newSighted = (): Sighted => ({
  observation: undefined,
  readAt: 0,
  seenAt: 0,
  newer: undefined,
  confirmedAt: undefined,
  sent: NONE_SENT,
  ownUpdatedAt: undefined,
  byItselfAt: undefined,
});

/** True where it is known whether the platform has it. */
export const isKnown = (sighted: Sighted | undefined): boolean =>
  sighted?.observation !== undefined && sighted.observation.kind !== 'unreadable';

/** True where it will never change again. */
export const isOver = (sighted: Sighted | undefined): boolean =>
  sighted?.observation?.kind === 'seen' && hasEnded(sighted.observation.campaign);

/** How a campaign was read. */
export interface Reading {
  /** When the request was sent. */
  readonly askedAt: number;
  /** It is the answer to a Get. */
  readonly confirmed: boolean;
  /** Whom the platform names for what this program changes, where it has shown it. */
  readonly ownName?: string | undefined;
  /** Told of an action of ours whose effect shows. */
  readonly onEffect?: (sent: Sent) => void;
}

/** What it was when it could last be read. */
export const lastOf = ({observation}: Sighted): LiveCampaign | undefined =>
  observation?.kind === 'seen' ? observation.campaign : observation?.before;

/** The newest version that was shown. */
export const newestOf = (sighted: Sighted): LiveCampaign | undefined =>
  sighted.newer?.campaign ?? lastOf(sighted);

/** True while the version that counts is older than one that was shown before. */
export const isSetBack = ({newer, observation}: Sighted): boolean =>
  newer !== undefined && observation?.kind === 'seen' && isOlder(observation.campaign, newer.campaign);

/** The status as it is known now, as a word. */
export const statusIn = (sighted: Sighted | undefined): string | undefined =>
  sighted?.observation?.kind === 'seen' ? statusWord(sighted.observation.campaign.status) : undefined;

/** The campaign and when it was asked for, if that is fresh enough to act on. */
export const freshIn = (sighted: Sighted | undefined, ticks: number): Sighting | undefined => {
  if (sighted?.observation?.kind !== 'seen' || sighted.confirmedAt === undefined) return undefined;
  if (ticks - sighted.confirmedAt > FRESH_FOR) return undefined;
  return {campaign: sighted.observation.campaign, askedAt: sighted.confirmedAt};
};
