import {type DestinationStream, type Logger, pino} from 'pino';
import pretty from 'pino-pretty';
import {isRecord} from '../domain/json.ts';
import {escapeJson, oneLine, REDACTED, redact} from '../domain/text.ts';
import {type Reader, withTimesFor} from '../domain/time.ts';

/** Keys whose values never reach a log, wherever somebody may put them. */
const SECRET_KEYS = ['apiKey', 'password', 'authorization', '["x-api-key"]'];

/** Fields that a message tells already: on a terminal they are left out. */
const TOLD =
  'revision,author,file,campaign,from,action,to,cause,workspace,outcome,retryAt,desired,live,changedBy,changedAt,reason,code,line,column,work,seconds';

export interface LogOptions {
  readonly level: string;
  readonly destination: NodeJS.WritableStream & {isTTY?: boolean};
  readonly colour: boolean;
  /** Secrets in use now: should one ever stand in a line, it is taken out. */
  readonly secrets: () => readonly string[];
  /** How whoever sits at a terminal is shown times. */
  readonly reader: () => Reader;
}

/** A line for a terminal: no text in it, whoever wrote it, breaks the line or moves the cursor. */
const readableLine = (line: string, reader: Reader): string => {
  const fields: unknown = JSON.parse(line);
  if (!isRecord(fields)) return line;
  const clean = Object.entries(fields).map(([key, value]) => [
    key,
    typeof value === 'string' ? oneLine(value) : value,
  ]);
  const {msg, ...rest} = Object.fromEntries(clean);
  return `${JSON.stringify({...rest, msg: withTimesFor(String(msg ?? ''), reader)})}\n`;
};

/** A secret as a line of JSON may hold it: as it is, or with what JSON writes otherwise. */
const formsOf = (secret: string): readonly string[] => {
  const escaped = JSON.stringify(secret).slice(1, -1);
  return escaped === secret ? [secret] : [escaped, secret];
};

/** A logger of JSON lines, or of readable ones on a terminal. */
export const createLogger = ({colour, destination, level, reader, secrets}: LogOptions): Logger => {
  const onTerminal = destination.isTTY === true;
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: SECRET_KEYS.flatMap(key => [key, key.startsWith('[') ? `*${key}` : `*.${key}`]),
      censor: REDACTED,
    },
    hooks: {
      streamWrite: (line: string) => {
        const safe = redact(line, secrets().flatMap(formsOf));
        return onTerminal ? readableLine(safe, reader()) : escapeJson(safe);
      },
    },
  };
  const readable = (): DestinationStream =>
    pretty({colorize: colour, destination, sync: true, translateTime: 'SYS:HH:MM:ss', ignore: TOLD});
  return onTerminal ? pino(options, readable()) : pino(options, destination);
};
