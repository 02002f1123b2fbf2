import {setTimeout as sleep} from 'node:timers/promises';
import type {Logger} from 'pino';
import type {Config} from '../config/schema.ts';
import type {HistoryPlace, HistoryQuery} from '../domain/history.ts';
import {errorText} from '../domain/text.ts';
import {readPage} from '../history/reader.ts';
import {createApp, createMetricsApp, HOOK} from '../http/app.ts';
import type {Fleet} from '../http/fleet.ts';
import {Gate} from '../http/gate.ts';
import {type Delivery, type DeliveryResult, type HookTarget, RELAYED} from '../http/hooks/git.ts';
import {startServer} from '../http/server.ts';
import type {ControllerView} from '../http/view.ts';
import {systemClock} from '../system.ts';
import {VERSION} from '../version.ts';
import {changesOf} from './changes.ts';
import type {Composed} from './compose.ts';
import type {Io} from './io.ts';
import {historyOptions} from './past/open.ts';
import {longSecret, type Secrets} from './secrets.ts';

/** What a controller's server is made with. */
export interface ServeOptions {
  readonly config: Config;
  readonly io: Io;
  readonly log: Logger;
  readonly secrets: Secrets;
}

/** How long another replica may take to hear of a push. Milliseconds. */
const PATIENCE = 2_000;
/** The headers of a delivery that others need to check it. */
const HANDED_ON = /^(?:x-(?!forwarded|real-ip)|webhook-|content-type$)/;

/** Hands a push on to the other replicas, as it was signed: each reads the source for itself. */
const relay = ({body, headers}: Delivery, fleet: (() => Fleet) | undefined): void => {
  const handed = new Headers([...headers].filter(([name]) => HANDED_ON.test(name)));
  handed.set(RELAYED, 'true');
  for (const {address} of fleet?.().others ?? []) {
    if (address === undefined) continue;
    const signal = AbortSignal.timeout(PATIENCE);
    fetch(new URL(HOOK, address), {method: 'POST', headers: handed, body, signal, redirect: 'error'}).catch(
      () => {
        // It reads the source at its interval all the same.
      },
    );
  }
};

type Last = {readonly at: number; readonly result: DeliveryResult};

/** Where pushes that are told by webhook go; undefined where none is configured. */
const hookOf = (
  {controller, fleet, metrics}: Composed,
  options: ServeOptions,
): (HookTarget & {readonly last: () => Last | undefined}) | undefined => {
  const {git} = options.config.source;
  if (!git?.webhook) return undefined;
  const {secretFile} = git.webhook;
  let last: Last | undefined;
  return {
    branch: git.branch,
    secret: longSecret(
      {file: secretFile, key: 'source.git.webhook.secretFile', without: 'no push is taken by webhook'},
      options,
    ),
    look: () => controller.look(),
    relay: delivery => relay(delivery, fleet),
    told: result => {
      last = {at: systemClock.now(), result};
      metrics.delivered(result);
    },
    last: () => last,
  };
};

const viewOf = (composed: Composed, options: ServeOptions): ControllerView => {
  const {controller, feed, fleet, metrics, source} = composed;
  const {file} = historyOptions(options.config, options.io.env);
  const hook = hookOf(composed, options);
  return {
    report: () => controller.report(),
    page: query => controller.campaigns.page(query),
    find: (workspace, campaignId) => controller.campaigns.find(workspace, campaignId),
    campaigns: controller.campaigns,
    intervals: () => controller.intervals,
    feed,
    ...changesOf(source, controller, options.config),
    now: systemClock.now,
    after: systemClock.after,
    notReady: () => controller.notReady(),
    history: (query: HistoryQuery, after: HistoryPlace | undefined, limit: number) =>
      readPage(file, query, after, limit),
    ...(fleet && {fleet}),
    ...(hook && {hook, webhook: hook.last}),
    metrics: async () => ({
      contentType: metrics.registry.contentType,
      text: await metrics.registry.metrics(),
    }),
  };
};

/** The token by which somebody may look, and replicas ask each other; undefined where there is none to go by. */
const tokenOf = (options: ServeOptions): (() => string | undefined) => {
  const file = options.config.http.auth?.tokenFile;
  return file === undefined
    ? () => undefined
    : longSecret({file, key: 'http.auth.tokenFile', without: 'nobody is let in by a token'}, options);
};

const gateOf = (options: ServeOptions): Gate | undefined => {
  const {auth} = options.config.http;
  return auth && new Gate({token: tokenOf(options), proxy: auth.proxy, now: systemClock.now, wait: sleep});
};

/** What a controller shows, on its ports. */
export interface Served {
  readonly url: string;
  /** Where metrics and probes are. */
  readonly metricsUrl: string;
  readonly close: () => Promise<void>;
}

/** Serves what a controller shows, and where pushes are told. */
export const serve = async (composed: Composed, options: ServeOptions): Promise<Served> => {
  const {config, log} = options;
  const {basePath, host, hosts, metricsPort, port} = config.http;
  const onError = (error: unknown): void => {
    const stack = error instanceof Error ? error.stack : undefined;
    log.error({stack}, `an unexpected error, a fault of Rollcall’s own, in an answer: ${errorText(error)}`);
  };
  const isWithoutMetrics = metricsPort !== undefined;
  const view = viewOf(composed, options);
  const app = createApp(view, {
    onError,
    hosts,
    isWithoutMetrics,
    version: VERSION,
    gate: gateOf(options),
    ...(basePath !== undefined && {basePath}),
  });
  const main = await startServer(app, {host, port});
  if (!isWithoutMetrics) return {...main, metricsUrl: main.url};
  const metrics = await startServer(createMetricsApp(view, {onError}), {host, port: metricsPort}).catch(
    async (error: unknown) => {
      await main.close();
      throw error;
    },
  );
  return {
    url: main.url,
    metricsUrl: metrics.url,
    close: async () => void (await Promise.all([main.close(), metrics.close()])),
  };
};
