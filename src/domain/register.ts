import type {Calendar, Holidays} from './calendar.ts';
import type {CampaignKey} from './campaign.ts';
import {about, conflictsOf, keyOf, nameOf, type ParsedDocument, place} from './conflicts.ts';
import {type Claim, claimed, type DeclarationSet, type ParsedFile} from './declarations.ts';
import {type Diagnostic, inReadingOrder} from './diagnostic.ts';
import type {Freeze} from './freeze.ts';
import {Groups} from './groups.ts';
import type {Allowance} from './limits.ts';
import {Provisions, type Reach} from './provisions.ts';
import {type ClaimChanges, isSameClaim, isUnchanged} from './same-wish.ts';

/** Files that are other than before; undefined for one that is gone. */
export type FileChanges = ReadonlyMap<string, ParsedFile | undefined>;

/** What of the register a change may reach. */
interface Touched {
  readonly keys: Set<CampaignKey>;
  readonly names: Set<string>;
  readonly files: Set<string>;
}

const NONE: readonly Diagnostic[] = [];

/** Changes of claims while they are gathered. */
interface Gathered extends ClaimChanges {
  readonly claims: Map<string, Claim | undefined>;
  readonly wishes: Set<string>;
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

const problemIn = (file: ParsedFile | undefined): string | undefined => {
  const [first] = file?.diagnostics ?? [];
  return first && `${place(first)}: ${first.message}`;
};

/**
 * Everything that is declared, file by file, and what only shows across files: a campaign or a name declared twice, a
 * workspace that is unknown. A problem inside a file holds every campaign of that file; a problem across files holds
 * the campaigns that it names. A change is worked out for what it reaches, and for nothing else.
 *
 * The campaigns that a broken file declared before, and that cannot be made out in it now, stay held, not forgotten,
 * and another file that declares one of them collides with it.
 */
export class Register implements DeclarationSet {
  readonly #claims = new Map<CampaignKey, Claim>();
  readonly #files = new Map<string, ParsedFile>();
  /** What broken files declared before they were broken. */
  readonly #remembered = new Map<string, readonly ParsedDocument[]>();
  readonly #campaigns = new Groups();
  readonly #names = new Groups();
  readonly #provisions: Provisions;
  readonly #conflicts = new Map<string, readonly Diagnostic[]>();
  readonly #broken = new Set<string>();
  #workspaces: ReadonlySet<string> | undefined;
  #documents = 0;
  #unreadable = 0;
  #valid = 0;
  #diagnostics: readonly Diagnostic[] | undefined;

  /**
   * @param workspaces the configured ones; undefined where no configuration is at hand
   * @param holidays where calendars take their holidays from
   */
  constructor(workspaces: ReadonlySet<string> | undefined, holidays: Holidays = () => undefined) {
    this.#workspaces = workspaces;
    this.#provisions = new Provisions(holidays);
  }

  get claims(): ReadonlyMap<CampaignKey, Claim> {
    return this.#claims;
  }

  get diagnostics(): readonly Diagnostic[] {
    this.#diagnostics ??= inReadingOrder([
      ...[...this.#broken].flatMap(file => this.#files.get(file)?.diagnostics ?? []),
      ...[...this.#conflicts.values()].flat(),
    ]);
    return this.#diagnostics;
  }

  get freezes(): readonly Freeze[] {
    return this.#provisions.freezes;
  }

  get allowances(): readonly Allowance[] {
    return this.#provisions.allowances;
  }

  get calendars(): readonly Calendar[] {
    return this.#provisions.calendars;
  }

