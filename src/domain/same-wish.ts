import type {Declaration} from './campaign.ts';
import type {Claim} from './declarations.ts';

/** All that decides what is done about a campaign; not where it is declared, nor what is said of it. */
const wishOf = ({campaignId, confirmCancel, desired, hold, mode, name, workspace}: Declaration): string =>
  JSON.stringify([workspace, campaignId, name, desired, mode, hold, confirmCancel]);

const validIn = (claim: Claim | undefined): Declaration | undefined =>
  claim?.kind === 'valid' ? claim.declaration : undefined;

/** True where two declarations of a campaign ask for just the same. */
export const isSameWish = (a: Declaration, b: Declaration): boolean => a === b || wishOf(a) === wishOf(b);

/** True where Git asks for just the same of a campaign as before: nothing is to be done anew. */
export const isSameClaim = (a: Claim | undefined, b: Claim | undefined): boolean => {
  const [one, other] = [validIn(a), validIn(b)];
  if (one && other) return isSameWish(one, other);
  if (a?.kind !== 'invalid' || b?.kind !== 'invalid') return a === b;
  return a.problem === b.problem;
};

/** The campaigns of which Git asks for something else than before: added, changed and taken away. */
export const changedClaims = (
  before: ReadonlyMap<string, Claim>,
  after: ReadonlyMap<string, Claim>,
): ReadonlySet<string> => {
  const changed = new Set<string>();
  for (const [id, claim] of after) if (!isSameClaim(before.get(id), claim)) changed.add(id);
  for (const id of before.keys()) if (!after.has(id)) changed.add(id);
  return changed;
};
