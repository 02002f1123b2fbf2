import type {Failure} from '../controller/ports.ts';
import {headerProblem} from '../domain/text.ts';

const unauthorised = (message: string): Failure => ({kind: 'unauthorised', message});

/** A shorter key would eat ordinary words where it is taken out of what is shown. */
export const SHORTEST_KEY = 8;

/** What is said of a place where no secret can be read. */
export const NO_SECRET = 'is not there, cannot be read, or is empty';

/** Why a request cannot be made with this key; undefined where it can. */
export const keyTrouble = (key: string | undefined, place: string | undefined): Failure | undefined => {
  const where = place === undefined ? '' : `: ${place}`;
  if (key === undefined)
    return unauthorised(
      `the workspace’s API key cannot be read${where === '' ? '' : `${where} ${NO_SECRET}`}`,
    );
  if (key.length < SHORTEST_KEY)
    return unauthorised(
      `the workspace’s API key has fewer than ${SHORTEST_KEY} characters${where}: no key is that short, and ordinary words would be redacted for it`,
    );
  if (headerProblem(key) === undefined) return undefined;
  return unauthorised(`the workspace’s API key holds a character that no key can have${where}`);
};
