import {loadConfig} from '../config/load.ts';
import {givenOverrides} from '../config/overrides.ts';
import type {Config} from '../config/schema.ts';
import type {Diagnostic} from '../domain/diagnostic.ts';
import {counted} from '../domain/text.ts';
import {EXIT, type ExitCode, type Io, print, wantsColour} from './io.ts';
import {diagnosticText} from './render.ts';

/** Flags that name the configuration and override it, as commander hands them over. */
export interface ConfigFlags {
  readonly config: string;
  /** Keyed by the flag with its dashes. */
  readonly overrides: Readonly<Record<string, string | undefined>>;
}

/** Prints every problem to standard error, and how many they are. */
export const printDiagnostics = (diagnostics: readonly Diagnostic[], io: Io): void => {
  const colour = wantsColour(io.stderr, io.env);
  for (const diagnostic of diagnostics) print(io.stderr, diagnosticText(diagnostic, colour));
  print(io.stderr, counted(diagnostics.length, 'problem'));
};

/** Loads the configuration as a command was told to, without a word. */
export const loadConfigured = (flags: ConfigFlags, env: NodeJS.ProcessEnv) =>
  loadConfig(flags.config, givenOverrides(flags.overrides, env), env);

/** Runs a command with the configuration; where something is wrong with it, prints what, and ends. */
export const withConfigured = async (
  flags: ConfigFlags,
  io: Io,
  work: (config: Config, digest: string) => Promise<ExitCode>,
): Promise<ExitCode> => {
  const loaded = loadConfigured(flags, io.env);
  if ('config' in loaded) return work(loaded.config, loaded.digest);
  printDiagnostics(loaded.diagnostics, io);
  return loaded.misused ? EXIT.usage : EXIT.failed;
};

/** Says that a workspace which somebody named is not configured, and which are; undefined where it is. */
export const unknownWorkspace = (
  {workspaces}: Config,
  {workspace}: {readonly workspace?: string | undefined},
): string | undefined => {
  return unknownAmong(
    workspaces.map(({name}) => name),
    workspace,
  );
};

/** The same among workspaces of these names. */
export const unknownAmong = (known: readonly string[], workspace: string | undefined): string | undefined => {
  if (workspace === undefined || known.includes(workspace)) return undefined;
  return `workspace ${JSON.stringify(workspace)} is not in the configuration; known workspaces: ${known.join(', ')}`;
};
