import type {Config} from '../config/schema.ts';
import {readSmallFile} from '../disk/read-small-file.ts';
import type {Diagnostic} from '../domain/diagnostic.ts';
import {errorText} from '../domain/text.ts';
import {SimulatedApi} from '../simulator/api.ts';
import {parseScenario, type Scenario} from '../simulator/scenario.ts';
import {simulatedClock, startSimulator} from '../simulator/server.ts';
import {systemClock, systemRandom} from '../system.ts';

const whyUnreadable = (error: unknown): string => {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return 'the scenario file does not exist';
  if (code === 'EISDIR') return 'the scenario is a folder, not a file';
  return `the scenario cannot be read: ${errorText(error)}`;
};

/** Reads a scenario file, or says what is wrong with it. */
export const readScenario = (file: string): {scenario: Scenario} | {diagnostics: readonly Diagnostic[]} => {
  try {
    return parseScenario(file, readSmallFile(file), systemClock.now());
  } catch (error) {
    return {diagnostics: [{code: 'unreadable', message: whyUnreadable(error), file, line: 1, column: 1}]};
  }
};

/** A platform that is simulated, here or in another process. */
export interface Simulated {
  readonly url: string;
  readonly scenario: Scenario;
  close(): Promise<void>;
}

const isInUse = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';

/** Starts the built-in simulator; or joins the one that already runs on its port, where `join` allows it. */
export const startInside = async (
  {platform: {simulator}}: Config,
  join: boolean,
): Promise<Simulated | undefined | {diagnostics: readonly Diagnostic[]}> => {
  if (!simulator) return undefined;
  const read = readScenario(simulator.scenario);
  if ('diagnostics' in read) return read;
  const now = simulatedClock(systemClock.now, simulator.speed);
  const api = new SimulatedApi(read.scenario, systemRandom);
  try {
    const {baseUrl, close} = await startSimulator(api, now, simulator.port);
    return {url: baseUrl, scenario: read.scenario, close};
  } catch (error) {
    if (!join || !isInUse(error)) throw error;
    return {url: `http://127.0.0.1:${simulator.port}`, scenario: read.scenario, close: async () => {}};
  }
};
