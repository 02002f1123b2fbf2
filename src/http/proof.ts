import {createHash, createHmac, timingSafeEqual} from 'node:crypto';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Compares without telling by its time how much was right. */
export const isSame = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b));

const signatureOf = (token: string, what: string, until: number): string =>
  createHmac('sha256', token).update(`rollcall ${what} until ${until}`).digest('base64url');

/**
 * What shows that somebody has the token without being it: it ends, is good for one thing alone, and is worth nothing once the
 * token is another.
 *
 * @param what what it is good for
 * @param until epoch milliseconds
 */
export const proofOf = (token: string, what: string, until: number): string =>
  `${until}.${signatureOf(token, what, until)}`;

/** Whether a proof is one of this token's, for this, and not over at `now` (epoch milliseconds). */
export const isProof = (proof: string, token: string, what: string, now: number): boolean => {
  const [, digits, signature = ''] = /^(\d{1,15})\.([\w-]+)$/.exec(proof) ?? [];
  const until = Number(digits);
  return until > now && isSame(signature, signatureOf(token, what, until));
};
