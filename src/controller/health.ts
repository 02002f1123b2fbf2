import type {Trouble} from '../domain/condition.ts';
import {rfc3339} from '../domain/time.ts';
import type {Moment} from './moment.ts';
import type {Failure} from './ports.ts';

/** How often it is looked whether a key that was refused is another one by now. Milliseconds. */
const KEY_WATCH = 2_000;

/** What is wrong with a workspace as a whole where its requests fail in one of these ways. */
const REASONS: Partial<Record<Failure['kind'], string>> = {
  unauthorised: 'Unauthorised',
  throttled: 'Throttled',
};

const UNREAD = 'LiveReadFailed';
const UNANSWERED = 'ActionsUnanswered';

/** Everything that can be wrong with a workspace as a whole, as conditions and metrics name it. */
export const WORKSPACE_TROUBLES = ['Unauthorised', 'Throttled', UNREAD, UNANSWERED] as const;

/** Until when a workspace rests, and who wants it so. */
const restText = ({askedBy, probeAt, retryAt}: Failure, {now, ticks}: Moment): string | undefined => {
  if (retryAt === undefined || retryAt <= ticks) return undefined;
  const at = (time: number): string => rfc3339(now + (time - ticks));
  const who = askedBy === undefined ? 'of its own accord' : `as the platform’s ${askedBy} asks`;
  const probe =
    probeAt !== undefined && probeAt < retryAt ? `; it is tried again from ${at(probeAt)} on` : '';
  return `it rests until ${at(retryAt)}, ${who}${probe}`;
};

/** From when on a pause, or a poll, may try whether a rest is over (`Clock.ticks`); 0 where there is none. */
const triedFrom = ({probeAt, retryAt = 0}: Partial<Failure> = {}): number =>
  Math.min(retryAt, probeAt ?? retryAt);

/** What a pass has shown of the platform. */
export interface Passed {
  /** An action got through, or was refused for what it was. */
  readonly isAnswered: boolean;
  /** Nothing was due: whether actions would be answered nobody needs to know. */
  readonly isIdle: boolean;
  /** When it ended (`Clock.ticks`). */
  readonly ticks: number;
}

/** What keeps one workspace from being read, or from being steered. Times are `Clock.ticks`. */
export class Health {
  readonly #workspace: string;
  /** What kept the last request of the workspace as a whole from being answered. */
  #failure: Failure | undefined;
  /** What actions meet, whatever the campaign, though the workspace can be read. */
  #outage: Failure | undefined;
  #trouble: Trouble | undefined;

  constructor(workspace: string) {
    this.#workspace = workspace;
  }

  /** What kept the workspace from being read. */
  get failure(): Failure | undefined {
    return this.#failure;
  }

  /** Actions have no answer, whatever the campaign; a platform that asks for a rest has answered. */
  get isUnanswered(): boolean {
    return this.#outage !== undefined && !(this.#outage.kind in REASONS);
  }

  /** The rest that the platform asks for, of readings or of actions; undefined where it asks for none. */
  get rest(): Failure | undefined {
    const failure = this.#failure ?? this.#outage;
    return failure?.kind === 'throttled' ? failure : undefined;
  }

  /**
   * Takes in a poll; true where the platform answers again that did not: what failed meanwhile is due at once, before what comes
   * after it. A rest that it asked for from actions a poll does not end.
   */
  polled(failure: Failure | undefined): boolean {
    const wasUnread = this.#failure !== undefined;
    this.#change(failure, this.#outage);
    return wasUnread && failure === undefined && this.#outage?.kind !== 'throttled';
  }

  /** Takes in what a pass has shown: what ended it early, if anything; true where the platform answers again. */
  passed(halt: Failure | undefined, {isAnswered, isIdle, ticks}: Passed): boolean {
    if (halt?.kind === 'dropped') return false;
    if (halt) {
      const isOutage = halt.ofAction === true || !(halt.kind in REASONS);
      return isOutage ? this.#change(this.#failure, halt) : this.#change(halt, this.#outage);
    }
    if (isAnswered) return this.#change(undefined, undefined);
    const isForgotten = isIdle && this.#outage !== undefined && (this.#outage.retryAt ?? 0) <= ticks;
    return isForgotten ? this.#change(this.#failure, undefined) : false;
  }

  /** The time before which there is no use in reading: a rest, or the next try whether it is over. */
  unreadableUntil(ticks: number): number {
    const probe = triedFrom(this.#failure);
    return this.#failure?.kind === 'unauthorised' ? Math.min(probe, ticks + KEY_WATCH) : probe;
  }

  /** The time before which no pause is tried. */
  pausesRestUntil(ticks: number): number {
    return Math.max(this.unreadableUntil(ticks), triedFrom(this.#outage));
  }

  /** The time before which no other action is tried. */
  actionsRestUntil(): number {
    return Math.max(this.#failure?.retryAt ?? 0, this.#outage?.retryAt ?? 0);
  }

  /** What is wrong with the workspace as a whole, as it was last judged. */
  get trouble(): Trouble | undefined {
    return this.#trouble;
  }

  /** Judges anew what is wrong; true where it is another thing than before. */
  judge(moment: Moment): boolean {
    const before = this.#trouble?.reason;
    this.#trouble = this.#troubleAt(moment);
    return this.#trouble?.reason !== before;
  }

  #troubleAt(moment: Moment): Trouble | undefined {
    const failure = this.#failure ?? this.#outage;
    if (!failure) return undefined;
    const rest = restText(failure, moment);
    return {
      reason: REASONS[failure.kind] ?? (this.#failure ? UNREAD : UNANSWERED),
      message: `workspace ${this.#workspace}: ${failure.message}`,
      ...(rest !== undefined && {rest}),
      stalls: failure.kind === 'unauthorised',
    };
  }

  #change(failure: Failure | undefined, outage: Failure | undefined): boolean {
    const hadNoAnswer = this.#failure !== undefined || this.#outage !== undefined;
    this.#failure = failure;
    this.#outage = outage;
    return hadNoAnswer && !failure && !outage;
  }
}
