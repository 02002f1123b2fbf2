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

/** The freezes of all files. Those of a file that is broken stay as they were: what they keep is safe as it is. */
export class Freezes {
  readonly #files = new Map<string, readonly Freeze[]>();

  get all(): readonly Freeze[] {
    return [...this.#files.values()].flat();
  }

  /** The files that declare freezes. */
  get files(): Iterable<string> {
    return this.#files.keys();
  }

  /** Takes in what a file declares; returns the freezes that are new, other or gone by that. */
  replace(file: string, freezes: readonly Freeze[] = NONE, isBroken = false): readonly Freeze[] {
    const before = this.#files.get(file) ?? NONE;
    if ((before.length === 0 && freezes.length === 0) || isBroken) return NONE;
    if (freezes.length > 0) this.#files.set(file, freezes);
    else this.#files.delete(file);
    return [...before, ...freezes];
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
