import type {ParsedFile} from './declarations.ts';
import type {Diagnostic} from './diagnostic.ts';
import type {Allowance} from './limits.ts';

const NONE: readonly Allowance[] = [];

/** The allowances of all files. One whose file is broken lets nothing through. */
export class Allowances {
  readonly #files = new Map<string, readonly Allowance[]>();

  get all(): readonly Allowance[] {
    return [...this.#files.values()].flat();
  }

  /** Takes in what a file declares. */
  replace(file: string, parsed: ParsedFile | undefined): void {
    const allowances = parsed && parsed.diagnostics.length === 0 ? (parsed.allowances ?? NONE) : NONE;
    if (allowances.length > 0) this.#files.set(file, allowances);
    else this.#files.delete(file);
  }

  /** What is wrong with the allowances of a file that only shows beside the configuration. */
  conflictsOf(file: string, workspaces: ReadonlySet<string> | undefined): readonly Diagnostic[] {
    return (this.#files.get(file) ?? NONE).flatMap(({source, workspace}) =>
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
  }
}
