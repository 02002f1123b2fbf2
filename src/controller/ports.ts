import type {LiveCampaign} from '../domain/campaign.ts';
import type {Trouble} from '../domain/condition.ts';
import type {DeclarationSet} from '../domain/declarations.ts';
import type {ClaimChanges} from '../domain/same-wish.ts';
import type {Action} from '../domain/transitions.ts';

/** One state of the source: a commit, or the contents of a folder. */
export interface Revision {
  /** A commit's hash, or `sha256:` and a digest of a folder's declarations. */
  readonly id: string;
  /** Epoch milliseconds; only a commit has one. */
  readonly committedAt?: number;
  /** The first line of the commit's message. */
  readonly subject?: string;
  /** Who wrote the commit. */
  readonly author?: string;
  /** The branch did not go on from the revision before, but back to an earlier one, or elsewhere. */
  readonly turn?: 'backwards' | 'rewritten';
  /** The revision that was in force, where the branch did not go on from it. */
  readonly before?: string;
}

/** What reading the source gave. After a failure the last good revision stays in force. */
export type SourceReading =
  | {
      readonly kind: 'read';
      readonly revision: Revision;
      /** All that is declared: it may be the same object as before, which has followed. */
      readonly declarations: DeclarationSet;
      /** What is claimed otherwise than in the last reading, by workspace. */
      readonly changes: ReadonlyMap<string, ClaimChanges>;
      /** Nothing is declared, and something was in the revision before, which was not read by this process. */
      readonly emptied?: true;
      /** A later revision that is not taken, and why. */
      readonly trouble?: Trouble;
    }
  | {readonly kind: 'unchanged'}
  | {readonly kind: 'failed'; readonly trouble: Trouble};

/** Where declarations come from. */
export interface DeclarationSource {
  /** Reads the revision that is in force now, whole, or says why it could not. Never throws. */
  read(signal: AbortSignal): Promise<SourceReading>;
  /**
   * Calls `onChange` when it may be worth reading again: a hint, never the truth. Resolves once it watches,
   * with what ends the watch. A remote source has nothing to watch.
   */
  watch(onChange: () => void): Promise<() => Promise<void>>;
  /** What a file of the revision in force holds; undefined where it cannot be had now. Never throws. */
  text(file: string): Promise<string | undefined>;
  /** Takes in which workspaces are configured; the next reading tells what that changes. */
  know(workspaces: ReadonlySet<string>): void;
}

/** Why a request to the platform brought no answer that can be used. */
type FailureKind =
  /** The key is bad, or for another workspace (401; 403 for a list). */
  | 'unauthorised'
  /** No such campaign (404). */
  | 'missing'
  /** The platform refuses the request (400, 403 for one campaign, 409, 422, 429 for a resume). */
  | 'rejected'
  /** Too many requests (429, 503). */
  | 'throttled'
  /** A server's error, a broken connection, a timeout: it may or may not have taken effect. */
  | 'unavailable'
  /** The answer is not what was asked for: HTML, cut off JSON, another campaign. */
  | 'malformed'
  /** Not sent: it was called off while it waited for its slot. */
  | 'dropped'
  /** Not sent: what it was decided on had become too old while it waited for its slot. */
  | 'outdated';

export interface Failure {
  readonly kind: FailureKind;
  /** For a person; holds no secret. */
  readonly message: string;
  /** Set where the whole workspace waits: milliseconds of `Clock.ticks` before which nothing is sent. */
  readonly retryAt?: number;
  /** When a pause or a poll may try all the same, to see whether the platform takes it (`Clock.ticks`). */
  readonly probeAt?: number;
  /** An action met it, that was sent; a workspace that can be read may take none. */
  readonly ofAction?: true;
  /** Nothing was sent: something before it met this. */
  readonly unsent?: true;
  /** It is no answer of the platform's: it says nothing of what was asked for. */
  readonly noAnswer?: true;
  /** What set the time to come back, such as the header `Retry-After`; undefined where nobody did. */
  readonly askedBy?: string;
}

export type Reply<T> =
  | {readonly ok: true; readonly value: T}
  | {readonly ok: false; readonly failure: Failure};

