import {type DestinationStream, type Logger, pino} from 'pino';
import pretty from 'pino-pretty';
import type {Recorder} from '../controller/ports.ts';
import {describeOutcome} from '../domain/outcome.ts';

/** Keys whose values never reach a log, wherever somebody may put them. */
const SECRET_KEYS = ['apiKey', 'password', 'authorization', '["x-api-key"]'];

/** Times out of epoch milliseconds, for reading. */
const iso = (time: number): string => new Date(time).toISOString();

export interface LogOptions {
  readonly level: string;
  readonly destination: NodeJS.WritableStream & {isTTY?: boolean};
  readonly colour: boolean;
  /** Secrets in use now: should one ever stand in a line, it is taken out. */
  readonly secrets: () => readonly string[];
}

/** A logger of JSON lines, or of readable ones on a terminal. */
export const createLogger = ({colour, destination, level, secrets}: LogOptions): Logger => {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: SECRET_KEYS.flatMap(key => [key, key.startsWith('[') ? `*${key}` : `*.${key}`]),
      censor: '[redacted]',
    },
    hooks: {
      streamWrite: (line: string) =>
        secrets().reduce((text, secret) => (secret ? text.replaceAll(secret, '[redacted]') : text), line),
    },
  };
  const readable = (): DestinationStream =>
    pretty({
      colorize: colour,
      destination,
      sync: true,
      translateTime: 'SYS:HH:MM:ss',
      ignore:
        'revision,file,campaign,from,action,to,cause,workspace,outcome,retryAt,desired,live,changedBy,changedAt,reason,code,line,column',
    });
  return destination.isTTY ? pino(options, readable()) : pino(options, destination);
};

const short = (revision: string): string => revision.replace(/^sha256:/, '').slice(0, 12);

/** What happens, one line each. An action's line has all that an audit asks for. */
export const logRecorder = (log: Logger): Recorder => ({
  sourceRead: reading => {
    if (reading.kind === 'failed') {
      log.warn(
        {reason: reading.trouble.reason},
        `${reading.trouble.message}; the last good revision stays in force`,
      );
    }
  },
  revisionAdopted: ({id, subject}, {counts, diagnostics}) => {
    const held = counts.invalid > 0 ? `, ${counts.invalid} invalid and held` : '';
    const title = subject === undefined ? '' : ` «${subject}»`;
    log.info({revision: id}, `revision ${short(id)}${title}: ${counts.valid} declarations${held}`);
    for (const {code, column, file, hint, line, message} of diagnostics) {
      const advice = hint === undefined ? '' : ` (${hint})`;
      log.warn({code, file, line, column}, `${file}:${line}:${column}: ${message}${advice}`);
    }
  },
  workspaceTrouble: (workspace, trouble) => {
    if (trouble) log.error({workspace, reason: trouble.reason}, trouble.message);
    else log.info({workspace}, `workspace ${workspace}: the platform answers again`);
  },
  driftDetected: ({campaignId, desired, liveUpdatedAt, liveUpdatedBy, name, reason, workspace}) => {
    const when = liveUpdatedAt === undefined ? {} : {changedAt: iso(liveUpdatedAt)};
    const fields = {workspace, campaign: campaignId, desired, changedBy: liveUpdatedBy, ...when};
    log.warn(fields, `drift: ${workspace}/${name} (${campaignId}): ${reason}`);
  },
  actionEnded: ({cause, declaration, from, reason}, outcome, {id}) => {
    const {campaignId, name, source, workspace} = declaration;
    const fields = {
      revision: id,
      file: `${source.file}:${source.line}`,
      workspace,
      campaign: campaignId,
      from,
      action: outcome.action,
      ...(outcome.kind === 'applied' && {to: outcome.to}),
      ...('retryAt' in outcome && {retryAt: iso(outcome.retryAt)}),
      outcome: outcome.kind,
      cause,
    };
    const level = outcome.kind === 'applied' || outcome.kind === 'skipped' ? 'info' : 'warn';
    log[level](fields, `${workspace}/${name} (${campaignId}): ${describeOutcome(outcome)}; ${reason}`);
  },
  passEnded: (workspace, result, seconds) => {
    log.debug({workspace}, `workspace ${workspace}: pass ended in ${seconds.toFixed(3)} s, ${result}`);
  },
  converged: () => {},
});

/** Several recorders as one. */
export const recordAll = (recorders: readonly Recorder[]): Recorder => ({
  sourceRead: (...event) => recorders.forEach(recorder => void recorder.sourceRead(...event)),
  revisionAdopted: (...event) => recorders.forEach(recorder => void recorder.revisionAdopted(...event)),
  workspaceTrouble: (...event) => recorders.forEach(recorder => void recorder.workspaceTrouble(...event)),
  driftDetected: (...event) => recorders.forEach(recorder => void recorder.driftDetected(...event)),
  actionEnded: (...event) => recorders.forEach(recorder => void recorder.actionEnded(...event)),
  passEnded: (...event) => recorders.forEach(recorder => void recorder.passEnded(...event)),
  converged: (...event) => recorders.forEach(recorder => void recorder.converged(...event)),
});
