import {ByWorkspace} from './by-workspace.ts';
import type {Calendar} from './calendar.ts';
import type {Holidays} from './calendar-spec.ts';
import {invalidClaim, problemIn} from './claim-of.ts';
import {conflictsOf, declarationIn, type ParsedDocument} from './conflicts.ts';
import type {Claim, DeclarationSet, ParsedFile} from './declarations.ts';
import {type Diagnostic, inReadingOrder} from './diagnostic.ts';
import {Documents, Touched} from './documents.ts';
import type {Freeze} from './freeze.ts';
import {GatheredChanges} from './gathered-changes.ts';
import type {Allowance} from './limits.ts';
import {Provisions, type Reach} from './provisions.ts';
import {type ClaimChanges, isUnchanged} from './same-wish.ts';

/** Files that are other than before; undefined for one that is gone. */
export type FileChanges = ReadonlyMap<string, ParsedFile | undefined>;

const ALONE = {sameCampaign: [], sameName: []};

/**
 * Everything that is declared, file by file, and what only shows across files: a campaign or a name declared twice, a
 * workspace that is unknown. A problem inside a file holds every campaign of that file; a problem across files holds
 * the campaigns that it names. A change is worked out for what it reaches, and for nothing else.
 *
 * The campaigns that a broken file declared before, and that cannot be made out in it now, stay held, not forgotten,
 * and another file that declares one of them collides with it.
 */
export class Register implements DeclarationSet {
  readonly #claims = new ByWorkspace<Claim>();
  readonly #documents = new Documents();
  readonly #provisions: Provisions;
  readonly #conflicts = new Map<string, readonly Diagnostic[]>();
  #workspaces: ReadonlySet<string> | undefined;
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

  get claims(): DeclarationSet['claims'] {
    return this.#claims.parts;
  }

  get diagnostics(): readonly Diagnostic[] {
    this.#diagnostics ??= inReadingOrder([
      ...this.#documents.diagnostics,
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
    return {valid: this.#valid, invalid: this.#documents.count - this.#valid};
  }

  /** Takes over what another register says of each file, for those that turn out to be broken here. */
  remember(set: DeclarationSet): void {
    this.#documents.remember(set);
    this.#provisions.remember(set.freezes ?? []);
  }

  /** Takes in what is other than before; returns what that changes of the claims of each workspace. */
  change(files: FileChanges, workspaces = this.#workspaces): ReadonlyMap<string, ClaimChanges> {
    const steps = this.changing(files, workspaces);
    for (let step = steps.next(); ; step = steps.next()) if (step.done) return step.value;
  }

  /** The same in steps, between which other work may be done; the claims change in the last of them. */
  *changing(
    files: FileChanges,
    workspaces = this.#workspaces,
  ): Generator<void, ReadonlyMap<string, ClaimChanges>> {
    const isFirst = this.#documents.isEmpty;
    const touched = new Touched();
    const reached = isFirst ? undefined : touched;
    const reach: Reach = {freezes: [], calendars: new Set(), files: new Set()};
    for (const [file, parsed] of files) {
      this.#documents.replace(file, parsed, reached);
      this.#provisions.replace(file, parsed, workspaces, reach);
      yield;
    }
    this.#provisions.end(reach);
    const isOther = workspaces !== this.#workspaces;
    this.#workspaces = workspaces;
    if (isFirst) return yield* this.#claimAll();
    yield* this.#touchReached(reach, touched);
    if (isOther) {
      for (const file of this.#documents.files.keys()) {
        touched.files.add(file);
        yield this.#documents.touch(this.#documents.of(file), touched);
      }
    }
    this.#documents.spread(touched);
    for (const file of touched.files) yield this.#findConflicts(file);
    this.#diagnostics = undefined;
    const changes = new GatheredChanges();
    for (const document of touched.campaigns.values())
      yield this.#claim(document, this.#documents.lastOfCampaign(document), changes);
    return changes.byWorkspace;
  }

  /** Everything is new: nothing has to be kept of what is reached. */
  *#claimAll(): Generator<void, ReadonlyMap<string, ClaimChanges>> {
    for (const file of this.#documents.files.keys()) yield this.#findConflicts(file);
    this.#diagnostics = undefined;
    const changes = new GatheredChanges();
    for (const last of this.#documents.lastOfEach()) yield this.#claim(last, last, changes);
    return changes.byWorkspace;
  }

  /** What other documents say otherwise of is claimed anew, and looked at for what is wrong with it. */
  *#touchReached(reach: Reach, touched: Touched): Generator<void, void> {
    for (const file of reach.files) touched.files.add(file);
    if (reach.freezes.length === 0 && reach.calendars.size === 0) return;
    for (const {documents} of this.#documents.files.values()) {
      const isReached = (document: ParsedDocument): boolean =>
        'desired' in document && this.#provisions.reaches(document, reach);
      yield this.#documents.touch(documents.filter(isReached), touched);
    }
  }

  #conflictsOf(document: ParsedDocument): readonly Diagnostic[] {
    const sharing = this.#documents.sharing(document);
    const timed = this.#provisions.timeConflicts(document);
    if (!sharing && (!this.#workspaces || this.#workspaces.has(document.workspace ?? ''))) return timed;
    const found = conflictsOf(document, {
      workspaces: this.#workspaces,
      ...(sharing ?? ALONE),
    });
    return [...found, ...timed];
  }

  #findConflicts(file: string): void {
    const found = [
      ...this.#documents.of(file).flatMap(document => this.#conflictsOf(document)),
      ...this.#provisions.conflictsOf(file, this.#workspaces),
    ];
    if (found.length > 0) this.#conflicts.set(file, found);
    else this.#conflicts.delete(file);
  }

  /** What is wrong with a document, of itself, of its file or beside others; undefined where nothing is. */
  #problemOf(document: ParsedDocument): string | undefined {
    const {file, line} = document.source;
    const conflict = this.#conflicts.get(file)?.find(one => one.line === line);
    return (
      problemIn(this.#documents.files.get(file)) ??
      conflict?.message ??
      this.#provisions.problemOf(declarationIn(document))?.message
    );
  }

  #claimOf(document: ParsedDocument): Claim | undefined {
    const declaration = declarationIn(document);
    const problem = this.#problemOf(document);
    if (declaration && problem === undefined)
      return {kind: 'valid', declaration: this.#provisions.applied(declaration)};
    return invalidClaim(document, problem);
  }

  /**
   * Claims the campaign that a document means, or meant.
   *
   * @param last the last document of that campaign; undefined where there is none any more
   */
  #claim(
    {campaignId, workspace}: ParsedDocument,
    last: ParsedDocument | undefined,
    changes: GatheredChanges,
  ): void {
    if (workspace === undefined || campaignId === undefined) return;
    const before = this.#claims.get(workspace, campaignId);
    const after = last && this.#claimOf(last);
    if (after ? isUnchanged(before, after) : !before) return;
    this.#valid += (after?.kind === 'valid' ? 1 : 0) - (before?.kind === 'valid' ? 1 : 0);
    if (after) this.#claims.set(workspace, campaignId, after);
    else this.#claims.delete(workspace, campaignId);
    changes.put({workspace, campaignId}, before, after);
  }
}
