import type {Config} from '../../config/schema.ts';
import type {DeclarationSet} from '../../domain/declarations.ts';
import {type ConfigFlags, printDiagnostics, withConfigured} from '../configured.ts';
import {LocalDeclarations} from '../declared.ts';
import {EXIT, type ExitCode, type Io} from '../io.ts';
import {explainUnreadable} from '../not-readable.ts';
import {say} from '../say.ts';

/** Flags of the commands that tell what comes, from the declarations alone. */
export interface AheadFlags extends ConfigFlags {
  readonly format: 'text' | 'json';
  /** A revision of the repository, in place of the files on disk. */
  readonly revision?: string;
}

/**
 * Reads the declarations, and says what is wrong in them; the platform is not asked. `work` says how it ends where nothing
 * is wrong.
 */
export const withDeclarations = (
  flags: AheadFlags,
  io: Io,
  work: (declarations: DeclarationSet, config: Config) => ExitCode,
): Promise<ExitCode> =>
  withConfigured(flags, io, async config => {
    try {
      const local = await LocalDeclarations.open(config);
      try {
        const {declarations} = await local.read(flags.revision ?? null);
        const code = work(declarations, config);
        if (declarations.diagnostics.length === 0) return code;
        printDiagnostics(declarations.diagnostics, io);
        return code === EXIT.ok ? EXIT.invalid : code;
      } finally {
        await local.close();
      }
    } catch (error) {
      say(io, `rollcall: ${explainUnreadable(error)}`);
      return EXIT.failed;
    }
  });
