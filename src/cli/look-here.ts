import type {Config} from '../config/schema.ts';
import type {Patience} from '../controller/patiently.ts';
import {EMPTY_REVISION, stoppedIn} from '../domain/condition.ts';
import {createLogger} from '../observe/logger.ts';
import {systemClock} from '../system.ts';
import {type Composed, compose} from './compose.ts';
import {printDiagnostics} from './configured.ts';
import {followingFrom} from './describe.ts';
import {EXIT, type ExitCode, type Io, readerOf} from './io.ts';
import {Secrets} from './secrets.ts';
import type {Look} from './shown.ts';
import {noteSimulator} from './with-platform.ts';

/**
 * Looks by reading the source and the platform once.
 *
 * @param onWait told of each rest that the platform asks for and that is sat out
 */
export const lookBy =
  ({controller, viewOf}: Composed, onWait: Patience['onWait']): Look =>
  async () => {
    await controller.once(onWait);
    const {conditions, diagnostics} = controller.report();
    return {
      all: [...controller.campaigns.findings()],
      seen: {
        revision: controller.revision,
        // Nothing was sent to look: what came of a turn here says nothing of what a controller did.
        viewOf: finding => ({...viewOf(finding), lastOutcome: null}),
        followingOf: finding => followingFrom(finding, systemClock.now()),
      },
      troubles: controller.troubles.flatMap(({message, reason}) =>
        reason === EMPTY_REVISION ? [] : message,
      ),
      stopped: stoppedIn(conditions).map(({message}) => message),
      diagnostics,
    };
  };

/** Does something with a controller that only reads, and closes it; says what is wrong where it cannot be had. */
export const withComposed = async (
  config: Config,
  cacheDirectory: string,
  io: Io,
  work: (composed: Composed) => Promise<ExitCode>,
): Promise<ExitCode> => {
  const secrets = new Secrets(io.env);
  const log = createLogger({
    level: 'silent',
    destination: io.stderr,
    colour: false,
    secrets: () => secrets.known,
    reader: () => readerOf(io, systemClock.now()),
  });
  const options = {
    config,
    env: io.env,
    log,
    secrets,
    dryRun: true,
    cacheDirectory,
    joinSimulator: true,
    share: 'command',
  } as const;
  const composed = await compose(options);
  if ('diagnostics' in composed) {
    printDiagnostics(composed.diagnostics, io);
    return EXIT.failed;
  }
  const stop = (): void => void composed.controller.stop();
  io.stopping.addEventListener('abort', stop, {once: true});
  try {
    noteSimulator(config, composed.platformUrl, io);
    return await work(composed);
  } finally {
    io.stopping.removeEventListener('abort', stop);
    await composed.close();
  }
};
