import type {LiveKnowledge, LiveReading} from '../controller/ports.ts';
import {isTerminal, STATUSES} from '../domain/transitions.ts';
import {Gathering} from './gathering.ts';
import {Glance} from './glance.ts';
import {ListReader, type Reads} from './lists.ts';

/** How many campaigns that the lists lack a reading asks for at the most; the others have their turn later. */
const MOST_GETS = 100;

/** How many campaigns that could not be read a poll asks for again, where nothing waits for them. */
const MOST_AGAIN = 5;

const TERMINAL = STATUSES.filter(isTerminal);

/**
 * Reads a workspace's live statuses with as few requests as will do. The whole is read by the cheapest of: the list of
 * all campaigns, or the lists of the statuses that may still change. Between two such readings a poll asks for the last
 * changes; where the platform does not list by them, it takes the cheapest of the lists, read until every declared
 * campaign has been seen, and one Get for each of these. A declared campaign that the lists lack is asked for by its id
 * before it is called missing: a list may shift or shrink while it is read.
 */
export class LiveReader {
  readonly #lists = new ListReader();
  readonly #glance = new Glance();
  /** The turn in which each campaign that the lists lack was last asked for, so that all have theirs. */
  readonly #asked = new Map<string, number>();
  #turns = 0;
  #wasWhole = false;

