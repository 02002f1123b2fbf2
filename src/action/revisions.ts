import {existsSync, readFileSync, realpathSync} from 'node:fs';
import {basename, dirname, isAbsolute, join, relative, resolve, sep} from 'node:path';
import {type LoadedConfig, loadConfig} from '../config/load.ts';
import type {Config} from '../config/schema.ts';
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
  const [into, from] = await checkout.parents(await checkout.resolve('HEAD'));
  if (pullRequest && (into === undefined || from !== pullRequest.headSha))
    throw new ActionError(NOT_THE_MERGE);
  if (given) return checkout.resolve(given);
  return pullRequest ? into : mergeGroup && checkout.resolve(mergeGroup.baseSha);
};

/** The configuration, and how it relates to the one that the change would bring. */
export interface FoundConfig {
  readonly loaded: LoadedConfig;
  /**
   * `trusted`: the base's, or one that no change can reach; `changed`: the base's, and the change has another;
   * `new`: the change's own, since the base has none.
   */
  readonly from: 'trusted' | 'changed' | 'new';
}

const onDisk = (file: string): Uint8Array | undefined => {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
};

const isSame = (a: Uint8Array | undefined, b: Uint8Array | undefined): boolean =>
  a !== undefined && b !== undefined && Buffer.compare(a, b) === 0;

/** A path without symbolic links in its folders, as far as they exist. */
const realPath = (file: string): string => {
  const folder = dirname(resolve(file));
  return existsSync(folder) ? join(realpathSync(folder), basename(file)) : resolve(file);
};

/** A path by its way from the top of the checkout; undefined where it leads out of it. */
const inside = (checkout: Checkout, file: string): string | undefined => {
  const path = relative(realpathSync(checkout.top ?? '.'), realPath(file))
    .split(sep)
    .join('/');
  return path.startsWith('../') || isAbsolute(path) ? undefined : path;
};

/** The files that the configuration names and that decide to whom a key is given, or which one. */
const trustedFiles = ({platform, workspaces}: Config): string[] => [
  ...(platform.caFile === undefined ? [] : [platform.caFile]),
  ...workspaces.flatMap(({apiKey}) => (apiKey && 'file' in apiKey ? [apiKey.file] : [])),
];

/** Refuses a change of a file, beside the configuration, that decides to whom a key is given. */
const assertUntouched = async (checkout: Checkout, base: string, config: Config): Promise<void> => {
  for (const file of trustedFiles(config)) {
    const path = inside(checkout, file);
    if (path === undefined || isSame(await checkout.file(base, path), onDisk(file))) continue;
    throw new ActionError(
      `${path}, which the configuration names, is not what it is at the base: it decides to whom a key is given`,
    );
  }
};

const trusted = (loaded: LoadedConfig): FoundConfig => ({loaded, from: 'trusted'});

/**
 * Loads the configuration from the base, not from the change: it says where the keys are sent, and whoever may
 * open a pull request must not be able to send them elsewhere. One outside the checkout no change can reach.
 */
export const findConfig = async (
  checkout: Checkout,
  base: string | undefined,
  file: string,
  env: NodeJS.ProcessEnv,
): Promise<FoundConfig> => {
  if (base === undefined) return trusted(loadConfig(file, [], env));
  const path = inside(checkout, file);
  const before = path === undefined ? undefined : await checkout.file(base, path);
  if (path !== undefined && before === undefined) return {loaded: loadConfig(file, [], env), from: 'new'};
  const loaded = before ? loadConfig(file, [], env, () => before) : loadConfig(file, [], env);
  if ('config' in loaded) await assertUntouched(checkout, base, loaded.config);
  return path === undefined || isSame(before, onDisk(file)) ? trusted(loaded) : {loaded, from: 'changed'};
};

const byName = ({workspaces}: Config) => new Map(workspaces.map(workspace => [workspace.name, workspace]));

/** What a change of the configuration means for campaigns, as far as it can be told. Reads no key. */
export const configChanges = (before: Config, file: string, env: NodeJS.ProcessEnv): string[] => {
  const loaded = loadConfig(file, [], env);
  if ('diagnostics' in loaded) return ['the new configuration is not valid'];
  const [old, now] = [byName(before), byName(loaded.config)];
  const named = [...new Set([...old.keys(), ...now.keys()])];
  return named.flatMap(name => {
    const [was, is] = [old.get(name), now.get(name)];
    if (!was) return [`workspace ${name} is new`];
    if (!is) return [`workspace ${name} is gone`];
    return was.mode === is.mode ? [] : [`workspace ${name}: mode ${was.mode} → ${is.mode}`];
  });
};
