import type {ParsedFile} from './declarations.ts';
import type {Diagnostic} from './diagnostic.ts';
import {type Freeze, isMeantBy} from './freeze.ts';
import {sameNames} from './same-names.ts';

type Frozen = Parameters<typeof isMeantBy>[1];

const NONE: readonly Freeze[] = [];

const unknownWorkspace = ({source, workspace}: Freeze, workspaces: ReadonlySet<string>): Diagnostic => ({
  code: 'unknown-workspace',
  message: `workspace ${JSON.stringify(workspace)} is not in the controller's configuration: the freeze means no campaign`,
  hint: `known workspaces: ${[...workspaces].join(', ')}`,
  ...source,
  column: 1,
});

/** True for a freeze that means nobody, since its workspace is none: that is a slip, and no wish that nothing be frozen. */
const isAstray = ({workspace}: Freeze, workspaces: ReadonlySet<string> | undefined): boolean =>
  workspaces !== undefined && workspace !== undefined && !workspaces.has(workspace);

/** True where nothing is wrong with a file, of itself or with what its freezes mean: no earlier version of it counts. */
export const isSound = (
  {diagnostics, freezes = NONE}: Pick<ParsedFile, 'diagnostics' | 'freezes'>,
  workspaces: ReadonlySet<string> | undefined,
): boolean => diagnostics.length === 0 && !freezes.some(freeze => isAstray(freeze, workspaces));

/** True for a broken file in which a freeze may stand that cannot be read: not all that is wrong in it is a campaign's. */
export const mayHoldFreeze = ({diagnostics}: Pick<ParsedFile, 'diagnostics'>): boolean =>
  diagnostics.some(({campaignId}) => campaignId === undefined);

/**
 * The freezes of all files. Those of a file that is broken stay as they were, beside those that can be read in it: what they
 * keep is safe as it is. So do those of a file that goes away where a broken one comes: it may be the same under another name.
 */
export class Freezes {
  readonly #files = new Map<string, readonly Freeze[]>();
  readonly #remembered = new Map<string, readonly Freeze[]>();
  /** The freezes of files that this change takes away. */
  #gone: readonly Freeze[] = NONE;
  /** A broken file that this change brings. */
  #heir: string | undefined;

  get all(): readonly Freeze[] {
    return [...this.#files.values()].flat();
  }

  /** The files that declare freezes. */
  get files(): Iterable<string> {
    return this.#files.keys();
  }

  /** Takes in what a file declares, or that it is gone; returns the freezes that are new, other or gone by that. */
  replace(
    file: string,
    parsed: ParsedFile | undefined,
    workspaces: ReadonlySet<string> | undefined,
  ): readonly Freeze[] {
    const declared = parsed?.freezes ?? NONE;
    const isBroken = parsed !== undefined && !isSound(parsed, workspaces);
    const known = this.#files.get(file) ?? NONE;
    const before = known.length > 0 ? known : (this.#remembered.get(file) ?? NONE);
    this.#remembered.delete(file);
    if (!parsed) this.#gone = [...this.#gone, ...known];
    else if (before.length === 0 && mayHoldFreeze(parsed)) this.#heir ??= file;
    if (declared.length === 0 && (before.length === 0 || (isBroken && known.length > 0))) return NONE;
    const counting = new Set(declared.filter(freeze => !isAstray(freeze, workspaces)).map(({name}) => name));
    const freezes = isBroken ? [...before.filter(({name}) => !counting.has(name)), ...declared] : declared;
    if (freezes.length > 0) this.#files.set(file, freezes);
    else this.#files.delete(file);
    return [...known, ...freezes];
  }

  /** Ends a change: what went away is kept where a broken file came; returns the freezes that are so kept. */
  inherit(): readonly Freeze[] {
    const gone = [...this.#gone, ...[...this.#remembered.values()].flat()];
    const heir = this.#heir;
    this.#gone = NONE;
    this.#heir = undefined;
    this.#remembered.clear();
    if (heir === undefined) return NONE;
    const names = new Set(this.all.map(({name}) => name));
    const kept = gone.filter(({name}) => !names.has(name));
    if (kept.length > 0) this.#files.set(heir, [...(this.#files.get(heir) ?? NONE), ...kept]);
    return kept;
  }

  /** Takes over what another set says of each file, for those that turn out to be broken here. */
  remember(freezes: readonly Freeze[]): void {
    for (const [file, some] of Map.groupBy(freezes, ({source}) => source.file))
      this.#remembered.set(file, some);
  }

  /** Those that mean a campaign; undefined where none does. */
  of(campaign: Frozen): readonly Freeze[] | undefined {
    if (this.#files.size === 0) return undefined;
    const freezes = this.all.filter(freeze => isMeantBy(freeze, campaign));
    return freezes.length > 0 ? freezes : undefined;
  }

  /** What is wrong with the freezes of a file that only shows beside the configuration. */
  conflictsOf(file: string, workspaces: ReadonlySet<string> | undefined): readonly Diagnostic[] {
    const mine = this.#files.get(file) ?? NONE;
    const unknown = mine.flatMap(freeze =>
      workspaces && isAstray(freeze, workspaces) ? [unknownWorkspace(freeze, workspaces)] : [],
    );
    if (mine.length === 0) return unknown;
    const holding = (freezes: readonly Freeze[]): readonly Freeze[] =>
      freezes.filter(freeze => !isAstray(freeze, workspaces));
    return [...unknown, ...sameNames('freeze', holding(mine), holding(this.all), 'all of them hold')];
  }
}
