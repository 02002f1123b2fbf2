import type {CampaignKey} from './campaign.ts';
import {keyOf, nameOf, type ParsedDocument} from './conflicts.ts';
import {claimed, type DeclarationSet, type ParsedFile} from './declarations.ts';
import type {Diagnostic} from './diagnostic.ts';
import {Groups} from './groups.ts';

/** What a change may reach. */
export interface Touched {
  readonly keys: Set<CampaignKey>;
  readonly names: Set<string>;
  readonly files: Set<string>;
}

const isUnreadable = (file: ParsedFile | undefined): boolean =>
  file !== undefined && file.documents.length === 0 && file.diagnostics.length > 0;

/** All that a document tells of which campaign it means. */
const identityOf = ({campaignId, name, source, workspace}: ParsedDocument): ParsedDocument => ({
  ...(workspace !== undefined && {workspace}),
  ...(campaignId !== undefined && {campaignId}),
  ...(name !== undefined && {name}),
  source,
});

/**
 * All documents of all files: by file, by the campaign that they mean, and by name. The campaigns that a broken file declared
 * before, and that cannot be made out in it now, are remembered.
 */
export class Documents {
  readonly #files = new Map<string, ParsedFile>();
  /** What broken files declared before they were broken. */
  readonly #remembered = new Map<string, readonly ParsedDocument[]>();
  readonly #campaigns = new Groups();
  readonly #names = new Groups();
  readonly #broken = new Set<string>();
  #number = 0;
  #unreadable = 0;

  /** True where nothing is there, and nothing was before. */
  get isEmpty(): boolean {
    return this.#files.size === 0 && this.#remembered.size === 0;
  }

  get files(): ReadonlyMap<string, ParsedFile> {
    return this.#files;
  }

  /** Every campaign that a document means. */
  get keys(): Iterable<CampaignKey> {
    return this.#campaigns.keys() as Iterable<CampaignKey>;
  }

  /** How many documents there are, each file that cannot be read for one. */
  get count(): number {
    return this.#number + this.#unreadable;
  }

  /** What is wrong inside files. */
  get diagnostics(): readonly Diagnostic[] {
    return [...this.#broken].flatMap(file => this.#files.get(file)?.diagnostics ?? []);
  }

  /** The documents that mean a campaign. */
  meaning(key: CampaignKey): readonly ParsedDocument[] {
    return this.#campaigns.of(key);
  }

  /** The documents that mean the campaign of one, and those that have its name; undefined where it shares neither. */
  sharing(document: ParsedDocument) {
    const [key, name] = [keyOf(document), nameOf(document)];
    const isShared =
      (key !== undefined && this.#campaigns.isShared(key)) ||
      (name !== undefined && this.#names.isShared(name));
    return isShared
      ? {
          sameCampaign: key === undefined ? [] : this.#campaigns.of(key),
          sameName: name === undefined ? [] : this.#names.of(name),
        }
      : undefined;
  }

  /** Takes over what another set says of each file, for those that turn out to be broken here. */
  remember({claims}: DeclarationSet): void {
    for (const claim of claims.values()) {
      const {source, ...identity} = claimed(claim);
      const {campaignId, name, workspace} = identity;
      const document = identityOf({workspace, campaignId, source, ...(name !== undefined && {name})});
      this.#remembered.set(source.file, [...(this.#remembered.get(source.file) ?? []), document]);
    }
  }

  /** The documents of a file, and what it declared before it was broken. */
  of(file: string): readonly ParsedDocument[] {
    const present = this.#files.get(file)?.documents ?? [];
    const remembered = this.#broken.has(file) ? this.#remembered.get(file) : undefined;
    return remembered ? [...remembered, ...present] : present;
  }

  /** Takes in what a file holds now, or that it is gone. */
  replace(file: string, parsed: ParsedFile | undefined, touched: Touched | undefined): void {
    const before = this.#files.get(file);
    const earlier = before ? this.of(file) : (this.#remembered.get(file) ?? []);
    if (before) this.touch(earlier, touched);
    for (const document of before ? earlier : []) this.#leave(document, touched);
    this.#count(before, -1);
    this.#remembered.delete(file);
    this.#broken.delete(file);
    if (parsed) {
      this.#files.set(file, parsed);
      if (parsed.diagnostics.length > 0) this.#break(file, parsed, earlier);
    } else this.#files.delete(file);
    this.#count(parsed, 1);
    const documents = this.of(file);
    for (const document of documents) this.#enter(document);
    this.touch(documents, touched);
    touched?.files.add(file);
  }

  #break(file: string, parsed: ParsedFile, earlier: readonly ParsedDocument[]): void {
    this.#broken.add(file);
    const present = new Set(parsed.documents.map(keyOf));
    const lost = new Map(earlier.map(document => [keyOf(document), identityOf(document)]));
    const kept = [...lost].flatMap(([key, document]) =>
      key !== undefined && !present.has(key) ? [document] : [],
    );
    if (kept.length > 0) this.#remembered.set(file, kept);
  }

  #count(file: ParsedFile | undefined, by: 1 | -1): void {
    this.#number += by * (file?.documents.length ?? 0);
    if (isUnreadable(file)) this.#unreadable += by;
  }

  #enter(document: ParsedDocument): void {
    const [key, name] = [keyOf(document), nameOf(document)];
    if (key !== undefined) this.#campaigns.add(key, document);
    if (name !== undefined) this.#names.add(name, document);
  }

  /** Takes a document out; whoever shared its campaign or its name is reached by that. */
  #leave(document: ParsedDocument, touched: Touched | undefined): void {
    const [key, name] = [keyOf(document), nameOf(document)];
    if (key !== undefined) {
      this.#campaigns.remove(key, document);
      this.touch(this.#campaigns.of(key), touched);
    }
    if (name !== undefined) {
      this.#names.remove(name, document);
      this.touch(this.#names.of(name), touched);
    }
  }

  /** Marks what documents mean as reached. */
  touch(documents: readonly ParsedDocument[], touched: Touched | undefined): void {
    if (!touched) return;
    for (const document of documents) {
      const [key, name] = [keyOf(document), nameOf(document)];
      touched.files.add(document.source.file);
      if (key !== undefined) touched.keys.add(key);
      if (name !== undefined) touched.names.add(name);
    }
  }

  /** What shares a campaign or a name with what has changed is reached as well. */
  spread({files, keys, names}: Touched): void {
    const none = new Set<string>();
    for (const name of names)
      if (this.#names.isShared(name)) this.touch(this.#names.of(name), {files, keys, names: none});
    const reached = {files, keys: new Set<CampaignKey>(), names: none};
    for (const key of keys) if (this.#campaigns.isShared(key)) this.touch(this.#campaigns.of(key), reached);
  }
}
