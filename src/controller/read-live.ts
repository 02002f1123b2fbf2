import {LiveView} from './live-view.ts';
import {type Patience, patiently} from './patiently.ts';
import type {Failure, LiveReading, Platform} from './ports.ts';

/** What kept a poll from being whole, and may pass. */
const unansweredIn = ({failure, unanswered}: LiveReading): Failure | undefined => {
  const [message] = unanswered.values();
  return failure ?? (message === undefined ? undefined : {kind: 'unavailable', message});
};

/**
 * Reads the live campaigns of a workspace until every declared one has been told. A poll asks for some of those
 * that the lists lack, and for others the next time.
 */
export const readLive = async (
  platform: Platform,
  declared: ReadonlySet<string>,
  patience: Patience,
): Promise<{view: LiveView; failure: Failure | undefined; unusable: readonly string[]}> => {
  const view = new LiveView();
  const unusable = new Set<string>();
  for (;;) {
    const before = view.untold(declared);
    const poll = (): Promise<LiveReading> => platform.poll(view.knowledge(declared), patience.signal);
    const reading = await patiently(poll, unansweredIn, patience);
    view.merge(reading);
    for (const problem of reading.unusable) unusable.add(problem);
    const left = view.untold(declared);
    if (reading.failure || left === 0 || left === before)
      return {view, failure: reading.failure, unusable: [...unusable]};
  }
};
