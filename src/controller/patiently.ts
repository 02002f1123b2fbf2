import type {Clock, Failure} from './ports.ts';

/** What may pass by itself within a command's patience. */
const PASSING: ReadonlySet<Failure['kind']> = new Set(['throttled', 'unavailable']);
const MOST_TRIES = 5;
/** The longest rest that a command sits out. Milliseconds. */
const LONGEST_REST = 60_000;
const FIRST_REST = 500;

/** What a command waits by. */
export interface Patience {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Told of each failure that is sat out, and for how many milliseconds. */
  readonly onWait: (failure: Failure, delay: number) => void;
}

/** Resolves at `time` (`Clock.ticks`), or when `signal` aborts. */
const waitUntil = (time: number, clock: Clock, signal: AbortSignal): Promise<void> =>
  new Promise(resolve => {
    if (signal.aborted) return resolve();
    const aborted = (): void => {
      cancel();
      resolve();
    };
    const cancel = clock.after(Math.max(0, time - clock.ticks()), () => {
      signal.removeEventListener('abort', aborted);
      resolve();
    });
    signal.addEventListener('abort', aborted, {once: true});
  });

/**
 * Asks until the answer holds no failure that may pass by itself, a few times at the most. A command has no
 * next pass, as the controller does, so it sits out what the platform asks for, up to a minute.
 */
export const patiently = async <T>(
  ask: () => Promise<T>,
  failureOf: (answer: T) => Failure | undefined,
  {clock, onWait, signal}: Patience,
): Promise<T> => {
  for (let attempt = 1; ; attempt++) {
    const answer = await ask();
    const failure = failureOf(answer);
    if (!failure || !PASSING.has(failure.kind) || attempt === MOST_TRIES || signal.aborted) return answer;
    const retryAt = failure.retryAt ?? clock.ticks() + FIRST_REST * 2 ** attempt;
    if (retryAt - clock.ticks() > LONGEST_REST) return answer;
    onWait(failure, retryAt - clock.ticks());
    await waitUntil(retryAt, clock, signal);
  }
};