  get counts(): DeclarationSet['counts'] {
    return {valid: this.#valid, invalid: this.#documents - this.#valid + this.#unreadable};
  }

  /** Takes over what another register says of each file, for those that turn out to be broken here. */
  remember({claims}: DeclarationSet): void {
    for (const claim of claims.values()) {
      const {source, ...identity} = claimed(claim);
      const {campaignId, name, workspace} = identity;
      const document = identityOf({workspace, campaignId, source, ...(name !== undefined && {name})});
      this.#remembered.set(source.file, [...(this.#remembered.get(source.file) ?? []), document]);
    }
  }

  /** Takes in what is other than before; returns what that changes of the claims of each workspace. */
  change(files: FileChanges, workspaces = this.#workspaces): ReadonlyMap<string, ClaimChanges> {
    const steps = this.changing(files, workspaces);
    for (;;) {
      const step = steps.next();
      if (step.done) return step.value;
    }
  }

  /** The same in steps, between which other work may be done; the claims change in the last of them. */
  *changing(
    files: FileChanges,
    workspaces = this.#workspaces,
  ): Generator<void, ReadonlyMap<string, ClaimChanges>> {
    const isFirst = this.#files.size === 0 && this.#remembered.size === 0;
    const touched: Touched = {keys: new Set(), names: new Set(), files: new Set()};
    const reached = isFirst ? undefined : touched;
    const reach: Reach = {freezes: [], calendars: new Set(), files: new Set()};
    for (const [file, parsed] of files) {
      this.#replace(file, parsed, reached);
      this.#provisions.replace(file, parsed, reach);
      yield;
    }
    const isOther = workspaces !== this.#workspaces;
    this.#workspaces = workspaces;
    if (isFirst) return yield* this.#claimAll();
    yield* this.#touchReached(reach, touched);
    if (isOther) {
      for (const file of this.#files.keys()) {
        touched.files.add(file);
        yield this.#touchAll(this.#documentsOf(file), touched);
      }
    }
    this.#spread(touched);
    for (const file of touched.files) yield this.#findConflicts(file);
    this.#diagnostics = undefined;
    const changes = new Map<string, Gathered>();
    for (const key of touched.keys) yield this.#claim(key, changes);
    return changes;
  }

  /** Everything is new: nothing has to be kept of what is reached. */
  *#claimAll(): Generator<void, ReadonlyMap<string, ClaimChanges>> {
    for (const file of this.#files.keys()) yield this.#findConflicts(file);
    this.#diagnostics = undefined;
    const changes = new Map<string, Gathered>();
    for (const key of this.#campaigns.keys()) yield this.#claim(key as CampaignKey, changes);
    return changes;
  }

  /** What other documents say otherwise of is claimed anew, and looked at for what is wrong with it. */
  *#touchReached(reach: Reach, touched: Touched): Generator<void, void> {
    for (const file of reach.files) touched.files.add(file);
    if (reach.freezes.length === 0 && reach.calendars.size === 0) return;
    for (const {documents} of this.#files.values()) {
      const isReached = ({declaration}: ParsedDocument): boolean =>
        declaration !== undefined && this.#provisions.reaches(declaration, reach);
      yield this.#touchAll(documents.filter(isReached), touched);
    }
  }

  #documentsOf(file: string): readonly ParsedDocument[] {
    const present = this.#files.get(file)?.documents ?? [];
    const remembered = this.#broken.has(file) ? this.#remembered.get(file) : undefined;
    return remembered ? [...remembered, ...present] : present;
  }

