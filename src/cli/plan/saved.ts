import {readSmallFile} from '../../disk/read-small-file.ts';
import {errorText} from '../../domain/text.ts';
import {LARGEST_PLAN} from './file.ts';

const whyUnreadable = (file: string, error: unknown): string => {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (file === '-')
    return 'a plan is read from a file: rollcall plan --out plan.json, then rollcall apply plan.json';
  if (code === 'ENOENT') return `${file} does not exist: make a plan with rollcall plan --out ${file}`;
  return code === 'EISDIR'
    ? `${file} is a folder, and no plan`
    : `${file} cannot be read: ${errorText(error)}`;
};

/** The text of a saved plan, or why it cannot be read. */
export const readText = (file: string): {text: string} | {problem: string} => {
  try {
    return {text: Buffer.from(readSmallFile(file, LARGEST_PLAN)).toString('utf8')};
  } catch (error) {
    return {problem: whyUnreadable(file, error)};
  }
};
