import {createHash} from 'node:crypto';
import {join} from 'node:path';
import type {Logger} from 'pino';
import type {ReceiverConfig, SecretReference} from '../config/notifications.ts';
import type {Config} from '../config/schema.ts';
import type {Listener} from '../controller/events.ts';
import type {Standing} from '../controller/standing.ts';
import type {Finding} from '../domain/finding.ts';
import type {OpenStatus, StatusReport} from '../notify/commit-status.ts';
import {Courier, type CourierPorts, type Deliver} from '../notify/courier.ts';
import type {NewLetter} from '../notify/letters.ts';
import {Outbox} from '../notify/outbox.ts';
import {
  addressProblem,
  type ReadSecret,
  type Send,
  toGitHub,
  toSlack,
  toWebhook,
} from '../notify/receivers.ts';
import {StatusKeeper} from '../notify/status-keeper.ts';
import {Teller, type Told} from '../notify/teller.ts';
import type {Metrics} from '../observe/metrics.ts';
import {describeNetworkError} from '../platform/network-error.ts';
import {proxiesOf} from '../platform/proxy.ts';
import {askedRest} from '../platform/retry-after.ts';
import {createTransport} from '../platform/transport.ts';
import {systemClock, systemRandom} from '../system.ts';
import {sourceHome} from './locks.ts';
import {type Secrets, secretPlace, unreadable} from './secrets.ts';

/** How long a receiver may take for each part of a request. Milliseconds. */
const PATIENCE = 10_000;

export interface NotificationPorts {
  readonly config: Config;
  readonly env: NodeJS.ProcessEnv;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly secrets: Secrets;
  /** How a workspace stands; undefined where it is not worked on here. */
  readonly standing: (workspace: string) => Standing | undefined;
  /** What is found of one campaign; undefined where there is nothing to say. */
  readonly finding: (workspace: string, campaignId: string) => Finding | undefined;
  readonly report: () => Promise<StatusReport>;
  /** Whether this process is the one of the replicas that speaks for all of them. */
  readonly speaksForAll: () => boolean;
}

/** The notifications of a running controller. */
export interface Notifications {
  readonly hear: Listener;
  /** What keeps messages from being delivered, by receiver. */
  readonly troubles: () => readonly string[];
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 24);

/** One request to a receiver, whose address may be a secret: it is never said what it was. `ending` cuts it off. */
const sender =
  (env: NodeJS.ProcessEnv, ending: AbortSignal): Send =>
  async request => {
    const {origin} = new URL(request.url);
    const {close, transport} = createTransport({baseUrl: origin, proxies: proxiesOf(env), timeout: PATIENCE});
    const cut = (): void => void close();
    ending.addEventListener('abort', cut, {once: true});
    try {
      const {headers, status, text} = await transport(request);
      return {status, text, rest: askedRest(headers, systemClock.now())?.delay};
    } catch (error) {
      throw new Error(describeNetworkError(error, origin));
    } finally {
      ending.removeEventListener('abort', cut);
      await close();
    }
  };

const secretReader =
  (reference: SecretReference, secrets: Secrets): ReadSecret =>
  () => {
    const secret = secrets.read(reference);
    if (secret === undefined) throw new Error(`its secret cannot be read: ${unreadable(reference)}`);
    return secret;
  };

/** The same of a URL that is a secret, since whoever has it may write. */
const urlReader = (reference: SecretReference, secrets: Secrets): ReadSecret => {
  const read = secretReader(reference, secrets);
  return () => {
    const url = read();
    const problem = addressProblem(url);
    if (problem !== undefined) throw new Error(`${secretPlace(reference)} ${problem}`);
    return url;
  };
};

const deliverer = ({githubStatus, slack, webhook}: ReceiverConfig, secrets: Secrets, send: Send): Deliver => {
  if (webhook)
    return toWebhook(webhook.url, secretReader(webhook.secret, secrets), {
      digest,
      now: systemClock.now,
      send,
    });
  if (slack) return toSlack(urlReader(slack.webhookUrl, secrets), send);
  if (!githubStatus) throw new Error('a receiver is of no kind');
  return toGitHub({...githubStatus, token: secretReader(githubStatus.token, secrets)}, send);
};

