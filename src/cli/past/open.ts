import {hostname} from 'node:os';
import {join} from 'node:path';
import type {Logger} from 'pino';
import type {Config} from '../../config/schema.ts';
import {HistoryRecorder} from '../../history/recorder.ts';
import {type HistoryOptions, HistoryWriter} from '../../history/writer.ts';
import type {Metrics} from '../../observe/metrics.ts';
import {systemClock} from '../../system.ts';
import {sourceHome} from '../locks.ts';

/** Where a controller's history is, and how much of it is kept. */
export const historyOptions = (config: Config, env: NodeJS.ProcessEnv): HistoryOptions => {
  const {file = join(sourceHome(config, env), 'history.sqlite'), maxAge, maxSize} = config.history;
  return {file, maxAge, maxSize};
};

/** The history of a running controller, which is closed with what it is opened with. */
export const openHistory = (
  options: HistoryOptions,
  {log, metrics, replica = hostname()}: {log: Logger; metrics: Metrics; replica?: string | undefined},
  opening: AsyncDisposableStack,
): HistoryRecorder => {
  const writer = new HistoryWriter(options, systemClock, {
    ...metrics.history,
    trouble: message =>
      message === undefined ? log.info('the history is written again') : log.warn(message),
  });
  opening.defer(() => writer.close());
  return new HistoryRecorder(writer, replica, systemClock);
};
