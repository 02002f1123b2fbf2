import type {Trouble} from '../domain/condition.ts';
import type {Claim, DeclarationSet} from '../domain/declarations.ts';
import type {Finding} from '../domain/finding.ts';
import type {Outcome} from '../domain/outcome.ts';
import type {PlannedAction} from '../domain/plan.ts';
import type {PassResult, Revision, SourceReading} from './ports.ts';

/** What the work was that an unexpected error ended. */
export type Work = 'source' | 'poll' | 'resync' | 'pass' | 'assess' | 'turn';

/** What happens in the controller, for metrics and logs. Nothing is decided by it. */
export type ControllerEvent =
  | {readonly kind: 'source-read'; readonly reading: SourceReading}
  /** `emptied`: it declares nothing, where there were declarations before. */
  | {
      readonly kind: 'revision-adopted';
      readonly revision: Revision;
      readonly declarations: DeclarationSet;
      readonly emptied?: true;
    }
  /** The source came into trouble, into another, or out of it. `inForce`: a revision that was read before stays. */
  | {readonly kind: 'source-trouble'; readonly trouble: Trouble | undefined; readonly inForce: boolean}
  | {readonly kind: 'workspace-trouble'; readonly workspace: string; readonly trouble: Trouble | undefined}
  /** Other limits than before stop actions of a workspace: each in words; none where nothing is stopped any more. */
  | {readonly kind: 'limits-changed'; readonly workspace: string; readonly texts: readonly string[]}
  /** Campaigns of the platform's lists that cannot be used are not those that they were. */
  | {readonly kind: 'unusable-changed'; readonly workspace: string; readonly problems: readonly string[]}
  | {readonly kind: 'drift-detected'; readonly finding: Finding}
  /** Drift that an earlier process told of was still there when this one looked first. */
  | {readonly kind: 'drift-stands'; readonly finding: Finding}
  /** The campaign drifted again within an hour of being corrected: somebody works against Git. */
  | {readonly kind: 'contested'; readonly finding: Finding}
  /** The platform shows a declared campaign in another status than was told before. */
  | {
      readonly kind: 'status-seen';
      readonly workspace: string;
      readonly campaignId: string;
      readonly name: string;
      readonly status: string;
      /** What was told before; undefined at first. */
      readonly before?: string;
      /** When it was changed, by the platform's clock: epoch milliseconds. */
      readonly updatedAt: number;
      readonly updatedBy?: string;
      /** An action of this process made it so. */
      readonly own: boolean;
      /** The platform's clock made it so, whomever the platform names. */
      readonly byItself: boolean;
      /** It is under the name that Rollcall has, and may be from before this process began. */
      readonly perhapsOwn?: true;
    }
  /** A revision wishes something else of a campaign, or, where `claim` is undefined, nothing any more. */
  | {
      readonly kind: 'wish-changed';
      readonly workspace: string;
      readonly campaignId: string;
      readonly claim: Claim | undefined;
      readonly before: Claim | undefined;
      readonly revision: Revision;
    }
  /** A revision says the same of a campaign in other words, such as another reason. */
  | {
      readonly kind: 'reworded';
      readonly workspace: string;
      readonly campaignId: string;
      readonly claim: Claim;
      readonly revision: Revision;
    }
  /** Something of a campaign may be otherwise than it was shown before. */
  | {readonly kind: 'settled'; readonly workspace: string; readonly campaignId: string}
  /** Nothing will ever bring the campaign to where Git wants it: somebody cancelled it. */
  | {readonly kind: 'became-terminal'; readonly finding: Finding}
  /** An action is being sent: whether it takes effect is known once it has ended. */
  | {readonly kind: 'action-sent'; readonly planned: PlannedAction}
  | {
      readonly kind: 'action-ended';
      readonly planned: PlannedAction;
      readonly outcome: Outcome;
      readonly revision: Revision;
    }
  | {
      readonly kind: 'pass-ended';
      readonly workspace: string;
      readonly result: PassResult;
      readonly seconds: number;
    }
  | {readonly kind: 'converged'; readonly workspace: string; readonly seconds: number}
  /** A fault of the program's own: it ended this one piece of work, which is tried again. */
  | {
      readonly kind: 'unexpected-error';
      readonly work: Work;
      readonly workspace?: string;
      readonly campaignId?: string;
      readonly error: unknown;
    }
  /** A closing within a day has more to pause than its rate lets through in time: `takes` is how long it takes, in milliseconds. */
  | {
      readonly kind: 'closing-late';
      readonly workspace: string;
      /** The edge by which everything should be paused: epoch milliseconds. */
      readonly edge: number;
      readonly takes: number;
    }
  /** The time of day went forward, or back, by so many seconds more than the time that passed. */
  | {readonly kind: 'clock-jumped'; readonly seconds: number};

/** What happens, of one kind. */
export type EventOf<K extends ControllerEvent['kind']> = Extract<ControllerEvent, {kind: K}>;

/** Whoever hears what happens. */
export type Listener = (event: ControllerEvent) => void;

/** Several listeners as one. What one of them throws is its own affair: it ends neither the others nor the work. */
export const listenAll =
  (listeners: readonly Listener[], onError: (error: unknown) => void): Listener =>
  event => {
    for (const listener of listeners) {
      try {
        listener(event);
      } catch (error) {
        onError(error);
      }
    }
  };
