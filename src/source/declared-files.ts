import {inSlices} from '../controller/slices.ts';
import type {DeclarationSet, ParsedFile} from '../domain/declarations.ts';
import {Register} from '../domain/register.ts';
import type {ClaimChanges} from '../domain/same-wish.ts';
import type {EntryChanges, FileEntry, ReadContents} from './entries.ts';
import {holidays} from './holidays.ts';
import type {KeptFiles} from './kept-files.ts';
import {assertFileCount} from './limits.ts';
import {parseEntries} from './parse-entries.ts';

const identityOf = ({contentId, problem}: FileEntry): string =>
  problem ? `${contentId} ${problem.code} ${problem.message}` : contentId;

/** The files of a source as they were last taken into force, and what they declare. */
export class DeclaredFiles {
  readonly #register: Register;
  readonly #contents = new Map<string, string>();
  readonly #kept: KeptFiles | undefined;

  /** @param kept what files came to when the program last ran, where that is kept */
  constructor(workspaces: ReadonlySet<string>, kept?: KeptFiles) {
    this.#register = new Register(workspaces, holidays);
    this.#kept = kept;
  }

  /** What is declared now: the same object all the time, which follows what is taken in. */
  get declarations(): DeclarationSet {
    return this.#register;
  }

  /** The id of what a file holds; undefined for one that is not there, or cannot be declared from. */
  contentIn(file: string): string | undefined {
    const identity = this.#contents.get(file);
    return identity === undefined || identity.includes(' ') ? undefined : identity;
  }

  /** How a whole listing differs from what was last taken in. */
  compare(entries: readonly FileEntry[]): EntryChanges {
    const present = new Set(entries.map(({file}) => file));
    return {
      changed: entries.filter(entry => this.#contents.get(entry.file) !== identityOf(entry)),
      removed: [...this.#contents.keys().filter(file => !present.has(file))],
    };
  }

  /**
   * Takes in what has changed; returns what that changes of the claims of each workspace. Throws, and takes in
   * nothing, where a content could not be read or the source grows too large.
   */
  async take(
    {changed, removed}: EntryChanges,
    read: ReadContents,
    workspaces: ReadonlySet<string>,
  ): Promise<ReadonlyMap<string, ClaimChanges>> {
    const added = changed.filter(({file}) => !this.#contents.has(file)).length;
    assertFileCount(this.#contents.size + added - removed.length);
    const files = new Map<string, ParsedFile | undefined>(removed.map(file => [file, undefined]));
    const isFirst = this.#contents.size === 0;
    const known = isFirst
      ? await this.#kept?.find(new Map(changed.map(entry => [entry.file, identityOf(entry)])))
      : undefined;
    const fresh = known ? changed.filter(({file}) => !known.has(file)) : changed;
    for (const [file, parsed] of known ?? []) files.set(file, parsed);
    const parsed = await parseEntries(fresh, read);
    for (const one of parsed) files.set(one.file, one);
    for (const file of removed) this.#contents.delete(file);
    for (const entry of changed) this.#contents.set(entry.file, identityOf(entry));
    const changes = await inSlices(this.#register.changing(files, workspaces));
    this.#keep(parsed, removed);
    if (isFirst) this.#kept?.retain(new Set(this.#contents.keys()));
    return changes;
  }

  /** Keeps what files came to, once all of it is in force: nobody waits for that. */
  #keep(parsed: readonly ParsedFile[], removed: readonly string[]): void {
    this.#kept?.keep(
      parsed.map(file => ({file, identity: this.#contents.get(file.file) ?? ''})),
      removed,
    );
  }
}
