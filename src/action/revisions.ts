import {readFileSync} from 'node:fs';
import {relative, resolve, sep} from 'node:path';
import {type LoadedConfig, loadConfig} from '../config/load.ts';
import type {Checkout} from '../source/git/checkout.ts';
import type {ActionContext} from './context.ts';

/** Something that a person must mend before the action can do its work, in words for them. */
export class ActionError extends Error {}

const NOT_THE_MERGE =
  'the commit that is checked out is not the merge of this pull request, so that what it brings cannot be told: ' +
  'run on pull_request, leave the ref of actions/checkout as it is, and give it fetch-depth: 0';

/**
 * The commit that the change is compared with: for a pull request the side of its merge that it is merged into.
 * Undefined where there is nothing to compare with, as after a push.
 */
export const findBase = async (
  checkout: Checkout,
  {mergeGroup, pullRequest}: ActionContext,
  given: string | undefined,
): Promise<string | undefined> => {
  if (given) return checkout.resolve(given);
  if (mergeGroup) return checkout.resolve(mergeGroup.baseSha);
  if (!pullRequest) return undefined;
  const [into, from] = await checkout.parents(await checkout.resolve('HEAD'));
  if (into === undefined || from !== pullRequest.headSha) throw new ActionError(NOT_THE_MERGE);
  return into;
};

/** The configuration, and how it relates to the one that the change would bring. */
export interface FoundConfig {
  readonly loaded: LoadedConfig;
  /** `base`: the base's, as it should be; `changed`: the base's, and the change has another; `new`: the change's. */
  readonly from: 'disk' | 'base' | 'changed' | 'new';
}

const onDisk = (file: string): Uint8Array | undefined => {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
};

/**
 * Loads the configuration from the base, not from the change: it says where the keys are sent, and whoever may
 * open a pull request must not be able to send them elsewhere.
 */
export const findConfig = async (
  checkout: Checkout,
  base: string | undefined,
  file: string,
  env: NodeJS.ProcessEnv,
): Promise<FoundConfig> => {
  if (base === undefined) return {loaded: loadConfig(file, [], env), from: 'disk'};
  const path = relative(checkout.top ?? '.', resolve(file))
    .split(sep)
    .join('/');
  const [before, now] = [await checkout.file(base, path), onDisk(file)];
  if (before === undefined) return {loaded: loadConfig(file, [], env), from: 'new'};
  const same = now !== undefined && Buffer.compare(before, now) === 0;
  return {loaded: loadConfig(file, [], env, () => before), from: same ? 'base' : 'changed'};
};
