import type {Logger} from 'pino';
import type {SecretReference} from '../config/notifications.ts';
import {readSmallFile} from '../disk/read-small-file.ts';
import {NO_SECRET, SHORTEST_KEY} from '../platform/key.ts';

/** Where a secret is, in words. */
export const secretPlace = (reference: SecretReference): string =>
  'env' in reference ? `the environment variable ${reference.env}` : `the file ${reference.file}`;

/** What is said of a secret that cannot be read. */
export const unreadable = (reference: SecretReference): string => `${secretPlace(reference)} ${NO_SECRET}`;

/** The least that a secret has by which somebody is let in: what is shorter can be guessed. Characters. */
const SHORTEST_SECRET = 16;

/** Why a secret lets nobody in; undefined where it does. */
export const weakness = (secret: string): string | undefined => {
  if (/[\r\n]/.test(secret)) return 'has more than one line';
  return secret.length < SHORTEST_SECRET ? `has less than ${SHORTEST_SECRET} characters` : undefined;
};

/** The most that a file with a secret may have, in bytes. */
const LARGEST = 64 * 1024;

/** How many secrets are remembered: those that were rotated away long ago show nowhere. */
const MOST_REMEMBERED = 1_000;

/** Reads secrets, and knows those that it has read, so that all that is shown can be kept free of them. */
export class Secrets {
  readonly #env: NodeJS.ProcessEnv;
  readonly #known = new Set<string>();

  constructor(env: NodeJS.ProcessEnv) {
    this.#env = env;
  }

  /** The secret as it is now, without white space around it; undefined where there is none. */
  read(reference: SecretReference): string | undefined {
    const text = 'env' in reference ? this.#env[reference.env] : this.#readFile(reference.file);
    const secret = text?.trim();
    if (!secret) return undefined;
    this.#remember(secret);
    return secret;
  }

  /** Every secret that was read, but for such as are so short that ordinary words would go with them. */
  get known(): readonly string[] {
    return [...this.#known];
  }

  #remember(secret: string): void {
    if (secret.length < SHORTEST_KEY) return;
    this.#known.delete(secret);
    this.#known.add(secret);
    const [oldest] = this.#known;
    if (this.#known.size > MOST_REMEMBERED && oldest !== undefined) this.#known.delete(oldest);
  }

  #readFile(file: string): string | undefined {
    try {
      return Buffer.from(readSmallFile(file, LARGEST)).toString('utf8');
    } catch {
      return undefined;
    }
  }
}

/**
 * Reads a secret by which somebody is let in, as it is now; undefined where it is none.
 *
 * @param without what then does not happen, which is said once
 * @param key where the configuration names the file
 */
export const longSecret = (
  {file, key, without}: {readonly file: string; readonly key: string; readonly without: string},
  {log, secrets}: {readonly log: Logger; readonly secrets: Secrets},
): (() => string | undefined) => {
  let told: string | undefined;
  return () => {
    const secret = secrets.read({file});
    const trouble = secret === undefined ? NO_SECRET : weakness(secret);
    if (trouble !== undefined && trouble !== told)
      log.error(`${without}: the file ${file} (${key}) ${trouble}`);
    told = trouble;
    return trouble === undefined ? secret : undefined;
  };
};
