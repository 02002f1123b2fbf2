/** `helm` and `kubectl` as commands, against the cluster that KUBECONFIG names. */
import {execFile, spawnSync} from 'node:child_process';
import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {parseAllDocuments} from 'yaml';

export const CHART = join(import.meta.dirname, '../../helm/rollcall');

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command to its end. */
export const run = (command: string, args: readonly string[], input = ''): Ran => {
  const {status, stderr, stdout} = spawnSync(command, args, {
    encoding: 'utf8',
    input,
    maxBuffer: 64 * 1024 * 1024,
  });
  return {code: status ?? -1, stdout, stderr};
};

/** The same; throws what it printed where it fails. */
export const must = (command: string, args: readonly string[], input = ''): string => {
  const {code, stderr, stdout} = run(command, args, input);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}: ${stderr}${stdout}`);
  return stdout;
};

/** What a command printed, while the rest of this process goes on. Rejects where it fails. */
export const printed = async (command: string, args: readonly string[]): Promise<string> =>
  (await promisify(execFile)(command, args, {maxBuffer: 64 * 1024 * 1024})).stdout;

/** The files of values that are known to be good. */
export const PERMUTATIONS = readdirSync(join(CHART, 'ci'))
  .filter(name => name.endsWith('-values.yaml'))
  .map(name => name.replace('-values.yaml', ''));

export const valuesOf = (permutation: string): string => join(CHART, 'ci', `${permutation}-values.yaml`);

/** One object of a manifest; what is asked of it is the test's own affair. */
// biome-ignore lint/suspicious/noExplicitAny: manifests of a dozen kinds
export type Manifest = any;

/** The objects that the chart renders to. */
export const render = (...args: readonly string[]): Manifest[] =>
  parseAllDocuments(must('helm', ['template', 'calls', CHART, '--namespace', 'rollcall', ...args]))
    .map(document => document.toJS())
    .filter(object => object !== null);

export const only = (objects: readonly Manifest[], kind: string): Manifest => {
  const found = objects.filter(object => object.kind === kind);
  if (found.length !== 1) throw new Error(`there are ${found.length} of ${kind}`);
  return found[0];
};
