import type {ParsedFile} from './declarations.ts';
import type {Diagnostic} from './diagnostic.ts';
import type {Allowance} from './limits.ts';
import {sameNames} from './same-names.ts';

const NONE: readonly Allowance[] = [];

/** The allowances of all files. One whose file is broken lets nothing through. */
export class Allowances {
  readonly #files = new Map<string, readonly Allowance[]>();

  /** Those that are in force: of two of one name, none is. */
  get all(): readonly Allowance[] {
    const all = [...this.#files.values()].flat();
    return all.filter(one => !all.some(other => other !== one && other.name === one.name));
  }

  /** The files that declare allowances. */
  get files(): Iterable<string> {
    return this.#files.keys();
  }

  /** Takes in what a file declares; true where it declares any now, or did. */
  replace(file: string, parsed: ParsedFile | undefined): boolean {
    const before = this.#files.has(file);
    const allowances = parsed && parsed.diagnostics.length === 0 ? (parsed.allowances ?? NONE) : NONE;
    if (allowances.length > 0) this.#files.set(file, allowances);
    else this.#files.delete(file);
    return before || allowances.length > 0;
  }

  /** What is wrong with the allowances of a file that only shows beside the configuration. */
  conflictsOf(file: string, workspaces: ReadonlySet<string> | undefined): readonly Diagnostic[] {
    const mine = this.#files.get(file) ?? NONE;
    const unknown = mine.flatMap(({source, workspace}) =>
      workspaces && !workspaces.has(workspace)
        ? [
            {
              code: 'unknown-workspace',
              message: `workspace ${JSON.stringify(workspace)} is not in the controller's configuration: the allowance lets nothing through`,
              hint: `known workspaces: ${[...workspaces].join(', ')}`,
              ...source,
              column: 1,
            },
          ]
        : [],
    );
    if (mine.length === 0) return unknown;
    const all = [...this.#files.values()].flat();
    return [...unknown, ...sameNames('allowance', mine, all, 'none of them lets anything through')];
  }
}
