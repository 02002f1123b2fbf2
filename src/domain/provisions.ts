import {Allowances} from './allowances.ts';
import type {Calendar} from './calendar.ts';
import type {Holidays} from './calendar-spec.ts';
import {Calendars, type TimetableProblem} from './calendars.ts';
import type {Declaration, Timetable} from './campaign.ts';
import {about, declarationIn, type ParsedDocument} from './conflicts.ts';
import type {ParsedFile} from './declarations.ts';
import type {Diagnostic} from './diagnostic.ts';
import {type Freeze, isMeantBy} from './freeze.ts';
import {Freezes} from './freezes.ts';
import type {Allowance} from './limits.ts';

const NONE: readonly Diagnostic[] = [];

/** What a change of documents that are no declarations may reach. */
export interface Reach {
  /** Freezes that are new, other or gone. */
  readonly freezes: Freeze[];
  /** The names of calendars that mean something else than before. */
  readonly calendars: Set<string>;
  /** Files in which something may be wrong otherwise than before. */
  readonly files: Set<string>;
}

/** The timetable that a declaration goes by: one that asks for a pause goes by none, whatever is wrong with it. */
const timetableOf = ({desired, timetable}: Declaration): Timetable | undefined =>
  desired === 'active' || desired === 'scheduled' ? timetable : undefined;

/** The documents beside declarations, calendars, freezes and allowances, and what they say of campaigns. */
export class Provisions {
  readonly #freezes = new Freezes();
  readonly #calendars: Calendars;
  readonly #allowances = new Allowances();

  /** @param holidays where calendars take their holidays from */
  constructor(holidays: Holidays) {
    this.#calendars = new Calendars(holidays);
  }

  get freezes(): readonly Freeze[] {
    return this.#freezes.all;
  }

  get calendars(): readonly Calendar[] {
    return this.#calendars.all;
  }

  get allowances(): readonly Allowance[] {
    return this.#allowances.all;
  }

  /** Takes over the freezes of another set, for files that turn out to be broken here. */
  remember(freezes: readonly Freeze[]): void {
    this.#freezes.remember(freezes);
  }

  /** Takes in what a file has of them, and adds what that may reach. */
  replace(
    file: string,
    parsed: ParsedFile | undefined,
    workspaces: ReadonlySet<string> | undefined,
    {calendars, files, freezes}: Reach,
  ): void {
    const isBroken = (parsed?.diagnostics.length ?? 0) > 0;
    this.#changed(this.#freezes.replace(file, parsed, workspaces), {files, freezes});
    if (this.#allowances.replace(file, parsed)) for (const other of this.#allowances.files) files.add(other);
    for (const name of this.#calendars.replace(file, parsed?.calendars, isBroken)) {
      calendars.add(name);
      for (const other of this.#calendars.filesOf(name)) files.add(other);
    }
  }

  /** Ends a change of files, and adds what that may reach besides. */
  end(reach: Reach): void {
    this.#changed(this.#freezes.inherit(), reach);
  }

  #changed(changed: readonly Freeze[], {files, freezes}: Pick<Reach, 'files' | 'freezes'>): void {
    for (const freeze of changed) freezes.push(freeze);
    if (changed.length > 0) for (const other of this.#freezes.files) files.add(other);
  }

  /** True where a change may make something else of a declaration. */
  reaches(declaration: Declaration, {calendars, freezes}: Reach): boolean {
    const name = declaration.timetable?.calendar;
    const isTimed = name !== undefined && (calendars.has(name) || !this.#calendars.has(name));
    return (calendars.size > 0 && isTimed) || freezes.some(freeze => isMeantBy(freeze, declaration));
  }

  /** A declaration with what they say of its campaign. */
  applied(declaration: Declaration): Declaration {
    const freezes = this.#freezes.of(declaration);
    const timetable = timetableOf(declaration);
    const resolved = timetable && this.#calendars.resolve(timetable);
    if (!freezes && !resolved) return declaration;
    return {
      ...declaration,
      ...(freezes && {freezes}),
      ...(resolved && 'opening' in resolved && {opening: resolved.opening}),
    };
  }

  /** What is wrong with a declaration's timetable; undefined where nothing is. */
  problemOf(declaration: Declaration | undefined): TimetableProblem | undefined {
    const timetable = declaration && timetableOf(declaration);
    const resolved = timetable && this.#calendars.resolve(timetable);
    return resolved && 'problem' in resolved ? resolved.problem : undefined;
  }

  /** The same, where a document stands. */
  timeConflicts(document: ParsedDocument): readonly Diagnostic[] {
    const {code, hint = '', message = ''} = this.problemOf(declarationIn(document)) ?? {};
    return code === undefined ? NONE : [about(document, code, message, hint)];
  }

  /** What is wrong with those of a file that only shows beside others, and beside the configuration. */
  conflictsOf(file: string, workspaces: ReadonlySet<string> | undefined): readonly Diagnostic[] {
    return [
      ...this.#freezes.conflictsOf(file, workspaces),
      ...this.#calendars.conflictsOf(file),
      ...this.#allowances.conflictsOf(file, workspaces),
    ];
  }
}
