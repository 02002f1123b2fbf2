/** What the core costs at a thousand campaigns and at a hundred thousand: its share of the tables of `npm run bench`. */
import {fileOf, type Opened, open} from './memory.ts';
import {addRow, median} from './rows.ts';

const NEVER = new AbortController().signal;
const REPEATS = 7;

/** From one changed file to its action answered: the pass only, since a pause waits for no poll. */
const oneChange = async ({adopt, workspace}: Opened, round: number): Promise<number> => {
  const startedAt = performance.now();
  await adopt([fileOf(7, round % 2 === 0 ? 'paused' : 'active')]);
  if (round % 2 === 1) await workspace.poll(NEVER);
  await workspace.pass(NEVER);
  return performance.now() - startedAt;
};

/** Prints how the core's costs grow from a thousand campaigns to a hundred thousand. */
export const benchCore = async (): Promise<void> => {
  const [few, many] = [await open(1_000), await open(100_000)];
  const times: [number[], number[]] = [[], []];
  for (let round = 0; round < 2 * REPEATS; round++) {
    const pair = [await oneChange(few, round), await oneChange(many, round)] as const;
    if (round % 2 === 0) for (const side of [0, 1] as const) times[side].push(pair[side]);
  }
  const [one, hundred] = [median(times[0]), median(times[1])];
  addRow({
    id: 'B2',
    work: `one changed declaration to its pause, among 100000 in memory (${hundred.toFixed(2)} ms)`,
    against: 'among 1000',
    ratio: hundred / one,
    goal: '1.2',
  });
  const settled = many.workspace.store.settled;
  const requests = many.wire.requests;
  await many.workspace.poll(NEVER);
  addRow({
    id: 'B6',
    work: `a quiet poll of 100000 campaigns, ${many.workspace.store.settled - settled} of them settled`,
    against: 'one request',
    ratio: many.wire.requests - requests,
    goal: '1.05',
  });
};
