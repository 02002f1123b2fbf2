import type {Config} from '../config/schema.ts';
import type {PlanWorkspace} from '../controller/plan-workspace.ts';
import {printDiagnostics} from './configured.ts';
import {EXIT, type ExitCode, type Io, print} from './io.ts';
import {type ComposedPlatform, composePlatform, type PlatformOptions} from './platform.ts';
import {paceOf} from './rates.ts';
import {say} from './say.ts';
import {Secrets} from './secrets.ts';

/** How a command that ends reaches the platform. */
export const commandOptions = (io: Io): PlatformOptions => ({
  env: io.env,
  joinSimulator: true,
  share: 'command',
  onTrouble: message => say(io, `note: ${message}`),
});

/** Says where simulated statuses come from, so that nobody takes them for those of the platform. */
export const noteSimulator = ({platform: {simulator}}: Config, url: string, io: Io): void => {
  if (simulator) print(io.stderr, `note: the live statuses are simulated, by the simulator at ${url}`);
};

/** How a plan names the platform that its statuses were read from: a simulator's port says nothing. */
export const platformName = ({platform}: Config, {url}: ComposedPlatform): string =>
  platform.simulator ? 'simulator' : url;

/** The workspaces, as plans are made and applied for them. */
export const planWorkspaces = ({workspaces}: ComposedPlatform): PlanWorkspace[] =>
  workspaces.map(({config, platform}) => {
    const {concurrency, limits, mode, name} = config;
    const resumeMaxAge = config.resume.maxAge;
    return {name, mode, concurrency, limits, resumeMaxAge, platform, pace: paceOf(config)};
  });

/**
 * Runs a command with the platform, and closes it. Says what is wrong with the simulator's scenario, where
 * something is.
 */
export const withPlatform = async (
  config: Config,
  io: Io,
  work: (composed: ComposedPlatform) => Promise<ExitCode>,
): Promise<ExitCode> => {
  const composed = await composePlatform(config, new Secrets(io.env), commandOptions(io));
  if ('diagnostics' in composed) {
    printDiagnostics(composed.diagnostics, io);
    return EXIT.failed;
  }
  try {
    noteSimulator(config, composed.url, io);
    return await work(composed);
  } finally {
    await composed.close();
  }
};
