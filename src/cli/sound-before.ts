import type {DeclarationSet, ParsedFile} from '../domain/declarations.ts';
import {declare} from '../domain/declare.ts';
import {isSound} from '../domain/freezes.ts';
import type {Checkout} from '../source/git/checkout.ts';
import {holidays} from '../source/holidays.ts';

/**
 * What files that are broken declared when nothing was wrong with them: a freeze stays in force, as it does for a controller.
 *
 * @param commit that the files are of; undefined for those on disk
 */
export const soundBefore = async (
  checkout: Checkout | undefined,
  {commit, files}: {readonly files: readonly ParsedFile[]; readonly commit: string | undefined},
  workspaces: ReadonlySet<string>,
): Promise<DeclarationSet | undefined> => {
  const broken = files.flatMap(file => (isSound(file, workspaces) ? [] : file.file));
  const from = commit ?? (broken.length > 0 ? await checkout?.head() : undefined);
  if (!checkout || broken.length === 0 || from === undefined) return undefined;
  const sound = await checkout.lastSound(from, broken, workspaces);
  return declare(sound, workspaces, undefined, holidays);
};