const observer = (metrics: Metrics, log: Logger): CourierPorts['observer'] => ({
  ended: (receiver, result) => metrics.notified(receiver, result),
  trouble: (receiver, message) =>
    message === undefined
      ? log.info({receiver}, `notifications: ${receiver} takes messages again`)
      : log.warn({receiver}, `notifications: ${receiver} takes no message: ${message}; it is tried again`),
});

/** Messages go to whoever takes them; statuses of commits to whoever keeps those. */
const tellerOf = (ports: NotificationPorts, outbox: Outbox, couriers: readonly Courier[]): Teller =>
  new Teller({
    standing: ports.standing,
    finding: ports.finding,
    digest,
    now: systemClock.now,
    told: workspace => (outbox.recall(`told/${workspace}`) ?? {}) as Told,
    tell: (messages, workspace, told) => {
      const letters = couriers.flatMap(({receiver}) =>
        messages.map((message): NewLetter => ({receiver, key: message.key, body: message, at: message.at})),
      );
      outbox.put(letters, {[`told/${workspace}`]: told});
      for (const courier of couriers) courier.wake();
    },
  });

const keeperOf = (ports: NotificationPorts, outbox: Outbox, courier: Courier): StatusKeeper => {
  const {receiver} = courier;
  const key = `status/${receiver}`;
  return new StatusKeeper({
    clock: systemClock,
    report: ports.report,
    isMine: ports.speaksForAll,
    recall: () => outbox.recall(key) as OpenStatus | undefined,
    put: (letters, open) => {
      outbox.put(
        letters.map(letter => ({...letter, receiver})),
        {[key]: open},
      );
      courier.wake();
    },
  });
};

/** Tells whom the configuration names; it ends with what it is opened with. Undefined where nobody is named. */
export const openNotifications = (
  ports: NotificationPorts,
  opening: AsyncDisposableStack,
): Notifications | undefined => {
  const {config, env, log, metrics, secrets} = ports;
  const {notifications} = config;
  if (notifications.length === 0) return undefined;
  const outbox = new Outbox(
    join(sourceHome(config, env), 'outbox.sqlite'),
    message => log.warn(message),
    systemClock.ticks,
  );
  const ending = new AbortController();
  const send = sender(env, ending.signal);
  const observed = {outbox, clock: systemClock, random: systemRandom, observer: observer(metrics, log)};
  const couriers = notifications.map(
    receiver => new Courier(receiver.name, deliverer(receiver, secrets, send), observed),
  );
  const ofCommits = new Set(notifications.filter(one => one.githubStatus).map(({name}) => name));
  const told = couriers.filter(({receiver}) => !ofCommits.has(receiver));
  const teller = tellerOf(ports, outbox, told);
  const keepers = couriers
    .filter(({receiver}) => ofCommits.has(receiver))
    .map(courier => keeperOf(ports, outbox, courier));
  metrics.watchReceivers(notifications.map(({name}) => ({name, ...outboxOf(outbox, name)})));
  opening.defer(async () => {
    await Promise.all([...keepers, ...couriers].map(one => one.stop()));
    ending.abort();
    outbox.close();
  });
  for (const courier of couriers) courier.wake();
  return {
    hear: event => {
      if (told.length > 0) teller.hear(event);
      if (event.kind === 'revision-adopted') for (const keeper of keepers) keeper.adopted(event.revision);
    },
    troubles: () =>
      couriers.flatMap(({receiver, trouble}) => (trouble === undefined ? [] : [`${receiver}: ${trouble}`])),
  };
};

const outboxOf = (outbox: Outbox, receiver: string) => ({
  waiting: () => outbox.waiting(receiver),
  oldest: () => outbox.first(receiver)?.at,
});
