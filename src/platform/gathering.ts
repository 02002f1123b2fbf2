import type {Failure, LiveKnowledge, LiveReading, Sighting} from '../controller/ports.ts';

/** So many requests in a row without an answer are an outage. */
const OUTAGE = 3;

/** How many campaigns that cannot be used a poll names. */
const MOST_UNUSABLE = 20;

/** What one reading has gathered so far. What it sees goes on to whoever asked, page by page. */
export class Gathering {
  readonly missing = new Map<string, number>();
  readonly unreadable = new Map<string, {problem: string; askedAt: number}>();
  readonly unanswered = new Map<string, string>();
  readonly unusable = new Set<string>();
  postponed: readonly string[] = [];
  failure: Failure | undefined;
  /** Why a list was given up that would never have ended. */
  endless: Failure | undefined;
  /** The lists that were read to their end hold every campaign that may still change. */
  listed = false;
  readonly #knowledge: LiveKnowledge;
  readonly #seen = new Set<string>();
  #lacking: Set<string> | undefined;
  #unansweredInARow = 0;

  constructor(knowledge: LiveKnowledge) {
    this.#knowledge = knowledge;
  }

  /** Declared campaigns that may still change, and that have not been seen yet. */
  get lacking(): ReadonlySet<string> {
    this.#lacking ??= this.#knowledge.open.difference(this.#seen);
    return this.#lacking;
  }

  /** True for a campaign that this reading has seen. */
  saw(campaignId: string): boolean {
    return this.#seen.has(campaignId);
  }

  /** Takes in what a request has shown; returns how much of it is news. */
  take(seen: readonly Sighting[]): number {
    for (const {campaign} of seen) {
      this.#seen.add(campaign.campaignId);
      this.#lacking?.delete(campaign.campaignId);
    }
    return this.#knowledge.take(seen);
  }

  answered(): void {
    this.#unansweredInARow = 0;
  }

  /** True once so many requests in a row brought no answer that it is not the campaigns' own failure. */
  isOutage(): boolean {
    this.#unansweredInARow += 1;
    return this.#unansweredInARow >= OUTAGE;
  }

  get reading(): LiveReading {
    const {failure, listed, missing, postponed, unanswered, unreadable, unusable} = this;
    return {
      listed: listed && !failure && !this.endless,
      missing,
      unreadable,
      unanswered,
      postponed,
      unusable: [...unusable].slice(0, MOST_UNUSABLE),
      ...(failure && {failure}),
    };
  }
}
