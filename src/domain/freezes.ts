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

/**
 * The freezes of all files. Those of a file that is broken stay as they were, beside those that can be read in it: what they
 * keep is safe as it is.
 */
export class Freezes {
  readonly #files = new Map<string, readonly Freeze[]>();
  readonly #remembered = new Map<string, readonly Freeze[]>();

  get all(): readonly Freeze[] {
    return [...this.#files.values()].flat();
  }

  /** The files that declare freezes. */
  get files(): Iterable<string> {
    return this.#files.keys();
  }

  /** Takes in what a file declares; returns the freezes that are new, other or gone by that. */
  replace(file: string, declared: readonly Freeze[] = NONE, isBroken = false): readonly Freeze[] {
    const known = this.#files.get(file) ?? NONE;
    const before = known.length > 0 ? known : (this.#remembered.get(file) ?? NONE);
    this.#remembered.delete(file);
    if (declared.length === 0 && (before.length === 0 || (isBroken && known.length > 0))) return NONE;
    const names = new Set(declared.map(({name}) => name));
    const freezes = isBroken ? [...before.filter(({name}) => !names.has(name)), ...declared] : declared;
    if (freezes.length > 0) this.#files.set(file, freezes);
    else this.#files.delete(file);
    return [...known, ...freezes];
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
      workspaces && freeze.workspace !== undefined && !workspaces.has(freeze.workspace)
        ? [unknownWorkspace(freeze, workspaces)]
        : [],
    );
    return mine.length === 0
      ? unknown
      : [...unknown, ...sameNames('freeze', mine, this.all, 'all of them hold')];
  }
}
