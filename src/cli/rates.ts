import {createHash} from 'node:crypto';
import {defaultCache} from '../config/cache.ts';
import type {Config, WorkspaceConfig} from '../config/schema.ts';
import type {Pace} from '../domain/lead.ts';
import {errorText} from '../domain/text.ts';
import {RateFile} from '../platform/ledger.ts';
import type {QueueDependencies, QueueSettings, Rate} from '../platform/queue.ts';
import {SlidingWindow} from '../platform/window.ts';
import {systemClock} from '../system.ts';

/** Whose share of the rate it is. */
export type Share = 'controller' | 'command';

/** A command may take one in so many, where the configuration says nothing. */
const COMMANDS_SHARE = 5;

/** What of a workspace's rate this process may take; the built-in simulator counts for nobody else. */
const rateFor = ({rate}: WorkspaceConfig, share: Share | undefined): Rate => {
  const {commands, per, requests, reserve} = rate;
  if (share === undefined) return {requests, per};
  const mine =
    share === 'controller'
      ? requests - reserve
      : (commands ?? Math.max(1, Math.floor(requests / COMMANDS_SHARE)));
  return {requests: mine, per};
};

/** How fast a controller sends to a workspace. */
export const paceOf = ({rate: {per, requests, reserve}}: WorkspaceConfig): Pace => ({
  slots: requests - reserve,
  window: per,
});

/** What a rate belongs to: the same in every process that reaches the same workspace, or group of them. */
export const rateName = (baseUrl: string, {orgId, rateGroup, workspaceId}: WorkspaceConfig): string =>
  createHash('sha256')
    .update(JSON.stringify(rateGroup === undefined ? [baseUrl, orgId, workspaceId] : [baseUrl, rateGroup]))
    .digest('hex');

/** The windows of all rates, which outlive a workspace's configuration; and the file that other processes share. */
export class Rates {
  readonly #windows = new Map<string, SlidingWindow>();
  readonly #file: RateFile | undefined;
  readonly #share: Share | undefined;

  constructor(share: Share | undefined, file: RateFile | undefined) {
    this.#share = share;
    this.#file = file;
  }

  /** The settings of a queue that follow from the rate. */
  settings(workspace: WorkspaceConfig): Pick<QueueSettings, 'rate' | 'total'> {
    const {per, requests} = workspace.rate;
    return {rate: rateFor(workspace, this.#share), total: {requests, per}};
  }

  /** A controller that starts on a workspace takes the window for full: of what was sent before it, from wherever, it knows nothing. */
  windows(name: string, workspace: WorkspaceConfig): Pick<QueueDependencies, 'window' | 'ledger'> {
    const {rate, total = rate} = this.settings(workspace);
    const window = this.#windows.get(name) ?? new SlidingWindow(rate.requests, rate.per);
    this.#windows.set(name, window);
    window.resize(rate.requests, rate.per, systemClock.ticks());
    if (this.#share === 'controller') window.fill(systemClock.ticks());
    return {window, ...(this.#file && {ledger: this.#file.ledger(name, total)})};
  }
}

/** The file of rates; without it the rate is not shared, which is told once. */
export const openRates = (
  {platform, source}: Config,
  {
    env,
    onTrouble = () => {},
    share,
  }: {env: NodeJS.ProcessEnv; onTrouble?: (message: string) => void; share: Share},
  opening: AsyncDisposableStack,
): Rates => {
  let told = false;
  const tell = (error: unknown): void => {
    if (!told) onTrouble(`the rate is not shared with other processes of this machine: ${errorText(error)}`);
    told = true;
  };
  try {
    const file = new RateFile(source.git?.cacheDirectory ?? defaultCache(env), platform.timeout, tell);
    opening.defer(() => file.close());
    return new Rates(share, file);
  } catch (error) {
    tell(error);
    return new Rates(share, undefined);
  }
};

/** Workspaces that one key serves, where nothing says whether the platform counts their requests together. */
export const unclearRates = ({workspaces}: Config): string[] => {
  const byKey = Map.groupBy(
    workspaces.filter(({apiKey, rateGroup}) => apiKey && rateGroup === undefined),
    ({apiKey}) => JSON.stringify(apiKey),
  );
  return [...byKey.values()]
    .filter(({length}) => length > 1)
    .map(group => {
      const names = group.map(({name}) => name).join(', ');
      return `the workspaces ${names} have one API key: where the platform counts their requests together, give each the same rateGroup`;
    });
};
