/** How many characters of a hash people are shown: as many as Git needs to find it in a large repository. */
const SHORT = 12;
const COMMIT = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

/** A revision as people are shown it: the beginning of a commit's hash, or of the digest of a folder (`sha256:…`). */
export const shortRevision = (id: string): string => id.replace(/^sha256:/, '').slice(0, SHORT);

/** Whether a revision is a commit, and not the digest of a folder. */
export const isCommit = (id: string): boolean => COMMIT.test(id);
