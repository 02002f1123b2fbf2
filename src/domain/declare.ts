import type {Holidays} from './calendar-spec.ts';
import type {DeclarationSet, ParsedFile} from './declarations.ts';
import {Register} from './register.ts';

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
