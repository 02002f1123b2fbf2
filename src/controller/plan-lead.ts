import type {Claim} from '../domain/declarations.ts';
import {closingLead, type Pace} from '../domain/lead.ts';

/** How long before its edge a controller begins a closing of what is declared, at its pace: milliseconds. None where that is not known. */
export const leadOf = (claims: ReadonlyMap<string, Claim>, pace: Pace | undefined): number => {
  if (!pace) return 0;
  let timed = 0;
  for (const claim of claims.values()) if (claim.kind === 'valid' && claim.declaration.opening) timed += 1;
  return closingLead(timed, pace);
};
