import type {Logger} from 'pino';
import type {Config} from '../config/schema.ts';
import {aborted} from '../controller/aborted.ts';
import type {Controller} from '../controller/controller.ts';
import type {Listener} from '../controller/events.ts';
import {EMPTY_REVISION, stoppedIn} from '../domain/condition.ts';
import {CAMPAIGN_STATES, gravestEnding} from '../domain/states.ts';
import {summaryOf, summaryText} from '../domain/tally.ts';
import {createLogger} from '../observe/logger.ts';
import {systemClock} from '../system.ts';
import {type Composed, compose} from './compose.ts';
import {type ConfigFlags, printDiagnostics, withConfigured} from './configured.ts';
import {EXIT, type ExitCode, type Io, print, readerOf, wantsColour, widthOf} from './io.ts';
import {lockSource} from './locks.ts';
import {whyNotStarted} from './not-listening.ts';
import {patienceOf} from './patience.ts';
import {createProgress} from './progress.ts';
import {unclearRates} from './rates.ts';
import {Reloader} from './reload.ts';
import {campaignTable} from './render.ts';
import {say} from './say.ts';
import {Secrets} from './secrets.ts';
import {serve} from './serve.ts';

/** How long what is in flight may take to end after the signal. Milliseconds. */
const GRACE = 10_000;

export interface RunFlags extends ConfigFlags {
  readonly once?: boolean;
  readonly dryRun?: boolean;
}

/** What a run is made with, all through. */
interface Setting {
  readonly config: Config;
  readonly digest: string;
  readonly flags: RunFlags;
  readonly log: Logger;
  readonly secrets: Secrets;
  readonly io: Io;
}

const printTable = (controller: Controller, io: Io): void => {
  const findings = [...controller.campaigns.findings()];
  const style = {
    colour: wantsColour(io.stdout, io.env),
    reader: readerOf(io, systemClock.now()),
    width: widthOf(io.stdout),
  };
  print(io.stdout, `\n${campaignTable(findings, style)}`);
  print(io.stdout, `${summaryText(summaryOf(findings))}\n`);
};

/** Once every workspace has ended its first pass, `callback` is called, and never again. */
const afterFirstPass = (controller: () => Controller | undefined, callback: () => void): Listener => {
  let over = false;
  return ({kind}) => {
    if (over || kind !== 'pass-ended' || controller()?.notReady().length !== 0) return;
    over = true;
    callback();
  };
};

const onceResult = (controller: Controller): ExitCode => {
  const {conditions, diagnostics, summary} = controller.report();
  if (stoppedIn(conditions).some(({reason}) => reason === EMPTY_REVISION)) return EXIT.guarded;
  if (!controller.revision || controller.troubles.length > 0) return EXIT.failed;
  const invalid = diagnostics.some(one => 'file' in one);
  const present = CAMPAIGN_STATES.filter(state => summary[state]);
  return EXIT[gravestEnding(present, invalid ? 'invalid' : 'ok')];
};

const runOnce = async ({controller}: Composed, {io}: Setting): Promise<ExitCode> => {
  io.stopping.addEventListener('abort', () => void controller.stop(), {once: true});
  await controller.once(patienceOf(io, createProgress(io, systemClock.ticks)).onWait);
  const isNothing = controller.troubles.length > 0 && !controller.campaigns.findings().some(() => true);
  if (!isNothing) printTable(controller, io);
  for (const {message} of controller.troubles) say(io, `rollcall: ${message}`);
  const {conditions} = controller.report();
  const ready = conditions.find(({type}) => type === 'Ready');
  if (ready && ready.status !== 'True' && controller.troubles.length === 0)
    say(io, `${ready.reason}: ${ready.message}`);
  for (const {message, reason} of stoppedIn(conditions))
    if (reason !== EMPTY_REVISION && reason !== ready?.reason) say(io, `${reason}: ${message}`);
  return onceResult(controller);
};

const withinGrace = async (work: Promise<void>, log: Logger): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>(resolve => {
    timer = setTimeout(() => {
      log.warn(
        `what was in flight did not end within ${GRACE / 1000} s; its result is read anew at the next start`,
      );
      resolve();
    }, GRACE);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
};

const runUntilStopped = async (composed: Composed, setting: Setting): Promise<ExitCode> => {
  const {config, flags, io, log} = setting;
  const {platformUrl} = composed;
  const server = await serve(composed, setting);
  const running = new AsyncDisposableStack();
  running.defer(server.close);
  try {
    const page = `${server.url}${config.http.basePath ?? ''}/`;
    const metrics = `${server.metricsUrl}/metrics`;
    log.info({page, metrics}, `page at ${page}, metrics at ${metrics}`);
    log.info(`platform at ${platformUrl}${config.platform.simulator ? ' (the built-in simulator)' : ''}`);
    running.defer(() => withinGrace(composed.stop(), log));
    running.defer(await new Reloader(setting, {composed, flags, io, log}).follow());
    await composed.start();
    await aborted(io.stopping);
    log.info('stopping: no new work; what is in flight may end');
  } finally {
    await running.disposeAsync();
  }
  log.info('stopped');
  return EXIT.ok;
};

const runComposed = async (composed: Composed, setting: Setting): Promise<ExitCode> => {
  try {
    return setting.flags.once ? await runOnce(composed, setting) : await runUntilStopped(composed, setting);
  } finally {
    await composed.close();
  }
};

/** What would have two processes act on one workspace. Throws, saying what to do. */
const assertAlone = ({leaderElection}: Config, {once}: RunFlags, env: NodeJS.ProcessEnv): void => {
  if (leaderElection && once)
    throw new Error(
      'run --once holds no lease, and this configuration has leaderElection: replicas may act at the same time. Use plan or get to look, or a configuration without leaderElection',
    );
  const replicas = Number(env['ROLLCALL_REPLICAS'] ?? 1);
  if (replicas > 1 && !leaderElection)
    throw new Error(
      `${replicas} replicas are to run (ROLLCALL_REPLICAS), and without leaderElection each would act on every workspace: configure leaderElection, or run one`,
    );
};

const runWith = async (setting: Setting): Promise<ExitCode> => {
  const {config, flags, io, log, secrets} = setting;
  assertAlone(config, flags, io.env);
  let controller: Controller | undefined;
  const table = (): void => void (controller && printTable(controller, io));
  const listener = afterFirstPass(() => controller, table);
  const dryRun = flags.dryRun ?? false;
  const lock = lockSource(config, io.env);
  try {
    const share = 'controller' as const;
    const options = {config, env: io.env, log, secrets, dryRun, share, ...(!flags.once && {listener})};
    const composed = await compose(options);
    if ('diagnostics' in composed) {
      printDiagnostics(composed.diagnostics, io);
      return EXIT.failed;
    }
    controller = composed.controller;
    for (const message of unclearRates(config)) log.warn(message);
    return await runComposed(composed, setting);
  } finally {
    lock.release();
  }
};

/** `rollcall run`: the controller, until it is told to stop; or with `--once` one pass. */
export const run = (flags: RunFlags, io: Io): Promise<ExitCode> =>
  withConfigured(flags, io, async (config, digest) => {
    const secrets = new Secrets(io.env);
    const log = createLogger({
      level: config.log.level,
      destination: io.stderr,
      colour: wantsColour(io.stderr, io.env),
      secrets: () => secrets.known,
      reader: () => readerOf(io, systemClock.now()),
    });
    try {
      return await runWith({config, digest, flags, log, secrets, io});
    } catch (error) {
      say(io, `rollcall: ${whyNotStarted(error, config)}`);
      return EXIT.failed;
    }
  });