/** A status and when its request was sent (`Clock.ticks`): nothing that came later can be in it. */
export interface Sighting {
  readonly campaign: LiveCampaign;
  readonly askedAt: number;
}

/** What a reading of a workspace has to know, and where what it sees goes. */
export interface LiveKnowledge {
  /** Declared campaigns that may still change, or of which nothing is known. */
  readonly open: ReadonlySet<string>;
  /** Those of them of which it is not known whether they are there. */
  readonly unknown: ReadonlySet<string>;
  /** Campaigns that may be dialling now against what Git says: where not all can be asked for, these wait the least. */
  readonly urgent: ReadonlySet<string>;
  /** Resumes wait until each campaign of which nothing is known has been asked for. */
  readonly isAwaited?: boolean;
  /** Takes in what a request has shown; returns how much of it is news. */
  readonly take: (seen: readonly Sighting[]) => number;
}

/** What a reading of a workspace came to, besides what it saw. With a failure it holds what was read before it. */
export interface LiveReading {
  /** The lists were read to their end: a campaign that nobody declares and that was not seen is gone. */
  readonly listed: boolean;
  /** Declared campaigns that the platform, asked for each by its id, does not know; and when it was asked. */
  readonly missing: ReadonlyMap<string, number>;
  /** Declared campaigns that cannot be read as they are, why, and when they were asked for. */
  readonly unreadable: ReadonlyMap<string, {readonly problem: string; readonly askedAt: number}>;
  /** Declared campaigns whose own request brought no answer, and why: what was known of them stays. */
  readonly unanswered: ReadonlyMap<string, string>;
  /** Declared campaigns that no list has shown, and that this reading has not asked for by their id. */
  readonly postponed: readonly string[];
  /** Campaigns of the lists that cannot be used, such as one whose id is none; each with the reason. */
  readonly unusable: readonly string[];
  readonly failure?: Failure;
}

/** Requests that a rate lets this process send within a window, and how many of them are used now. */
export interface RateUse {
  readonly slots: number;
  /** Milliseconds. */
  readonly window: number;
  readonly used: number;
}

/** One workspace of the platform, behind its rate limit. Nothing here throws or retries. */
export interface Platform {
  /** How much of the rate is used now. */
  readonly rate: RateUse;
  /** How many keys have been used, one after the other: the platform may name whoever uses another one otherwise. */
  readonly keysUsed: number;
  /** Reads what may have changed since the last reading, with as few requests as will do. */
  poll(knowledge: LiveKnowledge, signal: AbortSignal): Promise<LiveReading>;
  /** Reads every campaign that may still change, whatever is known of it. */
  resync(knowledge: LiveKnowledge, signal: AbortSignal): Promise<LiveReading>;
  /** An action that had no answer was seen to have taken effect: actions get through. */
  tookEffect(): void;
  /** Reads one campaign, with the priority of the action that it is read for. */
  read(campaignId: string, before: Action, signal: AbortSignal): Promise<Reply<Sighting>>;
  /**
   * Sends one action, unless the status that it was decided on is too old by the time its turn comes, or one is known by
   * then that does not ask for it. The answer is the campaign as the action left it.
   */
  update(
    campaignId: string,
    action: Action,
    decidedOn: Ground,
    signal: AbortSignal,
  ): Promise<Reply<LiveCampaign>>;
}

/** The status that an action was decided on. */
export interface Ground {
  /** When it was read: `Clock.ticks`. */
  readonly readAt: number;
  /** False where the status that is known by now no longer asks for the action. */
  readonly holds: () => boolean;
}

/** Whether this process may send to a workspace now: a replica may not where another holds its lease. */
export type Fence = () => boolean;

/** Time, passed in: one clock that tells dates, and one that measures how long things take. */
export interface Clock {
  /** The time of day, in epoch milliseconds. It jumps when somebody sets it. */
  now(): number;
  /** Milliseconds from some start, never set: only differences of it mean anything. */
  ticks(): number;
  /** Calls back once, `delay` milliseconds from now; returns what calls it off. */
  after(delay: number, callback: () => void): () => void;
}

/** A number from 0 up to, but not including, 1. */
export type Random = () => number;

/** How a pass ended. */
export type PassResult = 'success' | 'failure' | 'interrupted';
