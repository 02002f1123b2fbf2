import {existsSync} from 'node:fs';
import {setImmediate} from 'node:timers/promises';
import {readNamed, readStreamAtMost} from '../disk/read-file.ts';
import {readSmallFile} from '../disk/read-small-file.ts';
import type {ParsedFile} from '../domain/declarations.ts';
import {declare} from '../domain/declare.ts';
import {type Diagnostic, inReadingOrder} from '../domain/diagnostic.ts';
import {errorText} from '../domain/text.ts';
import {warningsOf} from '../domain/warnings.ts';
import {contentsNow} from '../source/files.ts';
import {holidays} from '../source/holidays.ts';
import {parseAside} from '../source/parse-aside.ts';
import {placed} from '../source/placed.ts';
import {mapBounded} from '../source/snapshot.ts';
import {systemClock} from '../system.ts';
import {loadConfigured, printDiagnostics} from './configured.ts';
import {EXIT, type ExitCode, type Io, print} from './io.ts';
import {createProgress} from './progress.ts';
import type {LineOf} from './render.ts';
import {filesOf, unreadable, type Wanted} from './validation-files.ts';
import {report} from './validation-report.ts';

export interface ValidateFlags {
  readonly format: 'text' | 'json' | 'github';
  /** With it, workspaces that it does not name are errors. */
  readonly config?: string;
}

const DEFAULT_FOLDER = 'campaigns';

const STDIN = '<stdin>';

/** After so many files the process hears what else there is, such as a signal. */
const IN_A_ROW = 256;

/** What was read: the files, what could not be read, what is not read, and the way to a line of any of them. */
interface Read {
  readonly parsed: readonly ParsedFile[];
  readonly problems: readonly Diagnostic[];
  readonly warnings: readonly Diagnostic[];
  readonly bytesOf: (file: string) => Uint8Array | undefined;
}

/**
 * Files are read again where something is wrong with them: those are few, and not all is kept for them. Nothing is shown of
 * what was not read as a declaration, such as a link that leads elsewhere.
 */
const readerAgain = (files: readonly Wanted[], stdin: Uint8Array | undefined): Read['bytesOf'] => {
  const read = new Map(files.map(({file, found}) => [file, found] as const));
  return file => {
    if (file === STDIN) return stdin;
    if (!read.has(file)) return undefined;
    try {
      const found = read.get(file);
      return found ? contentsNow(found) : readSmallFile(file);
    } catch {
      return undefined;
    }
  };
};

const lineReader = (bytesOf: Read['bytesOf']): LineOf => {
  const lines = new Map<string, readonly string[]>();
  return ({file, line}) => {
    const known = lines.get(file) ?? new TextDecoder().decode(bytesOf(file)).split(/\r\n|\r|\n/);
    lines.set(file, known);
    return known[line - 1];
  };
};

const parseOne = async (
  {file, found}: Wanted,
  signal: AbortSignal,
): Promise<{parsed: ParsedFile} | {problem: Diagnostic}> => {
  try {
    const parsed = await parseAside(file, found ? contentsNow(found) : await readNamed(file, signal));
    if (!found?.problem) return {parsed};
    return {parsed: {...parsed, diagnostics: [{...found.problem, file}, ...parsed.diagnostics]}};
  } catch (error) {
    return {problem: unreadable(file, `the file cannot be read: ${errorText(error)}`)};
  }
};

/** Standard input, where it is asked for; what keeps it from being read is a problem like any other file's. */
const readStdin = async (io: Io): Promise<{bytes: Uint8Array} | {problem: Diagnostic}> => {
  try {
    return {bytes: await readStreamAtMost(io.stdin, io.stopping)};
  } catch (error) {
    return {problem: unreadable(STDIN, `it cannot be read: ${errorText(error)}`)};
  }
};

const parseAll = async (paths: readonly string[], fromGit: boolean, io: Io): Promise<Read> => {
  const given = [...new Set(paths)];
  const input = given.includes('-') ? await readStdin(io) : undefined;
  const stdin = input && 'bytes' in input ? input.bytes : undefined;
  const found = await Promise.all(given.filter(path => path !== '-').map(path => filesOf(path, fromGit)));
  const files = [
    ...new Map(found.flatMap(one => one.files.map(wanted => [wanted.file, wanted] as const))).values(),
  ];
  const progress = createProgress(io, systemClock.ticks);
  let done = 0;
  const read = await mapBounded(files, async file => {
    done += 1;
    if (done % IN_A_ROW === 0) await setImmediate();
    progress.show(`validating ${done} of ${files.length} files`);
    return parseOne(file, io.stopping);
  });
  progress.clear();
  return {
    parsed: [
      ...(stdin ? [await parseAside(STDIN, stdin)] : []),
      ...read.flatMap(one => ('parsed' in one ? [one.parsed] : [])),
    ],
    warnings: found.flatMap(({warnings}) => warnings),
    problems: [
      ...(input && 'problem' in input ? [input.problem] : []),
      ...found.flatMap(({problems}) => problems),
      ...read.flatMap(one => ('problem' in one ? [one.problem] : [])),
    ],
    bytesOf: readerAgain(files, stdin),
  };
};

/** What is known of the controller; nothing where no configuration is named. */
interface Known {
  readonly workspaces?: ReadonlySet<string>;
  /** It reads a commit, and not a plain folder. */
  readonly fromGit: boolean;
}

const knownFrom = (flags: ValidateFlags, io: Io): Known | 'failed' => {
  if (flags.config === undefined) return {fromGit: true};
  const loaded = loadConfigured({config: flags.config, overrides: {}}, io.env);
  if ('config' in loaded) {
    const {source, workspaces} = loaded.config;
    return {workspaces: new Set(workspaces.map(({name}) => name)), fromGit: source.directory === undefined};
  }
  printDiagnostics(loaded.diagnostics, io);
  return 'failed';
};

/** `rollcall validate`: checks declarations without touching the platform. `-` is standard input. */
export const validate = async (paths: readonly string[], flags: ValidateFlags, io: Io): Promise<ExitCode> => {
  const known = knownFrom(flags, io);
  if (known === 'failed') return EXIT.failed;
  if (paths.length === 0 && !existsSync(DEFAULT_FOLDER)) {
    print(io.stderr, `rollcall: there is no folder ${DEFAULT_FOLDER} here: name what to validate`);
    return EXIT.usage;
  }
  const given = paths.length > 0 ? paths : [DEFAULT_FOLDER];
  const {bytesOf, parsed, problems, warnings: unread} = await parseAll(given, known.fromGit, io);
  const declarations = declare(parsed, known.workspaces, undefined, holidays);
  const all = inReadingOrder([...problems, ...placed(declarations.diagnostics, bytesOf)]);
  const {valid} = declarations.counts;
  const lineOf = lineReader(bytesOf);
  const warnings = [...unread, ...warningsOf(declarations, systemClock.now())];
  report({diagnostics: all, warnings, valid, lineOf}, flags, io);
  if (problems.length > 0) return EXIT.failed;
  return all.length > 0 ? EXIT.invalid : EXIT.ok;
};
