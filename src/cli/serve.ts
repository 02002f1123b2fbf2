import type {Logger} from 'pino';
import type {Config} from '../config/schema.ts';
import type {HistoryPlace, HistoryQuery} from '../domain/history.ts';
import {errorText} from '../domain/text.ts';
import {readPage} from '../history/reader.ts';
import type {Fleet} from '../http/fleet.ts';
import {type Delivery, type DeliveryResult, type HookTarget, RELAYED} from '../http/hooks/git.ts';
import {type ControllerView, createApp, HOOK, startServer} from '../http/server.ts';
import {systemClock} from '../system.ts';
import type {Composed} from './compose.ts';
import type {Io} from './io.ts';
import {historyOptions} from './past/open.ts';
import type {Secrets} from './secrets.ts';

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
  {config, log, secrets}: ServeOptions,
): (HookTarget & {readonly last: () => Last | undefined}) | undefined => {
  const {git} = config.source;
  if (!git?.webhook) return undefined;
  const {secretFile} = git.webhook;
  let last: Last | undefined;
  return {
    branch: git.branch,
    secret: () => {
      const secret = secrets.read({file: secretFile});
      if (secret === undefined)
        log.error(
          `the secret of the webhook cannot be read: the file ${secretFile} is not there, or is empty`,
        );
      return secret;
    },
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
  const {controller, fleet, metrics} = composed;
  const {file} = historyOptions(options.config, options.io.env);
  const hook = hookOf(composed, options);
  return {
    report: () => controller.report(),
    page: controller.campaigns.page.bind(controller.campaigns),
    find: controller.campaigns.find.bind(controller.campaigns),
    campaigns: controller.campaigns,
    now: systemClock.now,
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

/** Serves what a controller shows, and where pushes are told. */
export const serve = (composed: Composed, options: ServeOptions) => {
  const {config, log} = options;
  const onError = (error: unknown): void => {
    const stack = error instanceof Error ? error.stack : undefined;
    log.error({stack}, `an unexpected error, a fault of Rollcall’s own, in an answer: ${errorText(error)}`);
  };
  return startServer(createApp(viewOf(composed, options), onError, config.http.hosts), config.http);
};
