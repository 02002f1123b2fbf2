import {dirname, resolve} from 'node:path';
import type {Logger} from 'pino';
import type {Config} from '../config/schema.ts';
import {errorText} from '../domain/text.ts';
import type {Metrics} from '../observe/metrics.ts';
import {watchPaths} from '../source/watch.ts';
import type {Composed} from './compose.ts';
import {type ConfigFlags, loadConfigured} from './configured.ts';
import type {Io} from './io.ts';
import {leaseOf} from './leases.ts';
import {unclearRates} from './rates.ts';
import {type Secrets, unreadable} from './secrets.ts';

/** The parts of the configuration that only a new process takes, by their keys. */
const FIXED: readonly {key: string; of: (config: Config) => unknown}[] = [
  {key: 'source.directory', of: ({source}) => source.directory},
  {
    key: 'source.git',
    of: ({source: {git}}) => git && {...git, interval: undefined},
  },
  {key: 'platform', of: ({platform}) => platform},
  {key: 'http', of: ({http}) => http},
  {key: 'history', of: ({history}) => history},
  {key: 'notifications', of: ({notifications}) => notifications},
  {key: 'leaderElection', of: ({leaderElection}) => leaderElection},
  {
    key: 'workspaces (those of replicas)',
    of: ({leaderElection, workspaces}) =>
      leaderElection && workspaces.map(one => leaseOf(one, leaderElection)),
  },
];

const needingRestart = (before: Config, after: Config): string[] =>
  FIXED.filter(({of}) => JSON.stringify(of(before)) !== JSON.stringify(of(after))).map(({key}) => key);

const STAYS = 'what was in force stays in force, whole';

/** Follows the configuration's file while the controller runs. */
export class Reloader {
  readonly #flags: ConfigFlags;
  readonly #io: Io;
  readonly #log: Logger;
  readonly #metrics: Metrics;
  readonly #composed: Composed;
  readonly #secrets: Secrets;
  #config: Config;
  #digest: string;
  /** The digest, or the problems, of what the file held when it was last read: each is told once. */
  #seen: string;
  #working: Promise<void> = Promise.resolve();

  constructor(
    {config, digest, secrets}: {config: Config; digest: string; secrets: Secrets},
    {composed, flags, io, log}: {composed: Composed; flags: ConfigFlags; io: Io; log: Logger},
  ) {
    this.#flags = flags;
    this.#io = io;
    this.#log = log;
    this.#composed = composed;
    this.#metrics = composed.metrics;
    this.#config = config;
    this.#secrets = secrets;
    this.#digest = digest;
    this.#seen = digest;
    this.#metrics.configured(digest);
    log.info({digest}, `configuration ${flags.config} (${digest}) is in force`);
  }

  /** Reads the file again at each change of it, and at SIGHUP. Resolves with what ends that. */
  async follow(): Promise<() => Promise<void>> {
    const file = resolve(this.#flags.config);
    const folder = dirname(file);
    const others = (path: string): boolean => ![folder, file, `${folder}/..data`].includes(path);
    const unwatch = await watchPaths([folder], () => this.#reload(false), others);
    const deafen = this.#io.onHangup(() => this.#reload(true));
    return async () => {
      deafen();
      await unwatch();
      await this.#working;
    };
  }

  /** @param asked somebody wants an answer, even that nothing is new */
  #reload(asked: boolean): void {
    this.#working = this.#working
      .then(() => this.#take(asked))
      .catch((error: unknown) => {
        this.#metrics.configRefused();
        this.#log.error(`the configuration is not taken, by an unexpected error: ${errorText(error)}`);
      });
  }

  async #take(asked: boolean): Promise<void> {
    const loaded = loadConfigured(this.#flags, this.#io.env);
    if ('diagnostics' in loaded) {
      const problems = loaded.diagnostics.map(
        ({column, file, hint, line, message}) =>
          `${file}:${line}:${column}: ${message}${hint === undefined ? '' : ` (${hint})`}`,
      );
      return this.#refuse(problems, asked);
    }
    const {config, digest} = loaded;
    if (digest === this.#digest) return this.#unchanged(digest, asked);
    const fixed = needingRestart(this.#config, config);
    if (fixed.length > 0)
      return this.#refuse(
        [`${fixed.join(', ')}: cannot change without a restart: start Rollcall anew`],
        asked,
      );
    const keyless = this.#newlyKeyless(config);
    if (keyless.length > 0) return this.#refuse(keyless, asked);
    const known = new Set(unclearRates(this.#config));
    await this.#composed.reconfigure(config);
    this.#log.level = config.log.level;
    for (const message of unclearRates(config)) if (!known.has(message)) this.#log.warn(message);
    this.#config = config;
    this.#digest = digest;
    this.#seen = digest;
    this.#metrics.configured(digest);
    const names = config.workspaces.map(({name}) => name).join(', ');
    this.#log.info(
      {digest},
      `configuration ${this.#flags.config} (${digest}) is in force now: workspaces ${names}`,
    );
  }

  /** The workspaces that the new configuration gives a key which is not there: what works would stand still. */
  #newlyKeyless({workspaces}: Config): string[] {
    const before = new Set(this.#config.workspaces.map(({apiKey}) => JSON.stringify(apiKey)));
    return workspaces.flatMap(workspace => {
      const {apiKey, name} = workspace;
      if (!apiKey || before.has(JSON.stringify(apiKey))) return [];
      return this.#secrets.read(apiKey) === undefined
        ? [`workspace ${name}: its API key cannot be read: ${unreadable(apiKey)}`]
        : [];
    });
  }

  #unchanged(digest: string, asked: boolean): void {
    if (this.#seen !== digest) this.#metrics.configured(digest);
    if (asked || this.#seen !== digest)
      this.#log.info({digest}, `configuration ${this.#flags.config} (${digest}) is what is in force`);
    this.#seen = digest;
  }

  #refuse(problems: readonly string[], asked: boolean): void {
    const seen = problems.join('\n');
    if (seen === this.#seen && !asked) return;
    this.#seen = seen;
    this.#metrics.configRefused();
    for (const problem of problems) this.#log.error(`the configuration is not taken: ${problem}`);
    this.#log.error({digest: this.#digest}, `the configuration is not taken; ${STAYS} (${this.#digest})`);
  }
}
