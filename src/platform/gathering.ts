import type {Failure, LiveKnowledge, LiveReading, Sighting} from '../controller/ports.ts';
import {statusWord} from '../domain/reasons.ts';

/** So many requests in a row without an answer are an outage. */
const OUTAGE = 3;

/** So many campaigns in a row that bring no answer, where others do, and the rest is asked for another time. */
const TIRED = 10;

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
  #hasAnswers = false;

  constructor(knowledge: LiveKnowledge) {
    this.#knowledge = knowledge;
  }

  /** Declared campaigns that may still change, and that have not been seen yet. */
  get lacking(): ReadonlySet<string> {
    this.#lacking ??= this.#knowledge.open.difference(this.#seen);
    return this.#lacking;
  }

  /** Campaigns that may be dialling now against what Git says. */
  get urgent(): ReadonlySet<string> {
    return this.#knowledge.urgent;
  }

  /** True for a campaign that this reading has seen. */
  saw(campaignId: string): boolean {
    return this.#seen.has(campaignId);
  }

  /** Takes in what a request has shown; returns how much of it is news. */
  take(seen: readonly Sighting[]): number {
    this.#hasAnswers = true;
    const clear = this.#withoutContradictions(seen);
    for (const {campaign} of clear) {
      this.#seen.add(campaign.campaignId);
      this.#lacking?.delete(campaign.campaignId);
    }
    return this.#knowledge.take(clear);
  }

  /** Of a campaign that an answer holds twice, and not alike, nothing is known by it. */
  #withoutContradictions(seen: readonly Sighting[]): readonly Sighting[] {
    const first = new Map<string, Sighting>();
    const contradicted = new Set<string>();
    for (const one of seen) {
      const {campaignId, status, updatedAt} = one.campaign;
      const other = first.get(campaignId)?.campaign;
      if (!other) first.set(campaignId, one);
      else if (other.updatedAt !== updatedAt || statusWord(other.status) !== statusWord(status))
        contradicted.add(campaignId);
    }
    for (const id of contradicted)
      this.unusable.add(`campaign ${id} stands twice on one page, in different states`);
    return contradicted.size === 0
      ? seen
      : seen.filter(({campaign}) => !contradicted.has(campaign.campaignId));
  }

  answered(): void {
    this.#unansweredInARow = 0;
  }

  /** True once so many requests in a row brought no answer, and none of this reading did, that it is not the campaigns' own failure. */
  isOutage(): boolean {
    this.#unansweredInARow += 1;
    return !this.#hasAnswers && this.#unansweredInARow >= OUTAGE;
  }

  /** True where asking on would only take time. */
  get isTired(): boolean {
    return this.#unansweredInARow >= TIRED;
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
