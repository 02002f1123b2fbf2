import {setImmediate as turn} from 'node:timers/promises';
import {yaml} from './fixtures.ts';
import {simulated, type World} from './world.ts';

/** One file a campaign, by its id and the status that it should have. */
export const filesOf = (wanted: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(wanted).map(([id, desired]) => [
      `${id}.yaml`,
      yaml({
        name: id,
        campaignId: id,
        desired,
        ...(desired === 'cancelled' && {extra: `confirmCancel: ${id}`}),
      }),
    ]),
  );

/** So many campaigns, from c00000 on. */
export const many = (number: number, status: string) =>
  Array.from({length: number}, (_, i) => simulated(`c${String(i).padStart(5, '0')}`, status));

/** The same desired status for each of them. */
export const all = (
  campaigns: readonly {readonly campaignId: string}[],
  desired: string,
): Record<string, string> => Object.fromEntries(campaigns.map(({campaignId}) => [campaignId, desired]));

/** Lets long work take its slices, with virtual time between them. */
export const passInSlices = async (world: World, milliseconds: number): Promise<void> => {
  for (let i = 0; i < 50; i++) {
    for (let j = 0; j < 10; j++) await turn();
    await world.pass(milliseconds / 50);
  }
};
