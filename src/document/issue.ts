import type {z} from 'zod';

/** Something that a schema has found wrong with a value. */
export type Issue = z.core.$ZodIssue;

/** A path as people write it: `workspaces[0].name`. */
export const pathText = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, part) =>
      typeof part === 'number' ? `${text}[${part}]` : text ? `${text}.${String(part)}` : String(part),
    '',
  );

/** How many of what each kind of value must have; of a number, what it must be. */
const UNITS: Readonly<Partial<Record<string, string>>> = {
  string: 'characters',
  array: 'items',
  set: 'items',
  map: 'keys',
  record: 'keys',
};

/** The library words a bound for programmers. */
const isLibraryText = ({message}: Issue): boolean => /^(?:Too small|Too big|Invalid)\b/.test(message);

const within = (origin: string, few: string, exact: string, limit: unknown): string => {
  const unit = UNITS[origin];
  return unit === undefined ? `must be ${exact} ${limit}` : `must have ${few} ${limit} ${unit}`;
};

/** How a value is beyond a bound; undefined where that is not what is wrong, or is said otherwise. */
export const bound = (issue: Issue): string | undefined => {
  if (!isLibraryText(issue)) return undefined;
  if (issue.code === 'too_small') {
    if (issue.minimum === 1 && UNITS[issue.origin] !== undefined) return 'must not be empty';
    return within(issue.origin, 'at least', issue.inclusive === false ? 'above' : 'at least', issue.minimum);
  }
  if (issue.code === 'too_big')
    return within(issue.origin, 'at most', issue.inclusive === false ? 'below' : 'at most', issue.maximum);
  return undefined;
};

/** What is wrong with the name of a key, in words; undefined where that is not what is wrong. */
export const ofKey = (issue: Issue): string | undefined => {
  if (issue.code !== 'invalid_key') return undefined;
  const [first] = issue.issues;
  const key = JSON.stringify(String(issue.path.at(-1)).slice(0, 100));
  return `the key ${key} ${first ? (bound(first as Issue) ?? first.message) : 'cannot stand here'}`;
};

const isBound = ({code}: Issue): boolean => code === 'too_big' || code === 'too_small';

/** One of several bounds that a value is beyond says enough: the narrowest, which is the last; and none of a value of another type. */
export const isNarrowest = (issue: Issue, index: number, all: readonly Issue[]): boolean => {
  if (!isBound(issue)) return true;
  const path = pathText(issue.path);
  return !all.some(
    (other, at) =>
      ((at > index && other.code === issue.code) || other.code === 'invalid_type') &&
      pathText(other.path) === path,
  );
};
