import {existsSync} from 'node:fs';
import {readFile, stat} from 'node:fs/promises';
import {declare, type ParsedFile} from '../domain/declarations.ts';
import {type Diagnostic, inReadingOrder} from '../domain/diagnostic.ts';
import {declarationFiles} from '../source/directory.ts';
import {parseFile} from '../source/parse.ts';
import {configured} from './configured.ts';
import {EXIT, type ExitCode, type Io, print, wantsColour} from './io.ts';
import {diagnosticText, githubAnnotation} from './render.ts';

export interface ValidateFlags {
  readonly format: 'text' | 'json' | 'github';
  /** With it, workspaces that it does not name are errors. */
  readonly config?: string;
}

const DEFAULT_FOLDER = 'campaigns';

const unreadable = (file: string, message: string): Diagnostic => ({
  code: 'unreadable',
  message,
  file,
  line: 1,
  column: 1,
});

/** The files that a path stands for: itself, or the declarations below it. */
const filesOf = async (path: string): Promise<{files: string[]; problems: Diagnostic[]}> => {
  try {
    return {files: (await stat(path)).isDirectory() ? await declarationFiles(path) : [path], problems: []};
  } catch {
    return {files: [], problems: [unreadable(path, 'the file or folder does not exist, or cannot be read')]};
  }
};

const readAll = async (io: Io): Promise<Uint8Array> => {
  const chunks: Buffer[] = [];
  for await (const chunk of io.stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
};

const parseAll = async (
  paths: readonly string[],
  io: Io,
): Promise<{parsed: ParsedFile[]; problems: Diagnostic[]}> => {
  const parsed: ParsedFile[] = [];
  const problems: Diagnostic[] = [];
  for (const path of paths) {
    if (path === '-') {
      parsed.push(parseFile('<stdin>', await readAll(io)));
      continue;
    }
    const found = await filesOf(path);
    problems.push(...found.problems);
    for (const file of found.files) parsed.push(parseFile(file, await readFile(file)));
  }
  return {parsed, problems};
};

const report = (diagnostics: readonly Diagnostic[], valid: number, flags: ValidateFlags, io: Io): void => {
  if (flags.format === 'json') {
    print(
      io.stdout,
      JSON.stringify({apiVersion: 'rollcall.dev/v1', kind: 'Validation', valid, diagnostics}, undefined, 2),
    );
    return;
  }
  const colour = wantsColour(io.stdout, io.env);
  for (const diagnostic of diagnostics) {
    print(
      io.stdout,
      flags.format === 'github' ? githubAnnotation(diagnostic) : diagnosticText(diagnostic, colour),
    );
  }
  const problems = diagnostics.length === 1 ? '1 problem' : `${diagnostics.length} problems`;
  print(io.stderr, `${valid} valid declarations, ${problems}`);
};

const knownWorkspaces = (flags: ValidateFlags, io: Io): ReadonlySet<string> | undefined | 'failed' => {
  if (flags.config === undefined) return undefined;
  const config = configured({config: flags.config, overrides: {}}, io);
  return config ? new Set(config.workspaces.map(({name}) => name)) : 'failed';
};

/** `rollcall validate`: checks declarations without touching the platform. `-` is standard input. */
export const validate = async (paths: readonly string[], flags: ValidateFlags, io: Io): Promise<ExitCode> => {
  const workspaces = knownWorkspaces(flags, io);
  if (workspaces === 'failed') return EXIT.failed;
  const given = paths.length > 0 ? paths : [existsSync(DEFAULT_FOLDER) ? DEFAULT_FOLDER : '.'];
  const {parsed, problems} = await parseAll(given, io);
  const {counts, diagnostics} = declare(parsed, workspaces);
  const all = inReadingOrder([...problems, ...diagnostics]);
  report(all, counts.valid, flags, io);
  if (problems.length > 0) return EXIT.failed;
  return all.length > 0 ? EXIT.invalid : EXIT.ok;
};
