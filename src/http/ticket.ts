import {isProof, proofOf} from './proof.ts';

/** For how long a ticket is good, so that the clocks of replicas may be apart. Milliseconds. */
const VALID_FOR = 60_000;

const SCHEME = 'Rollcall-Ticket';

const whatOf = ({pathname, search}: URL): string => `ticket for ${pathname}${search}`;

/** The `Authorization` by which a replica asks another for one thing: who gets to see it can ask for nothing else by it. */
export const ticketFor = (token: string, url: URL, now: number): string =>
  `${SCHEME} ${proofOf(token, whatOf(url), now + VALID_FOR)}`;

/** Whether an `Authorization` is a ticket for what is asked. */
export const isTicket = (authorization: string, token: string, url: URL, now: number): boolean => {
  const [scheme, proof = ''] = authorization.split(' ');
  return scheme === SCHEME && isProof(proof, token, whatOf(url), now);
};
