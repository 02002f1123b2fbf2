import {rmSync} from 'node:fs';
import {setTimeout as sleep} from 'node:timers/promises';
import {temporaryFolder} from '../disk/folder.ts';
import type {Diagnostic} from '../domain/diagnostic.ts';
import type {Selection} from '../domain/selection.ts';
import {errorText} from '../domain/text.ts';
import {systemClock} from '../system.ts';
import {
  type ConfigFlags,
  printDiagnostics,
  unknownAmong,
  unknownWorkspace,
  withConfigured,
} from './configured.ts';
import type {GET_FORMATS} from './formats.ts';
import {EXIT, type ExitCode, type Io, print} from './io.ts';
import {lookBy, withComposed} from './look-here.ts';
import {patienceOf} from './patience.ts';
import {createProgress} from './progress.ts';
import {say} from './say.ts';
import {servedCampaigns, servedWorkspaces} from './served.ts';
import {type Server, serverOf} from './server.ts';
import {Changed, exitFor, type Look, type Looked, select, show, tell} from './shown.ts';

export interface GetFlags extends ConfigFlags {
  readonly format: (typeof GET_FORMATS)[number];
  readonly selection: Selection;
  readonly watch: boolean;
  /** The controller that is asked, instead of the platform. */
  readonly server?: string;
}

const isOfFile = (diagnostic: object): diagnostic is Diagnostic => 'file' in diagnostic;

/** Says what kept the source and each workspace from being read. True where something did. */
const tellTroubles = ({stopped, troubles}: Looked, io: Io): boolean => {
  for (const message of [...troubles, ...stopped]) say(io, `rollcall: ${message}`);
  return troubles.length > 0;
};

const read = async (look: Look, names: readonly string[], flags: GetFlags, io: Io): Promise<ExitCode> => {
  const looked = await look();
  const isTroubled = tellTroubles(looked, io);
  if (!looked.seen.revision) return EXIT.failed;
  const shown = select(looked.all, names, {...flags, isTroubled}, io);
  if (looked.all.length > 0 || !isTroubled) tell(shown, looked.seen, flags, io);
  const ofFiles = looked.diagnostics.filter(isOfFile);
  if (ofFiles.length > 0) printDiagnostics(ofFiles, io);
  for (const one of looked.diagnostics)
    if (!isOfFile(one)) say(io, `workspace ${one.workspace}: left out: ${one.message}`);
  const unread = shown.findings.some(({state}) => state === 'unknown');
  if (shown.unknown || unread || (isTroubled && names.length === 0)) return EXIT.failed;
  return exitFor(shown, ofFiles.length > 0);
};

/** Shows what is, and then each campaign that is no longer as it was shown, until it is told to stop. */
const watch = async (
  {interval, look}: {readonly look: Look; readonly interval: number},
  names: readonly string[],
  flags: GetFlags,
  io: Io,
): Promise<ExitCode> => {
  const changed = new Changed();
  const unread = new AbortController();
  io.stdout.once('error', () => unread.abort());
  const ending = AbortSignal.any([io.stopping, unread.signal]);
  while (!ending.aborted) {
    const looked = await look();
    const isTroubled = tellTroubles(looked, io);
    const shown = select(looked.all, names, {...flags, isTroubled}, io);
    if (shown.unknown && !changed.isBegun) return EXIT.failed;
    const findings = changed.of(shown.findings, looked.seen);
    if (findings.length > 0) show({findings, names: []}, looked.seen, flags, io);
    await sleep(interval, undefined, {signal: ending}).catch(() => {});
  }
  return EXIT.ok;
};

const getHere = (names: readonly string[], flags: GetFlags, io: Io): Promise<ExitCode> =>
  withConfigured(flags, io, async config => {
    const unknown = unknownWorkspace(config, flags.selection);
    if (unknown !== undefined) {
      say(io, `rollcall: ${unknown}`);
      return EXIT.usage;
    }
    let cacheDirectory: string | undefined;
    try {
      cacheDirectory = temporaryFolder('rollcall-get-');
      return await withComposed(config, cacheDirectory, io, composed => {
        const {onWait} = patienceOf(io, createProgress(io, systemClock.ticks));
        const look = lookBy(composed, onWait);
        const {interval} = config.reconcile;
        return flags.watch ? watch({look, interval}, names, flags, io) : read(look, names, flags, io);
      });
    } catch (error) {
      print(io.stderr, `rollcall: ${errorText(error)}`);
      return EXIT.failed;
    } finally {
      if (cacheDirectory !== undefined) rmSync(cacheDirectory, {recursive: true, force: true});
    }
  });

/** How often a running controller is asked while somebody watches. Milliseconds. */
const ASKED_EVERY = 2_000;

const getFrom = async (
  server: Server,
  names: readonly string[],
  flags: GetFlags,
  io: Io,
): Promise<ExitCode> => {
  const {workspace} = flags.selection;
  const look = (): Promise<Looked> => servedCampaigns(server, names, workspace);
  try {
    const unknown =
      workspace === undefined ? undefined : unknownAmong(await servedWorkspaces(server), workspace);
    if (unknown !== undefined) {
      say(io, `rollcall: ${unknown}`);
      return EXIT.usage;
    }
    return flags.watch
      ? await watch({look, interval: ASKED_EVERY}, names, flags, io)
      : await read(look, names, flags, io);
  } catch (error) {
    say(io, `rollcall: ${errorText(error)}`);
    return EXIT.failed;
  }
};

/**
 * `rollcall get`: every campaign with what Git wants, what is live, and how the two relate: from the source and the
 * platform, or from a controller that runs. Reads only.
 */
export const get = (names: readonly string[], flags: GetFlags, io: Io): Promise<ExitCode> =>
  flags.server === undefined
    ? getHere(names, flags, io)
    : getFrom(serverOf(flags.server, io.env), names, flags, io);
