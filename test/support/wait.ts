import {setTimeout as sleep} from 'node:timers/promises';

/** Resolves when `probe` gives something true; rejects after `within` milliseconds with what it gave last. */
export const eventually = async <T>(
  probe: () => T | Promise<T>,
  within = 15_000,
): Promise<NonNullable<T>> => {
  const deadline = performance.now() + within;
  for (;;) {
    const found = await Promise.resolve(probe()).catch(error => ({error}) as T);
    if (found && !(typeof found === 'object' && 'error' in found)) return found;
    if (performance.now() > deadline)
      throw new Error(`not within ${within} ms; last: ${JSON.stringify(found)}`);
    await sleep(20);
  }
};
