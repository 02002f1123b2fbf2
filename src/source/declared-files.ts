import {eachInSlices, flatMapInSlices, inSlices} from '../controller/slices.ts';
import type {DeclarationSet, ParsedFile} from '../domain/declarations.ts';
import {declare} from '../domain/declare.ts';
import {isSound} from '../domain/freezes.ts';
import {Register} from '../domain/register.ts';
import type {ClaimChanges} from '../domain/same-wish.ts';
import type {EntryChanges, FileEntry, ReadContents} from './entries.ts';
import {holidays} from './holidays.ts';
import type {KeptFiles} from './kept-files.ts';
import {assertFileCount} from './limits.ts';
import {parseEntries} from './parse-entries.ts';

const identityOf = ({contentId, problem}: FileEntry): string =>
  problem ? `${contentId} ${problem.code} ${problem.message}` : contentId;

const NONE: ReadonlyMap<string, ParsedFile> = new Map();

/** What files that are broken now were when nothing was wrong with them. */
export type Earlier = (broken: readonly string[]) => Promise<readonly ParsedFile[]>;

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
  compare(entries: readonly FileEntry[]): Promise<EntryChanges> {
    return inSlices(this.#comparing(entries));
  }

  *#comparing(entries: readonly FileEntry[]): Generator<void, EntryChanges> {
    const changed: FileEntry[] = [];
    const removed = new Set(this.#contents.keys());
    for (const entry of entries) {
      removed.delete(entry.file);
      if (this.#contents.get(entry.file) !== identityOf(entry)) changed.push(entry);
      yield;
    }
    return {changed, removed: [...removed]};
  }

  /**
   * Takes in what has changed; returns what that changes of the claims of each workspace. Throws, and takes in
   * nothing, where a content could not be read or the source grows too large.
   *
   * @param earlier what files that are broken at the first time were before, as far as it is known
   */
  async take(
    {changed, removed}: EntryChanges,
    read: ReadContents,
    workspaces: ReadonlySet<string>,
    earlier: Earlier = async () => [],
  ): Promise<ReadonlyMap<string, ClaimChanges>> {
    const identities = new Map<string, string>();
    let added = 0;
    await eachInSlices(changed, entry => {
      identities.set(entry.file, identityOf(entry));
      if (!this.#contents.has(entry.file)) added += 1;
    });
    assertFileCount(this.#contents.size + added - removed.length);
    const isFirst = this.#contents.size === 0;
    const known = (isFirst && (await this.#kept?.find(identities))) || NONE;
    const fresh = known.size === 0 ? changed : changed.filter(({file}) => !known.has(file));
    const parsed = await parseEntries(fresh, read);
    const files = await inSlices(this.#entering(removed, known, parsed));
    if (isFirst) await this.#remember(files, workspaces, earlier);
    for (const file of removed) this.#contents.delete(file);
    await eachInSlices(identities, ([file, identity]) => this.#contents.set(file, identity));
    const changes = await inSlices(this.#register.changing(files, workspaces));
    const certain = parsed.filter(({isGivenUp}) => !isGivenUp);
    this.#kept?.keep(certain, identities, removed);
    if (isFirst) this.#kept?.retain(identities);
    return changes;
  }

  /** Broken files keep what they said before: freezes stay in force, and what they declared stays as it is. */
  async #remember(
    files: ReadonlyMap<string, ParsedFile | undefined>,
    workspaces: ReadonlySet<string>,
    earlier: Earlier,
  ): Promise<void> {
    const broken = await flatMapInSlices(files.values(), file =>
      file && !isSound(file, workspaces) ? file.file : [],
    );
    const sound = broken.length > 0 ? await earlier(broken) : [];
    if (sound.length > 0) this.#register.remember(declare(sound, workspaces, undefined, holidays));
  }

  /** What the register is told of each file. */
  *#entering(
    removed: readonly string[],
    known: ReadonlyMap<string, ParsedFile>,
    parsed: readonly ParsedFile[],
  ): Generator<unknown, ReadonlyMap<string, ParsedFile | undefined>> {
    const files = new Map<string, ParsedFile | undefined>();
    for (const file of removed) files.set(file, undefined);
    for (const [file, one] of known) yield files.set(file, one);
    for (const one of parsed) yield files.set(one.file, one);
    return files;
  }
}
