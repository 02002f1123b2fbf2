import type {z} from 'zod';

/** As much of what a check is handed as says whether it can judge. */
type Payload = Pick<z.core.ParsePayload, 'issues' | 'value'>;

const isAbout =
  (keys: readonly string[]) =>
  ({code, path = []}: z.core.$ZodRawIssue): boolean => {
    const [key] = path;
    return key === undefined ? code !== 'unrecognized_keys' : keys.includes(String(key));
  };

/**
 * Has a check of several keys of a mapping run although something is wrong elsewhere in it, so that all problems are told at
 * once; but not where one of those keys is wrong itself.
 */
export const whenSound = (...keys: readonly string[]): {readonly when: (payload: Payload) => boolean} => ({
  when: ({issues, value}) => typeof value === 'object' && value !== null && !issues.some(isAbout(keys)),
});
