import {existsSync, lstatSync, statSync} from 'node:fs';
import {writeFile} from 'node:fs/promises';
import {dirname, join, relative, resolve} from 'node:path';
import type {Config} from '../config/schema.ts';
import {readLive} from '../controller/read-live.ts';
import {makeFolder} from '../disk/folder.ts';
import {allClaims, claimed} from '../domain/declarations.ts';
import {declare} from '../domain/declare.ts';
import {counted, errorText, toJson} from '../domain/text.ts';
import {contentsOf, declarationFiles} from '../source/files.ts';
import {localPathOf} from '../source/git/mirror.ts';
import {parseAside} from '../source/parse-aside.ts';
import {campaignJsonSchema} from '../source/schema.ts';
import {mapBounded} from '../source/snapshot.ts';
import {systemClock} from '../system.ts';
import {type ConfigFlags, printDiagnostics, unknownWorkspace, withConfigured} from './configured.ts';
import {type Existing, type ExportedFile, exportFiles, SCHEMA_FILE} from './export-files.ts';
import {EXIT, type ExitCode, type Io, print} from './io.ts';
import {patienceOf} from './patience.ts';
import type {ComposedPlatform} from './platform.ts';
import {createProgress} from './progress.ts';
import {say} from './say.ts';
import {withPlatform} from './with-platform.ts';

export interface ExportFlags extends ConfigFlags {
  readonly workspace?: string;
  readonly directory?: string;
}

/** Where the configuration says that declarations are, on this machine. */
const defaultDirectory = ({source: {directory, git}}: Config): string => {
  if (directory) return directory.path;
  return join(localPathOf(git?.url ?? '.') ?? '.', git?.path ?? '');
};

const readExisting = async (directory: string) => {
  if (existsSync(directory) && !statSync(directory).isDirectory())
    throw new Error(`${directory} is a file, not a folder`);
  const found = existsSync(directory) ? await declarationFiles(directory) : [];
  const files = await mapBounded(found, async one =>
    parseAside(join(directory, one.file), await contentsOf(one)),
  );
  const all = [...allClaims(declare(files, undefined))].map(claimed);
  const existing: Existing = {
    campaigns: new Set(all.map(({campaignId, workspace}) => `${workspace}/${campaignId}`)),
    names: new Set(all.map(({name, workspace}) => `${workspace}/${name}`)),
    paths: new Set(found.map(({file}) => file)),
  };
  return {existing, diagnostics: files.flatMap(file => file.diagnostics)};
};

interface Gathered {
  readonly files: readonly ExportedFile[];
  readonly skipped: readonly string[];
  /** Campaigns that have ended or were cancelled. */
  readonly over: number;
}

/** What is to be written; or undefined, once it has been said why a workspace could not be read. */
const gather = async (
  composed: ComposedPlatform,
  wanted: string | undefined,
  existing: Existing,
  io: Io,
): Promise<Gathered | undefined> => {
  const files: ExportedFile[] = [];
  const skipped: string[] = [];
  let over = 0;
  const progress = createProgress(io, systemClock.ticks);
  const patience = patienceOf(io, progress);
  for (const {config, platform} of composed.workspaces) {
    if (wanted !== undefined && config.name !== wanted) continue;
    const {failure, unusable, view} = await readLive(platform, new Set(), patience);
    for (const problem of unusable) skipped.push(`${config.name}: ${problem}`);
    if (failure) {
      progress.clear();
      const why = io.stopping.aborted ? 'told to stop' : `workspace ${config.name}: ${failure.message}`;
      say(io, `rollcall: ${why}; nothing was written`);
      return undefined;
    }
    const live = [...view.observations().values()].flatMap(item =>
      item.kind === 'seen' ? [item.campaign] : [],
    );
    const made = exportFiles(config.name, live, existing);
    for (const file of made.files) files.push(file);
    over += made.over;
    for (const {campaignId, why} of made.skipped) skipped.push(`${config.name}/${campaignId}: ${why}`);
  }
  progress.clear();
  return {files, skipped, over};
};

/** Refuses a folder that is a link: what is written there lies elsewhere, and no controller reads it. */
const assertNoLink = (directory: string, path: string): void => {
  const parts = dirname(path)
    .split('/')
    .filter(part => part !== '.');
  for (const [index] of parts.entries()) {
    const folder = join(directory, ...parts.slice(0, index + 1));
    if (lstatSync(folder, {throwIfNoEntry: false})?.isSymbolicLink())
      throw new Error(`${folder} is a symbolic link, and nothing is written through it`);
  }
};

/** Writes files that are not there yet; one that is there by now is an error, and stays as it is. */
const write = async (directory: string, files: readonly ExportedFile[], io: Io): Promise<void> => {
  for (const {path, text} of files) {
    const target = join(directory, path);
    assertNoLink(directory, path);
    makeFolder(resolve(dirname(target)));
    await writeFile(target, text, {flag: 'wx'});
    const shown = relative('.', target);
    print(io.stdout, shown.startsWith('..') ? target : shown);
  }
};

const schemaFile = (directory: string): ExportedFile[] =>
  existsSync(join(directory, SCHEMA_FILE))
    ? []
    : [{path: SCHEMA_FILE, text: `${toJson(campaignJsonSchema(), 2)}\n`}];

const exportTo = async (directory: string, config: Config, flags: ExportFlags, io: Io): Promise<ExitCode> => {
  const {diagnostics, existing} = await readExisting(directory);
  if (diagnostics.length > 0) {
    printDiagnostics(diagnostics, io);
    print(io.stderr, 'rollcall: mend these first, so that nothing is declared twice; nothing was written');
    return EXIT.invalid;
  }
  return withPlatform(config, io, async composed => {
    const gathered = await gather(composed, flags.workspace, existing, io);
    if (!gathered) return EXIT.failed;
    const {files, over, skipped} = gathered;
    await write(directory, files.length > 0 ? [...schemaFile(directory), ...files] : [], io);
    for (const line of skipped) say(io, `left out: ${line}`);
    const ended = over > 0 ? `, ${over} left out since they are over` : '';
    const left = skipped.length > 0 ? `, ${skipped.length} left out as said above` : '';
    const there = `${existing.campaigns.size} were there already`;
    print(io.stderr, `${counted(files.length, 'declaration')} written, ${there}${ended}${left}`);
    return skipped.length > 0 ? EXIT.differs : EXIT.ok;
  });
};

/**
 * `rollcall export`: one declaration for each live campaign that is not over and that nothing declares yet, as
 * it is now. Existing files are never touched, so that doing it again changes nothing.
 */
export const exportLive = (flags: ExportFlags, io: Io): Promise<ExitCode> =>
  withConfigured(flags, io, async config => {
    const unknown = unknownWorkspace(config, flags);
    if (unknown !== undefined) {
      say(io, `rollcall: ${unknown}`);
      return EXIT.usage;
    }
    const directory = flags.directory === undefined ? defaultDirectory(config) : resolve(flags.directory);
    try {
      return await exportTo(directory, config, flags, io);
    } catch (error) {
      const advice =
        flags.directory === undefined ? 'name another folder with --directory' : 'choose another --directory';
      const isOfFiles = error instanceof Error && 'syscall' in error;
      say(
        io,
        `rollcall: ${isOfFiles ? `it could not be written: ${errorText(error)}: ${advice}` : errorText(error)}`,
      );
      return EXIT.failed;
    }
  });
