import {createHash} from 'node:crypto';
import type {Claim} from '../domain/declarations.ts';
import {wordsOf} from '../domain/same-wish.ts';

const LENGTH = 16;

/** A digest of all that a declaration says in its own words; undefined of a claim that is not valid. */
export const digestOfWords = (claim: Claim | undefined): string | undefined => {
  const words = wordsOf(claim);
  return words === undefined
    ? undefined
    : createHash('sha256').update(words).digest('base64url').slice(0, LENGTH);
};
