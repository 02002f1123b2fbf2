import type {Logger} from 'pino';
import type {Config} from '../config/schema.ts';
import type {Controller} from '../controller/controller.ts';
import type {Recorder} from '../controller/ports.ts';
import {summarise} from '../domain/report.ts';
import {createApp, startServer} from '../http/server.ts';
import {createLogger} from '../observe/log.ts';
import {type Composed, compose} from './compose.ts';
import {type ConfigFlags, configured, printDiagnostics} from './configured.ts';
import {EXIT, type ExitCode, type Io, print, wantsColour} from './io.ts';
import {campaignTable, summaryLine} from './render.ts';
import {Secrets} from './secrets.ts';

/** How long what is in flight may take to end after the signal. Milliseconds. */
const GRACE = 10_000;

export interface RunFlags extends ConfigFlags {
  readonly once?: boolean;
  readonly dryRun?: boolean;
}

const SILENT: Recorder = {
  sourceRead: () => {},
  revisionAdopted: () => {},
  workspaceTrouble: () => {},
  driftDetected: () => {},
  actionEnded: () => {},
  passEnded: () => {},
  converged: () => {},
};

const printTable = (controller: Controller, io: Io): void => {
  const findings = controller.findings();
  print(io.stdout, `\n${campaignTable(findings, wantsColour(io.stdout, io.env))}`);
  print(io.stdout, `${summaryLine(summarise(findings))}\n`);
};

/** Once every workspace has ended its first pass, `callback` is called, and never again. */
const afterFirstPass = (controller: () => Controller | undefined, callback: () => void): Recorder => {
  let over = false;
  return {
    ...SILENT,
    passEnded: () => {
      if (over || controller()?.notReady().length !== 0) return;
      over = true;
      callback();
    },
  };
};

const onceResult = (controller: Controller, dryRun: boolean): ExitCode => {
  const {conditions, diagnostics, summary} = controller.report();
  const stalled = conditions.find(({type}) => type === 'Stalled');
  if (stalled?.reason === 'EmptyRevision') return EXIT.guarded;
  const ready = conditions.find(({type}) => type === 'Ready');
  const unread = ['GitNotFound', 'SourceFailed', 'Unauthorised', 'Throttled', 'LiveReadFailed'].includes(
    ready?.reason ?? '',
  );
  if (!controller.revision || unread || stalled?.status === 'True') return EXIT.failed;
  if (diagnostics.length > 0) return EXIT.invalid;
  if (summary.failed || summary.unknown) return EXIT.failed;
  return dryRun && (summary.pending || summary.drifted) ? EXIT.differs : EXIT.ok;
};

const runOnce = async ({controller}: Composed, flags: RunFlags, io: Io): Promise<ExitCode> => {
  io.stopping.addEventListener('abort', () => void controller.stop(), {once: true});
  await controller.once();
  printTable(controller, io);
  const ready = controller.report().conditions.find(({type}) => type === 'Ready');
  if (ready && ready.status !== 'True') print(io.stderr, `${ready.reason}: ${ready.message}`);
  return onceResult(controller, flags.dryRun ?? false);
};

const serve = async ({controller, metrics, viewOf}: Composed, config: Config) => {
  const app = createApp({
    report: () => controller.report(),
    findings: () => controller.findings(),
    notReady: () => controller.notReady(),
    viewOf,
    metrics: async () => ({
      contentType: metrics.registry.contentType,
      text: await metrics.registry.metrics(),
    }),
  });
  return startServer(app, config.http);
};

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise(resolve => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), {once: true});
  });

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

const runUntilStopped = async (
  composed: Composed,
  config: Config,
  log: Logger,
  io: Io,
): Promise<ExitCode> => {
  const {controller, platformUrl} = composed;
  const server = await serve(composed, config);
  log.info(`metrics at ${server.url}/metrics, report at ${server.url}/api/v1/report`);
  log.info(`platform at ${platformUrl}${config.platform.simulator ? ' (the built-in simulator)' : ''}`);
  await controller.start();
  await aborted(io.stopping);
  log.info('stopping: no new work; what is in flight may end');
  await withinGrace(controller.stop(), log);
  await server.close();
  log.info('stopped');
  return EXIT.ok;
};

const explain = (error: unknown, {http, platform}: Config): string => {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code !== 'EADDRINUSE') return String(error instanceof Error ? error.message : error);
  const port = error instanceof Error && 'port' in error ? error.port : undefined;
  if (port === platform.simulator?.port)
    return `port ${port} is in use: choose another for platform.simulator.port`;
  return `${http.host}:${http.port} is in use: choose another with --http-port N or ROLLCALL_HTTP_PORT`;
};

/** `rollcall run`: the controller, until it is told to stop; or with `--once` one pass. */
export const run = async (flags: RunFlags, io: Io): Promise<ExitCode> => {
  const config = configured(flags, io);
  if (!config) return EXIT.failed;
  const secrets = new Secrets(io.env);
  const colour = wantsColour(io.stderr, io.env);
  const log = createLogger({
    level: config.log.level,
    destination: io.stderr,
    colour,
    secrets: () => secrets.known,
  });
  let controller: Controller | undefined;
  const recorder = flags.once
    ? SILENT
    : afterFirstPass(
        () => controller,
        () => controller && printTable(controller, io),
      );
  try {
    const composed = await compose({config, log, secrets, dryRun: flags.dryRun ?? false, recorder});
    if ('diagnostics' in composed) {
      printDiagnostics(composed.diagnostics, io);
      return EXIT.failed;
    }
    controller = composed.controller;
    try {
      return flags.once
        ? await runOnce(composed, flags, io)
        : await runUntilStopped(composed, config, log, io);
    } finally {
      await composed.close();
    }
  } catch (error) {
    print(io.stderr, `rollcall: ${explain(error, config)}`);
    return EXIT.failed;
  }
};
