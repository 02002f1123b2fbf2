import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {
  ACTIONS,
  type Action,
  isTerminal,
  resultOf,
  STATUSES,
  type Status,
  shortestPath,
  successorsOf,
  TRANSITIONS,
} from '../../src/domain/transitions.ts';

/** The specification's table once more, written by hand. */
const SPECIFIED: readonly [Action, readonly Status[], Status][] = [
  ['pause', ['scheduled', 'active'], 'paused'],
  ['resume', ['paused'], 'scheduled'],
  ['cancel', ['scheduled', 'active', 'paused'], 'cancelled'],
];

const specifiedResult = (from: Status, action: Action): Status | undefined =>
  SPECIFIED.find(([name, allowed]) => name === action && allowed.includes(from))?.[2];

/** Every sequence of up to `length` actions: no search, no pruning. */
const sequences = (length: number): Action[][] =>
  length === 0
    ? [[]]
    : [[], ...ACTIONS.flatMap(action => sequences(length - 1).map(rest => [action, ...rest]))];

const walk = (from: Status, steps: readonly Action[]): Status | undefined =>
  steps.reduce<Status | undefined>((status, action) => status && specifiedResult(status, action), from);

const bruteForce = (from: Status, to: Status): number | undefined => {
  const lengths = sequences(4)
    .filter(steps => walk(from, steps) === to)
    .map(steps => steps.length);
  return lengths.length > 0 ? Math.min(...lengths) : undefined;
};

const PAIRS = STATUSES.flatMap(from => STATUSES.map(to => [from, to] as const));
const status = fc.constantFrom(...STATUSES);

describe('the transition table', () => {
  it('says what the specification says, for every status and action', () => {
    for (const from of STATUSES) {
      for (const action of ACTIONS) expect(resultOf(from, action)).toBe(specifiedResult(from, action));
    }
    expect(STATUSES.toSorted()).toEqual(['active', 'cancelled', 'ended', 'paused', 'scheduled']);
  });

  it('knows ended and cancelled as terminal, and nothing else', () => {
    expect(STATUSES.filter(isTerminal).toSorted()).toEqual(['cancelled', 'ended']);
  });

  it('accepts an open window right after a resume', () => {
    expect(successorsOf('paused', 'resume')).toEqual(['scheduled', 'active', 'ended']);
    expect(successorsOf('active', 'cancel')).toEqual(['cancelled']);
    expect(successorsOf('ended', 'cancel')).toEqual([]);
  });
});

describe('the shortest path', () => {
  it.each(PAIRS)('from %s to %s is as short as brute force finds', (from, to) => {
    const steps = shortestPath(from, to);
    expect(steps?.length).toBe(bruteForce(from, to));
    if (steps) expect(walk(from, steps)).toBe(to);
  });

  it('leads from active to scheduled through a pause', () => {
    expect(shortestPath('active', 'scheduled')).toEqual(['pause', 'resume']);
  });

  it('is legal at each step and never starts from a terminal status', () => {
    fc.assert(
      fc.property(status, status, (from, to) => {
        const steps = shortestPath(from, to);
        if (isTerminal(from) && from !== to) expect(steps).toBeUndefined();
        let at: Status = from;
        for (const action of steps ?? []) {
          expect(Object.keys(TRANSITIONS[at])).toContain(action);
          at = resultOf(at, action) as Status;
        }
      }),
    );
  });
});
