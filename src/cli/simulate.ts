import {aborted} from '../controller/aborted.ts';
import {errorText} from '../domain/text.ts';
import {SimulatedApi} from '../simulator/api.ts';
import {simulatedClock, startSimulator} from '../simulator/server.ts';
import {systemClock, systemRandom} from '../system.ts';
import {printDiagnostics} from './configured.ts';
import {EXIT, type ExitCode, type Io, print} from './io.ts';
import {readScenario} from './simulated.ts';

export interface SimulateFlags {
  readonly port: number;
  readonly scenario: string;
  readonly speed: number;
}

/** `rollcall simulate`: the platform's stand-in on loopback, until it is told to stop. */
export const simulate = async (flags: SimulateFlags, io: Io): Promise<ExitCode> => {
  const read = readScenario(flags.scenario);
  if ('diagnostics' in read) {
    printDiagnostics(read.diagnostics, io);
    return EXIT.failed;
  }
  const api = new SimulatedApi(read.scenario, systemRandom);
  try {
    const simulator = await startSimulator(api, simulatedClock(systemClock.now, flags.speed), flags.port);
    print(io.stdout, simulator.baseUrl);
    const campaigns = api.workspaces.reduce(
      (sum, workspace) => sum + workspace.all(systemClock.now()).length,
      0,
    );
    print(
      io.stderr,
      `simulating ${campaigns} campaigns; control path: ${simulator.baseUrl}/simulator/campaigns`,
    );
    await aborted(io.stopping);
    await simulator.close();
    return EXIT.ok;
  } catch (error) {
    const inUse = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    print(
      io.stderr,
      `rollcall: ${inUse ? `port ${flags.port} is in use: choose another with --port N` : errorText(error)}`,
    );
    return EXIT.failed;
  }
};
