import {readFileSync} from 'node:fs';

/** Where a secret is: an environment variable, or a file that may be rotated. */
export type SecretReference = {readonly env: string} | {readonly file: string};

/** Reads secrets, and knows those that it has read, so that a log can be kept free of them. */
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
    this.#known.add(secret);
    return secret;
  }

  get known(): readonly string[] {
    return [...this.#known];
  }

  #readFile(file: string): string | undefined {
    try {
      return readFileSync(file, 'utf8');
    } catch {
      return undefined;
    }
  }
}
