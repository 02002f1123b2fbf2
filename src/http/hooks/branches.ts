import {isRecord} from '../../domain/json.ts';

const HEAD = 'refs/heads/';

const recordsIn = (value: unknown): readonly Record<string, unknown>[] =>
  Array.isArray(value) ? value.filter(isRecord) : [];

const branchOf = (ref: unknown): string[] =>
  typeof ref === 'string' && ref.startsWith(HEAD) ? [ref.slice(HEAD.length)] : [];

const nameOf = (side: unknown): string[] =>
  isRecord(side) && typeof side['name'] === 'string' ? [side['name']] : [];

/**
 * The branches that a push names, as GitHub, GitLab, Gitea and Forgejo (`ref`), Bitbucket Cloud (`push.changes`) and
 * Bitbucket Data Center (`changes`) write it; undefined where it names none, or is no such thing. It is only ever asked
 * whether it is worth looking: nothing of it reaches Git.
 */
export const branchesIn = (body: string): readonly string[] | undefined => {
  let payload: unknown;
  try {
    payload = JSON.parse(body);
  } catch {
    return undefined;
  }
  if (!isRecord(payload)) return undefined;
  const {changes, push, ref} = payload;
  if (typeof ref === 'string') return branchOf(ref);
  const ofCloud = isRecord(push) ? recordsIn(push['changes']) : [];
  const named = [
    ...ofCloud.flatMap(change => [...nameOf(change['new']), ...nameOf(change['old'])]),
    ...recordsIn(changes).flatMap(change => branchOf(change['refId'])),
  ];
  return named.length > 0 ? named : undefined;
};
