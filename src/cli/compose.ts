import type {Config, LeaderElectionConfig} from '../config/schema.ts';
import {Controller} from '../controller/controller.ts';
import {type Listener, listenAll} from '../controller/events.ts';
import type {DeclarationSource} from '../controller/ports.ts';
import type {Diagnostic} from '../domain/diagnostic.ts';
import type {Finding} from '../domain/finding.ts';
import {errorText} from '../domain/text.ts';
import {type CampaignView, campaignView} from '../domain/view.ts';
import {Feed} from '../http/feed.ts';
import type {Fleet} from '../http/fleet.ts';
import {ticketFor} from '../http/ticket.ts';
import type {Elector} from '../leader/elector.ts';
import {logListener} from '../observe/log.ts';
import {Metrics} from '../observe/metrics.ts';
import {OPERATIONS} from '../platform/refusal.ts';
import {DirectorySource} from '../source/directory.ts';
import {GitSource} from '../source/git/source.ts';
import {systemClock, systemRandom} from '../system.ts';
import {VERSION} from '../version.ts';
import {companions, type Later} from './companions.ts';
import type {ComposeOptions} from './compose-options.ts';
import {fleetOf, leadBy, openElector} from './leases.ts';
import {pastBy} from './past/known.ts';
import {composePlatform} from './platform.ts';
import {Arrangement, electionOf, namesOf, Workspaces} from './workspaces.ts';

/** A controller with everything that it needs, wired up but not started. */
export interface Composed {
  readonly controller: Controller;
  readonly metrics: Metrics;
  readonly source: DeclarationSource;
  /** What changes, as it happens. */
  readonly feed: Feed;
  /** Where the platform is. */
  readonly platformUrl: string;
  viewOf(finding: Finding): CampaignView;
  /** The replicas; undefined where this process is the only one. */
  fleet?(): Fleet;
  /** Starts the controller, and taking leases where there are some. */
  start(): Promise<void>;
  /** Takes up nothing new; resolves when what was in flight has ended, and every lease is given back. */
  stop(): Promise<void>;
  /** Takes into force what a new configuration changes, of what can change while the controller runs. */
  reconfigure(config: Config): Promise<void>;
  close(): Promise<void>;
}

/** The source of declarations that a configuration names. */
export const createSource = ({
  cacheDirectory,
  config,
  secrets,
}: Pick<ComposeOptions, 'cacheDirectory' | 'config' | 'secrets'>): DeclarationSource => {
  const workspaces = new Set(namesOf(config));
  const {directory, git} = config.source;
  if (directory) return new DirectorySource({...directory, workspaces, now: systemClock.now});
  if (!git) throw new Error('the configuration has no source');
  const {auth, branch, caFile, path, timeout, url, verify} = git;
  const password = auth && 'passwordFile' in auth ? auth.passwordFile : undefined;
  return new GitSource({
    url,
    path,
    timeout,
    cacheDirectory: cacheDirectory ?? git.cacheDirectory ?? '',
    workspaces,
    secrets: () => {
      if (password !== undefined) secrets.read({file: password});
      return secrets.known;
    },
    ...(branch !== undefined && {branch}),
    ...(caFile !== undefined && {caFile}),
    ...(verify && {verify}),
    ...(auth && {auth: 'sshKeyFile' in auth ? {kind: 'ssh', ...auth} : {kind: 'password', ...auth}}),
  });
};

const listenerOf = (metrics: Metrics, others: readonly Listener[], {log}: ComposeOptions): Listener =>
  listenAll([event => metrics.hear(event), logListener(log), ...others], error =>
    log.error(`an unexpected error, a fault of Rollcall’s own, in a listener: ${errorText(error)}`),
  );

/** A replica leads nothing before it has read a revision: another one has perhaps, and goes on by it. */
const takingPart =
  (elector: Elector | undefined): Listener =>
  ({kind}) => {
    if (kind === 'revision-adopted') elector?.takePart();
  };

/** A replica gives its leases back last: until then nobody else begins what it may still be at. */
const lifeOf = (controller: Controller, elector: Elector | undefined): Pick<Composed, 'start' | 'stop'> => ({
  start: async () => {
    await controller.start();
    elector?.start();
  },
  stop: async () => {
    await elector?.withdraw();
    await controller.stop();
    await elector?.release();
  },
});

const fleetBy =
  (elector: Elector, election: LeaderElectionConfig, {config, secrets}: ComposeOptions) =>
  (): Fleet => {
    const {tokenFile: file} = config.http.auth ?? {};
    const authorize = (url: URL): string | undefined => {
      const token = file === undefined ? undefined : secrets.read({file});
      return token && ticketFor(token, url, systemClock.now());
    };
    return {...fleetOf(elector, election, config.workspaces), authorize};
  };

const wire = async (
  options: ComposeOptions,
  opening: AsyncDisposableStack,
): Promise<Composed | {diagnostics: readonly Diagnostic[]}> => {
  const {config, log, secrets} = options;
  const leaderElection = electionOf(options);
  const metrics = new Metrics(VERSION, leaderElection ? [] : namesOf(config), OPERATIONS, systemClock.now);
  let arrangement: Arrangement | undefined;
  const onHeld = async (leases: ReadonlySet<string>): Promise<void> =>
    arrangement?.change(workspaces => workspaces.hold(leases));
  const elector = leaderElection && openElector(config, leaderElection, {...options, onHeld}, opening);
  const platform = await composePlatform(config, secrets, {
    ...options,
    observe: name => metrics.platform(name),
    onTrouble: message => log.error(message),
    ...(elector && {lead: leadBy(elector, leaderElection)}),
  });
  if ('diagnostics' in platform) return platform;
  opening.defer(platform.close);
  const later: Later = {};
  const {listeners, undelivered} = companions(options, metrics, {elector, later, opening});
  const feed = new Feed();
  const listener = listenerOf(metrics, [feed.hear, ...listeners, takingPart(elector)], options);
  const workspaces = new Workspaces({...options, past: pastBy(options)}, platform, listener);
  const source = createSource(options);
  const ports = {clock: systemClock, random: systemRandom, listener};
  const controller = new Controller({...ports, source, settings: workspaces.settings, undelivered});
  const fleet = elector && fleetBy(elector, leaderElection, options);
  Object.assign(later, {controller, workspaces, ...(fleet && {fleet})});
  arrangement = new Arrangement(workspaces, controller, metrics);
  metrics.watch(controller, () => fleet?.().unled ?? []);
  if (elector) metrics.watchLeases(elector);
  const outcomeOf = ({campaignId, workspace}: Finding) =>
    workspaces.find(workspace)?.store.find(campaignId)?.lastOutcome;
  return {
    controller,
    metrics,
    source,
    feed,
    platformUrl: platform.url,
    viewOf: finding => campaignView(finding, outcomeOf(finding)),
    reconfigure: async next => arrangement?.change(all => all.follow(next)),
    ...lifeOf(controller, elector),
    ...(fleet && {fleet}),
    close: () => opening.disposeAsync(),
  };
};

/**
 * Wires the parts together as the configuration says, and starts the built-in simulator where it asks for
 * it. Diagnostics come back where the simulator's scenario is wrong. Whatever was opened is closed again where the rest
 * cannot be had.
 */
export const compose = async (
  options: ComposeOptions,
): Promise<Composed | {diagnostics: readonly Diagnostic[]}> => {
  const opening = new AsyncDisposableStack();
  try {
    const composed = await wire(options, opening);
    if ('diagnostics' in composed) await opening.disposeAsync();
    return composed;
  } catch (error) {
    await opening.disposeAsync();
    throw error;
  }
};
