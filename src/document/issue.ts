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

/** How a value is beyond a bound; undefined where that is not what is wrong. */
export const bound = (issue: Issue): string | undefined => {
  if (issue.code === 'too_small' && issue.origin !== 'string')
    return `must be ${issue.inclusive === false ? 'above' : 'at least'} ${issue.minimum}`;
  if (issue.code === 'too_big' && issue.origin !== 'string')
    return `must be ${issue.inclusive === false ? 'below' : 'at most'} ${issue.maximum}`;
  return undefined;
};

/** One of several bounds that a value is beyond says enough: the narrowest, which is the last. */
export const isNarrowest = (issue: Issue, index: number, all: readonly Issue[]): boolean =>
  (issue.code !== 'too_big' && issue.code !== 'too_small') ||
  !all
    .slice(index + 1)
    .some(({code, path}) => code === issue.code && pathText(path) === pathText(issue.path));
