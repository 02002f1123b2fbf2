import {loadConfig} from '../config/load.ts';
import {givenOverrides} from '../config/overrides.ts';
import type {Config} from '../config/schema.ts';
import type {Diagnostic} from '../domain/diagnostic.ts';
import {type Io, print, wantsColour} from './io.ts';
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
  print(io.stderr, diagnostics.length === 1 ? '1 problem' : `${diagnostics.length} problems`);
};

/** Loads the configuration; prints what is wrong and returns undefined where there is something. */
export const configured = (flags: ConfigFlags, io: Io): Config | undefined => {
  const loaded = loadConfig(flags.config, givenOverrides(flags.overrides, io.env), io.env);
  if ('config' in loaded) return loaded.config;
  printDiagnostics(loaded.diagnostics, io);
  return undefined;
};