  #replace(file: string, parsed: ParsedFile | undefined, touched: Touched | undefined): void {
    const before = this.#files.get(file);
    const earlier = before ? this.#documentsOf(file) : (this.#remembered.get(file) ?? []);
    if (before) this.#touchAll(earlier, touched);
    for (const document of before ? earlier : []) this.#leave(document, touched);
    this.#count(before, -1);
    this.#remembered.delete(file);
    this.#broken.delete(file);
    if (parsed) {
      this.#files.set(file, parsed);
      if (parsed.diagnostics.length > 0) this.#break(file, parsed, earlier);
    } else this.#files.delete(file);
    this.#count(parsed, 1);
    const documents = this.#documentsOf(file);
    for (const document of documents) this.#enter(document);
    this.#touchAll(documents, touched);
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
    this.#documents += by * (file?.documents.length ?? 0);
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
      this.#touchAll(this.#campaigns.of(key), touched);
    }
    if (name !== undefined) {
      this.#names.remove(name, document);
      this.#touchAll(this.#names.of(name), touched);
    }
  }

  #touchAll(documents: readonly ParsedDocument[], touched: Touched | undefined): void {
    if (!touched) return;
    for (const document of documents) {
      const [key, name] = [keyOf(document), nameOf(document)];
      touched.files.add(document.source.file);
      if (key !== undefined) touched.keys.add(key);
      if (name !== undefined) touched.names.add(name);
    }
  }

  /** What shares a campaign or a name with what has changed is reached as well. */
  #spread({files, keys, names}: Touched): void {
    const none = new Set<string>();
    for (const name of names)
      if (this.#names.isShared(name)) this.#touchAll(this.#names.of(name), {files, keys, names: none});
    const reached = {files, keys: new Set<CampaignKey>(), names: none};
    for (const key of keys)
      if (this.#campaigns.isShared(key)) this.#touchAll(this.#campaigns.of(key), reached);
  }

  #conflictsOf(document: ParsedDocument): readonly Diagnostic[] {
    const [key, name] = [keyOf(document), nameOf(document)];
    const isShared =
      (key !== undefined && this.#campaigns.isShared(key)) ||
      (name !== undefined && this.#names.isShared(name));
    const timed = this.#timeConflict(document);
    if (!isShared && (!this.#workspaces || this.#workspaces.has(document.workspace ?? ''))) return timed;
    const found = conflictsOf(document, {
      workspaces: this.#workspaces,
      sameCampaign: key === undefined ? [] : this.#campaigns.of(key),
      sameName: name === undefined ? [] : this.#names.of(name),
    });
    return [...found, ...timed];
  }

  #timeConflict(document: ParsedDocument): readonly Diagnostic[] {
    const {code, hint = '', message = ''} = this.#provisions.problemOf(document.declaration) ?? {};
    return code === undefined ? NONE : [about(document, code, message, hint)];
  }

  #findConflicts(file: string): void {
    const found = [
      ...this.#documentsOf(file).flatMap(document => this.#conflictsOf(document)),
      ...this.#provisions.conflictsOf(file, this.#workspaces),
    ];
    if (found.length > 0) this.#conflicts.set(file, found);
    else this.#conflicts.delete(file);
  }

  #claimOf(document: ParsedDocument): Claim | undefined {
    const {campaignId, declaration, name, source, workspace} = document;
    const conflict = this.#conflicts.get(source.file)?.find(({line}) => line === source.line);
    const inFile = problemIn(this.#files.get(source.file)) ?? conflict?.message;
    const problem = inFile ?? this.#provisions.problemOf(declaration)?.message;
    if (declaration && problem === undefined)
      return {kind: 'valid', declaration: this.#provisions.applied(declaration)};
    if (workspace === undefined || campaignId === undefined) return undefined;
    return {
      kind: 'invalid',
      workspace,
      campaignId,
      ...(name !== undefined && {name}),
      source,
      problem: problem ?? 'the declaration is invalid',
    };
  }

  #claim(key: CampaignKey, changes: Map<string, Gathered>): void {
    const before = this.#claims.get(key);
    const document = this.#campaigns.of(key).at(-1);
    const after = document && this.#claimOf(document);
    if (after ? isUnchanged(before, after) : !before) return;
    this.#valid += (after?.kind === 'valid' ? 1 : 0) - (before?.kind === 'valid' ? 1 : 0);
    if (after) this.#claims.set(key, after);
    else this.#claims.delete(key);
    const {campaignId, workspace} = claimed((after ?? before) as Claim);
    const gathered = changes.get(workspace) ?? {claims: new Map(), wishes: new Set()};
    changes.set(workspace, gathered);
    gathered.claims.set(campaignId, after);
    if (!isSameClaim(before, after)) gathered.wishes.add(campaignId);
  }
}

/**
 * What the files of one revision declare.
 *
 * @param workspaces the configured ones; undefined where no configuration is at hand
 * @param previous the revision before, by which a file that cannot be read is known
 * @param holidays where calendars take their holidays from
 */
export const declare = (
  files: readonly ParsedFile[],
  workspaces: ReadonlySet<string> | undefined,
  previous?: DeclarationSet,
  holidays?: Holidays,
): DeclarationSet => {
  const register = new Register(workspaces, holidays);
  if (previous) register.remember(previous);
  register.change(new Map(files.map(file => [file.file, file])));
  return register;
};
