/** What must hold between the items of a list, whatever else is wrong with one of them. */
import type {z} from 'zod';

/** What is known of an item of a list, something else of which may be wrong. */
export type Partly<T> = {readonly [K in keyof T]?: unknown} | undefined;

/** No two items have one name. */
export const unique = (items: readonly Partly<{name: string}>[], context: z.RefinementCtx): void => {
  const seen = new Set<unknown>();
  for (const [index, item] of items.entries()) {
    const name = item?.name;
    if (typeof name !== 'string') continue;
    if (seen.has(name))
      context.addIssue({code: 'custom', path: [index, 'name'], message: `${name} is used twice`});
    seen.add(name);
  }
};

interface Placed {
  readonly name: string;
  readonly orgId: string;
  readonly workspaceId: string;
  readonly rate: unknown;
  readonly rateGroup?: string | undefined;
}

/** One workspace of the platform has one name: under two, one controller would act against itself. */
export const placedOnce = (items: readonly Partly<Placed>[], context: z.RefinementCtx): void => {
  const seen = new Map<string, unknown>();
  for (const [index, item] of items.entries()) {
    const {name, orgId, workspaceId} = item ?? {};
    if (![name, orgId, workspaceId].every(text => typeof text === 'string')) continue;
    const key = JSON.stringify([orgId, workspaceId]);
    const other = seen.get(key);
    const message = `is the workspace ${other} already: one workspace of the platform has one name`;
    if (other !== undefined) context.addIssue({code: 'custom', path: [index, 'workspaceId'], message});
    else seen.set(key, name);
  }
};

/** Workspaces of one group share one rate, so that each names the same. */
export const sameRateInGroup = (items: readonly Placed[], context: z.RefinementCtx): void => {
  const seen = new Map<string, string>();
  for (const [index, {rate: given, rateGroup}] of items.entries()) {
    if (rateGroup === undefined) continue;
    const text = JSON.stringify(given);
    const message = `must be the same for every workspace of the group ${rateGroup}`;
    if ((seen.get(rateGroup) ?? text) !== text)
      context.addIssue({code: 'custom', path: [index, 'rate'], message});
    seen.set(rateGroup, seen.get(rateGroup) ?? text);
  }
};
