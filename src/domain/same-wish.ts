import type {Declaration} from './campaign.ts';
import type {Claim} from './declarations.ts';

/** All that decides what is done about a campaign; not where it is declared, nor what is said of it. */
const wishOf = (declaration: Declaration): string => {
  const {campaignId, confirmCancel, desired, hold, mode, name, opening, workspace} = declaration;
  const times = opening ? [opening.from, opening.until] : [];
  return JSON.stringify([workspace, campaignId, name, desired, mode, hold, confirmCancel, ...times]);
};

/** True where two declarations of a campaign go by calendars that say the same. */
export const isSameCalendar = ({opening: a}: Declaration, {opening: b}: Declaration): boolean =>
  a?.calendar === b?.calendar || a?.calendar?.identity === b?.calendar?.identity;

const validIn = (claim: Claim | undefined): Declaration | undefined =>
  claim?.kind === 'valid' ? claim.declaration : undefined;

/** True where two declarations of a campaign ask for just the same. */
export const isSameWish = (a: Declaration, b: Declaration): boolean =>
  a === b || (wishOf(a) === wishOf(b) && isSameCalendar(a, b));

/** True where Git asks for just the same of a campaign as before: nothing is to be done anew. */
export const isSameClaim = (a: Claim | undefined, b: Claim | undefined): boolean => {
  const [one, other] = [validIn(a), validIn(b)];
  if (one && other) return isSameWish(one, other);
  if (a?.kind !== 'invalid' || b?.kind !== 'invalid') return a === b;
  return a.problem === b.problem;
};

/** All that a declaration says itself, wherever it stands and whatever other documents say of its campaign. */
const ownWords = ({freezes: _freezes, opening: _opening, source: _source, ...said}: Declaration): string =>
  JSON.stringify(said);

/** The same of a claim; undefined of one that is not valid. */
export const wordsOf = (claim: Claim | undefined): string | undefined => {
  const declaration = validIn(claim);
  return declaration && ownWords(declaration);
};

/** True where a declaration itself says something else than before, if only a word of its reason. */
export const saysOtherwise = (before: Claim | undefined, after: Claim | undefined): boolean => {
  const [one, other] = [validIn(before), validIn(after)];
  return one && other ? ownWords(one) !== ownWords(other) : one !== other;
};

/** The freezes that other documents lay on a campaign, as far as they decide anything. */
export const freezesOf = (claim: Claim | undefined): string =>
  JSON.stringify((validIn(claim)?.freezes ?? []).map(({from, name, until}) => [name, from, until]));

/** True where other documents say something else of a campaign than before: its calendar, or freezes. */
export const isSaidOtherwise = (before: Claim | undefined, after: Claim | undefined): boolean => {
  const [one, other] = [validIn(before), validIn(after)];
  if (!one || !other || one === other) return false;
  return !isSameCalendar(one, other) || freezesOf(before) !== freezesOf(after);
};

/** What a revision says of the campaigns of one workspace, where it says something else than the one before. */
export interface ClaimChanges {
  /** The claims that are new or other; undefined for a campaign that is declared no more. */
  readonly claims: ReadonlyMap<string, Claim | undefined>;
  /** Those of them by which something else is to be done; the others are only told otherwise. */
  readonly wishes: ReadonlySet<string>;
}

/** True where a claim is the very one that there was. */
export const isUnchanged = (a: Claim | undefined, b: Claim): boolean =>
  a === b || (a?.kind === 'valid' && b.kind === 'valid' && a.declaration === b.declaration);

/** What is claimed otherwise than before: added, changed and taken away. */
export const claimChanges = (
  before: ReadonlyMap<string, Claim>,
  after: ReadonlyMap<string, Claim>,
): ClaimChanges => {
  const claims = new Map<string, Claim | undefined>();
  const wishes = new Set<string>();
  for (const [id, claim] of after) {
    const earlier = before.get(id);
    if (isUnchanged(earlier, claim)) continue;
    claims.set(id, claim);
    if (!isSameClaim(earlier, claim)) wishes.add(id);
  }
  for (const id of before.keys()) {
    if (after.has(id)) continue;
    claims.set(id, undefined);
    wishes.add(id);
  }
  return {claims, wishes};
};