  /** Reads what may have changed since the last reading. */
  async poll(knowledge: LiveKnowledge, reads: Reads): Promise<LiveReading> {
    for (const id of this.#asked.keys()) if (!knowledge.open.has(id)) this.#asked.delete(id);
    const isCold = !this.#wasWhole || this.#glance.needsBasis;
    if (isCold || this.#neverAsked(knowledge).length > this.#lists.cost) return this.#whole(knowledge, reads);
    if (!this.#glance.isOrdered) return this.#reread(knowledge, reads);
    const gathering = new Gathering(knowledge);
    if ((await this.#glance.read(gathering, reads)) === 'cannot-tell') return this.#whole(knowledge, reads);
    if (!gathering.failure) await this.#askUnknown(knowledge, gathering, reads);
    return gathering.reading;
  }

  /** Reads every campaign that may still change, whatever is known of it. */
  whole(knowledge: LiveKnowledge, reads: Reads): Promise<LiveReading> {
    this.#glance.tryAgain();
    return this.#whole(knowledge, reads);
  }

  async #whole(knowledge: LiveKnowledge, reads: Reads): Promise<LiveReading> {
    const gathering = new Gathering(knowledge);
    const begun = await this.#glance.begin(gathering, reads);
    if (gathering.failure) return gathering.reading;
    if (!begun || !this.#lists.isAll(begun.page, gathering)) await this.#lists.all(gathering, reads);
    if (gathering.endless) await this.#withoutLists(gathering, reads);
    else if (!gathering.failure) await this.#absent(gathering, reads);
    if (gathering.failure || gathering.endless) return gathering.reading;
    this.#wasWhole = true;
    if (begun) this.#glance.based(begun.basis);
    else this.#glance.doWithout();
    return gathering.reading;
  }

  /** Reads again the declared campaigns that may have changed. */
  async #reread(knowledge: LiveKnowledge, reads: Reads): Promise<LiveReading> {
    const gathering = new Gathering(knowledge);
    const {size} = gathering.lacking;
    if (size > 0 && size < this.#lists.cost)
      await this.#gets(this.#inTurn(gathering.lacking, gathering), gathering, reads);
    else {
      await this.#lists.open(gathering, reads);
      if (gathering.endless) await this.#withoutLists(gathering, reads);
      else if (!gathering.failure) await this.#absent(gathering, reads);
    }
    return gathering.reading;
  }

  #neverAsked({unknown}: LiveKnowledge): string[] {
    return [...unknown].filter(id => !this.#asked.has(id));
  }

  /** Asks for what is newly declared, and for some of those that could not be read when they were last asked for. */
  async #askUnknown(knowledge: LiveKnowledge, gathering: Gathering, reads: Reads): Promise<void> {
    const unseen = this.#inTurn(knowledge.unknown, gathering).filter(id => !gathering.saw(id));
    const again = unseen.filter(id => this.#asked.has(id));
    const fresh = unseen.filter(id => !this.#asked.has(id));
    const most = knowledge.isAwaited ? MOST_GETS : MOST_AGAIN;
    await this.#gets([...fresh.slice(0, MOST_GETS), ...again.slice(0, most)], gathering, reads);
    gathering.postponed = [...gathering.postponed, ...fresh.slice(MOST_GETS), ...again.slice(most)];
  }

  /** Where no list can be read to its end: what is declared is asked for one by one. */
  async #withoutLists(gathering: Gathering, reads: Reads): Promise<void> {
    const {endless, lacking} = gathering;
    if (!endless) return;
    if (lacking.size === 0) gathering.failure = endless;
    gathering.unusable.add(endless.message);
    await this.#gets(this.#inTurn(lacking, gathering), gathering, reads);
  }

  async #absent(gathering: Gathering, reads: Reads): Promise<void> {
    if (gathering.lacking.size > this.#lists.overCost + TERMINAL.length)
      await this.#lists.each(TERMINAL, gathering, reads);
    if (!gathering.failure) await this.#ask(gathering.lacking, gathering, reads);
  }

  /** Asks for campaigns by their ids, for so many of them; the others have their turn another time. */
  async #ask(ids: ReadonlySet<string>, gathering: Gathering, reads: Reads): Promise<void> {
    const inTurn = this.#inTurn(ids, gathering);
    await this.#gets(inTurn.slice(0, MOST_GETS), gathering, reads);
    gathering.postponed = [...gathering.postponed, ...inTurn.slice(MOST_GETS)];
  }

  /**
   * The order in which campaigns are asked for: those whose last turn is the longest ago come first. The urgent ones and
   * the others alternate, so that neither keep the others from being asked for, however many of them bring no answer.
   */
  #inTurn(ids: ReadonlySet<string>, {urgent}: Gathering): readonly string[] {
    const longestUnasked = [...ids].toSorted((a, b) => this.#turnOf(a) - this.#turnOf(b));
    const first = longestUnasked.filter(id => urgent.has(id));
    const others = longestUnasked.filter(id => !urgent.has(id));
    return longestUnasked.flatMap((_, at) => [...first.slice(at, at + 1), ...others.slice(at, at + 1)]);
  }

  async #gets(ids: readonly string[], gathering: Gathering, reads: Reads): Promise<void> {
    const waiting = ids[Symbol.iterator]();
    const worker = async (): Promise<void> => {
      for (const id of waiting) {
        await this.#get(id, gathering, reads);
        if (gathering.failure || gathering.isTired) return;
      }
    };
    if (!gathering.failure) await Promise.all(Array.from({length: reads.atOnce}, worker));
    gathering.postponed = gathering.failure ? [] : [...waiting];
  }

  async #get(id: string, gathering: Gathering, reads: Reads): Promise<void> {
    this.#turns += 1;
    this.#asked.set(id, this.#turns);
    const {askedAt, reply} = await reads.get(id);
    if (reply.ok) {
      gathering.answered();
      gathering.take([{campaign: reply.value, askedAt}]);
      return;
    }
    const {kind, message, noAnswer} = reply.failure;
    const isUnanswered = kind === 'unavailable' || noAnswer === true;
    if (!isUnanswered) gathering.answered();
    if (isUnanswered && !gathering.isOutage()) gathering.unanswered.set(id, message);
    else if (kind === 'missing') gathering.missing.set(id, askedAt);
    else if (!isUnanswered && (kind === 'malformed' || kind === 'rejected'))
      gathering.unreadable.set(id, {problem: message, askedAt});
    else gathering.failure = reply.failure;
  }

  #turnOf(id: string): number {
    return this.#asked.get(id) ?? 0;
  }
}
