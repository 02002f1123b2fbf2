/** The longest id, in characters (code points). */
export const LONGEST_ID = 200;

const tooLong = (id: string): boolean => id.length > 2 * LONGEST_ID || [...id].length > LONGEST_ID;

/**
 * What keeps a text from being an id of the platform's: of a campaign, an organisation or a workspace. An id is
 * opaque and becomes one segment of a URL's path, percent-encoded; so it must be text that can be encoded, and no
 * segment that would be resolved away. Undefined where it is an id.
 */
export const idProblem = (id: string): string | undefined => {
  if (id === '') return 'must not be empty';
  if (id === '.' || id === '..') return `must not be ${id}, which would lead to another path`;
  if (!id.isWellFormed()) return 'must be well-formed Unicode, without half a surrogate pair';
  if (/\p{Cc}/u.test(id)) return 'must hold no control characters';
  return tooLong(id) ? `must have at most ${LONGEST_ID} characters` : undefined;
};
