import {existsSync, readFileSync} from 'node:fs';
import {stat} from 'node:fs/promises';
import {normalize} from 'node:path';
import {declare, type ParsedFile} from '../domain/declarations.ts';
import {type Diagnostic, inReadingOrder} from '../domain/diagnostic.ts';
import {declarationFiles, readAtMost} from '../source/directory.ts';
import {parseFile} from '../source/parse.ts';
import {mapBounded} from '../source/snapshot.ts';
import {systemClock} from '../system.ts';
import {configured} from './configured.ts';
import {EXIT, type ExitCode, type Io, print, wantsColour} from './io.ts';
import {createProgress} from './progress.ts';
import {diagnosticText, githubAnnotation, type LineOf} from './render.ts';

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

const STDIN = '<stdin>';

/** What was read: the files, what could not be read, and the way to a line of any of them. */
interface Read {
  readonly parsed: readonly ParsedFile[];
  readonly problems: readonly Diagnostic[];
  readonly lineOf: LineOf;
}

/** Files are read again for their lines: those with problems are few, and not all is kept for them. */
const lineReader = (stdin: Uint8Array | undefined): LineOf => {
  const lines = new Map<string, readonly string[]>();
  const read = (file: string): readonly string[] => {
    try {
      const bytes = file === STDIN && stdin ? stdin : readFileSync(file);
      return new TextDecoder().decode(bytes).split(/\r\n|\r|\n/);
    } catch {
      return [];
    }
  };
  return ({file, line}) => {
    if (!lines.has(file)) lines.set(file, read(file));
    return lines.get(file)?.[line - 1];
  };
};

const parseOne = async (file: string): Promise<{parsed: ParsedFile} | {problem: Diagnostic}> => {
  try {
    return {parsed: parseFile(file, await readAtMost(file))};
  } catch {
    return {problem: unreadable(file, 'the file cannot be read')};
  }
};

const parseAll = async (paths: readonly string[], io: Io): Promise<Read> => {
  const given = [...new Set(paths)];
  const stdin = given.includes('-') ? await readAll(io) : undefined;
  const found = await Promise.all(given.filter(path => path !== '-').map(filesOf));
  const files = [...new Set(found.flatMap(one => one.files.map(file => normalize(file))))];
  const progress = createProgress(io, systemClock.now);
  let done = 0;
  const read = await mapBounded(files, async file => {
    done += 1;
    progress.show(`validating ${done} of ${files.length} files`);
    return parseOne(file);
  });
  progress.clear();
  return {
    parsed: [
      ...(stdin ? [parseFile(STDIN, stdin)] : []),
      ...read.flatMap(one => ('parsed' in one ? [one.parsed] : [])),
    ],
    problems: [
      ...found.flatMap(({problems}) => problems),
      ...read.flatMap(one => ('problem' in one ? [one.problem] : [])),
    ],
    lineOf: lineReader(stdin),
  };
};

/** GitHub shows this many annotations of one step, and leaves the others in the log. */
const ANNOTATIONS_SHOWN = 10;

const report = (
  diagnostics: readonly Diagnostic[],
  valid: number,
  lineOf: LineOf,
  {format}: ValidateFlags,
  io: Io,
): void => {
  if (format === 'json') {
    const document = {apiVersion: 'rollcall.dev/v1', kind: 'Validation', valid, diagnostics};
    print(io.stdout, JSON.stringify(document, undefined, 2));
    return;
  }
  const colour = wantsColour(io.stdout, io.env);
  for (const diagnostic of diagnostics) {
    const text =
      format === 'github'
        ? githubAnnotation(diagnostic)
        : diagnosticText(diagnostic, colour, lineOf(diagnostic));
    print(io.stdout, text);
  }
  const problems = diagnostics.length === 1 ? '1 problem' : `${diagnostics.length} problems`;
  print(io.stderr, `${valid} valid ${valid === 1 ? 'declaration' : 'declarations'}, ${problems}`);
  if (format === 'github' && diagnostics.length > ANNOTATIONS_SHOWN)
    print(io.stderr, `GitHub shows ${ANNOTATIONS_SHOWN} of them on the files; all are in this log`);
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
  if (paths.length === 0 && !existsSync(DEFAULT_FOLDER)) {
    print(io.stderr, `rollcall: there is no folder ${DEFAULT_FOLDER} here: name what to validate`);
    return EXIT.usage;
  }
  const given = paths.length > 0 ? paths : [DEFAULT_FOLDER];
  const {lineOf, parsed, problems} = await parseAll(given, io);
  const {counts, diagnostics} = declare(parsed, workspaces);
  const all = inReadingOrder([...problems, ...diagnostics]);
  report(all, counts.valid, lineOf, flags, io);
  if (problems.length > 0) return EXIT.failed;
  return all.length > 0 ? EXIT.invalid : EXIT.ok;
};
