import type {Claim} from '../../domain/declarations.ts';
import {type Entry, newEntry} from './entry.ts';
import {Ordered} from './ordered.ts';

/** The entries of one workspace by the campaign's id; and which of them have changed since they were settled. */
export class Entries {
  readonly #byId = new Map<string, Entry>();
  readonly #ordered = new Ordered(id => this.#byId.has(id));
  readonly #declared = new Set<string>();
  readonly #undeclared = new Set<Entry>();
  readonly #marked: Entry[] = [];

  find(campaignId: string): Entry | undefined {
    return this.#byId.get(campaignId);
  }

  /** The entry of a campaign, which is made where there is none. */
  of(campaignId: string): Entry {
    const known = this.#byId.get(campaignId);
    if (known) return known;
    const entry = newEntry(campaignId);
    this.#byId.set(campaignId, entry);
    this.#undeclared.add(entry);
    this.#ordered.add(campaignId);
    return entry;
  }

  get all(): Iterable<Entry> {
    return this.#byId.values();
  }

  /** The ids of the campaigns that Git declares. */
  get declared(): ReadonlySet<string> {
    return this.#declared;
  }

  /** What Git says, by the campaign's id. */
  get claims(): ReadonlyMap<string, Claim> {
    const claims = new Map<string, Claim>();
    for (const id of this.#declared) {
      const claim = this.#byId.get(id)?.claim;
      if (claim) claims.set(id, claim);
    }
    return claims;
  }

  /** The campaigns that only the platform knows. */
  get undeclared(): Iterable<Entry> {
    return this.#undeclared;
  }

  /** Every campaign of which there is something to say, by id, after one. */
  *after(campaignId: string): Generator<Entry, void> {
    for (const id of this.#ordered.after(campaignId)) {
      const entry = this.#byId.get(id);
      if (entry?.verdict) yield entry;
    }
  }

  /** The same the other way round: before one, or from the last. */
  *before(campaignId: string | undefined): Generator<Entry, void> {
    for (const id of this.#ordered.before(campaignId)) {
      const entry = this.#byId.get(id);
      if (entry?.verdict) yield entry;
    }
  }

  claim(entry: Entry, claim: Claim | undefined): void {
    entry.claim = claim;
    this.mark(entry);
    if (claim) {
      this.#declared.add(entry.campaignId);
      this.#undeclared.delete(entry);
    } else {
      this.#declared.delete(entry.campaignId);
      this.#undeclared.add(entry);
    }
  }

  drop(entry: Entry): void {
    if (this.#byId.get(entry.campaignId) !== entry) return;
    this.#byId.delete(entry.campaignId);
    this.#undeclared.delete(entry);
  }

  /** Says that something of an entry has changed. */
  mark(entry: Entry): void {
    if (entry.marked) return;
    entry.marked = true;
    this.#marked.push(entry);
  }

  /** The entries that are marked, each of which is so no more once it was given. */
  *takeMarked(): Generator<Entry, void> {
    for (let entry = this.#marked.pop(); entry; entry = this.#marked.pop()) {
      entry.marked = false;
      yield entry;
    }
  }
}
