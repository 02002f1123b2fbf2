/** How many small steps are made before other work has its turn: a few milliseconds of them. */
const SLICE = 500;

/** Resolves once whatever else is due has had its turn. */
const otherWork = (): Promise<void> => new Promise(resolve => setImmediate(resolve));

/**
 * Makes all steps of long work, so that actions, probes and whatever else is due run in between.
 *
 * @param slice how many steps are made before other work has its turn
 */
export const inSlices = async <T>(steps: Iterator<unknown, T>, slice = SLICE): Promise<T> => {
  for (let made = 1; ; made++) {
    const step = steps.next();
    if (step.done) return step.value;
    if (made % slice === 0) await otherWork();
  }
};

/** Does something with each item, in slices. */
export const eachInSlices = <T>(items: Iterable<T>, visit: (item: T) => void): Promise<void> =>
  inSlices(
    (function* () {
      for (const item of items) yield visit(item);
    })(),
  );

/** Maps in slices; `map` may give several items, or none. */
export const flatMapInSlices = <T, R>(items: Iterable<T>, map: (item: T) => R | readonly R[]): Promise<R[]> =>
  inSlices(
    (function* () {
      const mapped: R[] = [];
      for (const item of items) {
        const made = map(item);
        if (Array.isArray(made)) for (const one of made) mapped.push(one);
        else mapped.push(made as R);
        yield;
      }
      return mapped;
    })(),
  );
