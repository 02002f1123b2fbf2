import {ByWorkspace} from './by-workspace.ts';
import {type CampaignKey, campaignKey} from './campaign.ts';
import type {Fragment, ParsedDocument} from './conflicts.ts';
import {claimed, type DeclarationSet, type ParsedFile} from './declarations.ts';
import type {Diagnostic} from './diagnostic.ts';
import {Groups} from './groups.ts';

/** What a change may reach. */
export class Touched {
  /** A document of each campaign. */
  readonly campaigns = new ByWorkspace<ParsedDocument>();
  /** A document of each name. */
  readonly names = new ByWorkspace<ParsedDocument>();
  readonly files = new Set<string>();

  add(document: ParsedDocument): void {
    const {campaignId, name, source, workspace} = document;
    this.files.add(source.file);
    if (workspace === undefined) return;
    if (campaignId !== undefined) this.campaigns.set(workspace, campaignId, document);
    if (name !== undefined) this.names.set(workspace, name, document);
  }
}

const isUnreadable = (file: ParsedFile | undefined): boolean =>
  file !== undefined && file.documents.length === 0 && file.diagnostics.length > 0;

/** The campaign that a document means, where it says. */
const keyOf = ({campaignId, workspace}: ParsedDocument): CampaignKey | undefined =>
  workspace === undefined || campaignId === undefined ? undefined : campaignKey(workspace, campaignId);

/** All that a document tells of which campaign it means. */
const identityOf = ({campaignId, name, source, workspace}: ParsedDocument): Fragment => ({
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
  readonly #campaigns = new Groups('campaignId');
  readonly #names = new Groups('name');
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

  /** The last document in reading order of each campaign that any means. */
  lastOfEach(): Iterable<ParsedDocument> {
    return this.#campaigns.lasts();
  }

  /** How many documents there are, each file that cannot be read for one. */
  get count(): number {
    return this.#number + this.#unreadable;
  }

  /** What is wrong inside files. */
  get diagnostics(): readonly Diagnostic[] {
    return [...this.#broken].flatMap(file => this.#files.get(file)?.diagnostics ?? []);
  }

  /** The last in reading order of those that mean the campaign of a document; undefined where none does any more. */
  lastOfCampaign(document: ParsedDocument): ParsedDocument | undefined {
    return this.#campaigns.like(document).at(-1);
  }

  /** The documents that mean the campaign of one, and those that have its name; undefined where it shares neither. */
  sharing(document: ParsedDocument) {
    return this.#campaigns.isShared(document) || this.#names.isShared(document)
      ? {sameCampaign: this.#campaigns.like(document), sameName: this.#names.like(document)}
      : undefined;
  }

  /** Takes over what another set says of each file, for those that turn out to be broken here. */
  remember({claims}: DeclarationSet): void {
    for (const part of claims.values())
      for (const claim of part.values()) {
        const {campaignId, name, source, workspace} = claimed(claim);
        const document = {workspace, campaignId, source, ...(name !== undefined && {name})};
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
    this.#campaigns.add(document);
    this.#names.add(document);
  }

  /** Takes a document out; whoever shared its campaign or its name is reached by that. */
  #leave(document: ParsedDocument, touched: Touched | undefined): void {
    this.#campaigns.remove(document);
    this.touch(this.#campaigns.like(document), touched);
    this.#names.remove(document);
    this.touch(this.#names.like(document), touched);
  }

  /** Marks what documents mean as reached. */
  touch(documents: readonly ParsedDocument[], touched: Touched | undefined): void {
    if (touched) for (const document of documents) touched.add(document);
  }

  /** What shares a campaign or a name with what has changed is reached as well. */
  spread(touched: Touched): void {
    const named = [...touched.names.values()].filter(document => this.#names.isShared(document));
    for (const document of named) this.touch(this.#names.like(document), touched);
    for (const document of touched.campaigns.values()) {
      if (!this.#campaigns.isShared(document)) continue;
      for (const {source} of this.#campaigns.like(document)) touched.files.add(source.file);
    }
  }
}
