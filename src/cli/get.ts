import {rmSync} from 'node:fs';
import {setTimeout as sleep} from 'node:timers/promises';
import {stringify} from 'yaml';
import type {Config} from '../config/schema.ts';
import {temporaryFolder} from '../disk/folder.ts';
import {nearest} from '../document/nearest.ts';
import {tally} from '../domain/conditions.ts';
import type {Diagnostic} from '../domain/diagnostic.ts';
import type {Finding} from '../domain/finding.ts';
import {isSelected, nameMatcher, namesOf, type Selection} from '../domain/selection.ts';
import {gravestEnding} from '../domain/states.ts';
import {errorText, toJson} from '../domain/text.ts';
import {rfc3339, timeFor} from '../domain/time.ts';
import {byName} from '../domain/view.ts';
import {createLogger} from '../observe/logger.ts';
import {systemClock} from '../system.ts';
import {type Composed, compose} from './compose.ts';
import {type ConfigFlags, printDiagnostics, unknownWorkspace, withConfigured} from './configured.ts';
import {describeCampaign} from './describe.ts';
import {EXIT, type ExitCode, type Io, print, readerOf, wantsColour, widthOf} from './io.ts';
import {noteSimulator} from './platform.ts';
import {campaignTable, plain, summaryLine} from './render.ts';
import {say} from './say.ts';
import {Secrets} from './secrets.ts';

export const GET_FORMATS = ['table', 'wide', 'json', 'yaml', 'name'] as const;

export interface GetFlags extends ConfigFlags {
  readonly format: (typeof GET_FORMATS)[number];
  readonly selection: Selection;
  readonly watch: boolean;
}

/** What was read, and which of it is asked for. */
interface Shown {
  readonly all: readonly Finding[];
  readonly findings: readonly Finding[];
  readonly names: readonly string[];
}

const document = ({findings}: Shown, {controller, viewOf}: Composed) => ({
  apiVersion: 'rollcall.dev/v1',
  kind: 'CampaignList',
  revision: controller.revision?.id ?? null,
  observedAt: rfc3339(systemClock.now()),
  items: findings.toSorted(byName).map(viewOf),
});

/** One campaign, asked for by its name, is told whole. */
const isOne = ({findings, names}: Shown): boolean =>
  names.length === 1 && findings.length === 1 && !/[*?]/.test(names[0] ?? '');

const show = (shown: Shown, composed: Composed, {format}: GetFlags, io: Io): void => {
  const {findings} = shown;
  const reader = readerOf(io, systemClock.now());
  const colour = wantsColour(io.stdout, io.env);
  const [only] = findings;
  if (format === 'json') print(io.stdout, toJson(document(shown, composed), 2));
  else if (format === 'yaml') print(io.stdout, stringify(JSON.parse(toJson(document(shown, composed)))));
  else if (format === 'name')
    print(
      io.stdout,
      findings
        .toSorted(byName)
        .map(one => plain(`${one.workspace}/${one.name}`))
        .join('\n'),
    );
  else if (format === 'table' && only && isOne(shown))
    print(io.stdout, describeCampaign(only, composed.viewOf(only), {colour, reader}));
  else {
    const width = format === 'wide' ? undefined : widthOf(io.stdout);
    print(io.stdout, campaignTable(findings, {colour, reader, width, wide: format === 'wide'}));
  }
};

/** Which revision was read, and when. */
const provenance = ({controller: {revision}}: Composed, io: Io): string => {
  const reader = readerOf(io, systemClock.now());
  const id = revision?.id.replace(/^sha256:/, '').slice(0, 12) ?? '';
  const subject = revision?.subject === undefined ? '' : ` «${revision.subject}»`;
  const author = revision?.author === undefined ? '' : ` by ${revision.author}`;
  const committed = revision?.committedAt === undefined ? '' : `, ${timeFor(revision.committedAt, reader)}`;
  return plain(`revision ${id}${subject}${author}${committed}; read ${timeFor(reader.now, reader)}`);
};

const tellUnknown = (name: string, all: readonly Finding[], troubled: boolean, io: Io): void => {
  if (troubled) {
    say(io, `rollcall: no such campaign among what could be read: ${JSON.stringify(name)}`);
    return;
  }
  const near = nearest(name, [...new Set(all.flatMap(namesOf))]);
  const hint = near === undefined ? '' : `; did you mean ${near}?`;
  say(io, `rollcall: no such campaign: ${JSON.stringify(name)}${hint}`);
};

const select = (
  composed: Composed,
  names: readonly string[],
  {selection}: GetFlags,
  io: Io,
): Shown & {unknown: boolean} => {
  const all = [...composed.controller.campaigns.findings()];
  const matchers = names.map(name => ({name, matches: nameMatcher(name)}));
  const unknown = matchers.filter(({matches}) => !all.some(matches));
  const troubled = composed.controller.troubles.length > 0;
  for (const {name} of unknown) tellUnknown(name, all, troubled, io);
  const findings = all.filter(
    finding =>
      isSelected(finding, selection) &&
      (names.length === 0 || matchers.some(({matches}) => matches(finding))),
  );
  return {all, findings, names, unknown: unknown.length > 0};
};

const isOfFile = (diagnostic: object): diagnostic is Diagnostic => 'file' in diagnostic;

/** Says what kept the source and each workspace from being read. True where something did. */
const tellTroubles = ({controller}: Composed, io: Io): boolean => {
  for (const {message} of controller.troubles) say(io, `rollcall: ${message}`);
  return controller.troubles.length > 0;
};

const exitFor = ({findings}: Shown, invalid: boolean): ExitCode =>
  EXIT[
    gravestEnding(
      findings.map(({state}) => state),
      invalid ? 'invalid' : 'ok',
    )
  ];

const read = async (
  composed: Composed,
  names: readonly string[],
  flags: GetFlags,
  io: Io,
): Promise<ExitCode> => {
  const {controller} = composed;
  await controller.once();
  const troubled = tellTroubles(composed, io);
  if (!controller.revision) return EXIT.failed;
  const shown = select(composed, names, flags, io);
  if (shown.findings.length > 0 || names.length === 0) show(shown, composed, flags, io);
  if (flags.format === 'table' || flags.format === 'wide') {
    if (!isOne(shown) && !shown.unknown) print(io.stderr, summaryLine(tally(shown.findings).summary));
    print(io.stderr, provenance(composed, io));
  }
  const {diagnostics} = controller.report();
  const ofFiles = diagnostics.filter(isOfFile);
  if (ofFiles.length > 0) printDiagnostics(ofFiles, io);
  for (const one of diagnostics)
    if (!isOfFile(one)) say(io, `workspace ${one.workspace}: left out: ${one.message}`);
  const unread = shown.findings.some(({state}) => state === 'unknown');
  if (shown.unknown || unread || (troubled && names.length === 0)) return EXIT.failed;
  return exitFor(shown, ofFiles.length > 0);
};

/** Shows what is, and then each campaign that is no longer as it was shown, until it is told to stop. */
const watch = async (
  composed: Composed,
  names: readonly string[],
  flags: GetFlags,
  interval: number,
  io: Io,
): Promise<ExitCode> => {
  const last = new Map<string, string>();
  const unread = new AbortController();
  io.stdout.once('error', () => unread.abort());
  const ending = AbortSignal.any([io.stopping, unread.signal]);
  while (!ending.aborted) {
    await composed.controller.once();
    void tellTroubles(composed, io);
    const shown = select(composed, names, flags, io);
    if (shown.unknown && last.size === 0) return EXIT.failed;
    const changed = shown.findings.filter(finding => {
      const key = `${finding.workspace}/${finding.campaignId}`;
      const now = JSON.stringify(composed.viewOf(finding));
      const differs = last.get(key) !== now;
      last.set(key, now);
      return differs;
    });
    if (changed.length > 0) show({...shown, findings: changed, names: []}, composed, flags, io);
    await sleep(interval, undefined, {signal: ending}).catch(() => {});
  }
  return EXIT.ok;
};

const withComposed = async (
  config: Config,
  cacheDirectory: string,
  io: Io,
  work: (composed: Composed) => Promise<ExitCode>,
): Promise<ExitCode> => {
  const secrets = new Secrets(io.env);
  const log = createLogger({
    level: 'silent',
    destination: io.stderr,
    colour: false,
    secrets: () => secrets.known,
    reader: () => readerOf(io, systemClock.now()),
  });
  const options = {
    config,
    env: io.env,
    log,
    secrets,
    dryRun: true,
    cacheDirectory,
    joinSimulator: true,
    share: 'command',
  } as const;
  const composed = await compose(options);
  if ('diagnostics' in composed) {
    printDiagnostics(composed.diagnostics, io);
    return EXIT.failed;
  }
  const stop = (): void => void composed.controller.stop();
  io.stopping.addEventListener('abort', stop, {once: true});
  try {
    noteSimulator(config, composed.platformUrl, io);
    return await work(composed);
  } finally {
    io.stopping.removeEventListener('abort', stop);
    await composed.close();
  }
};

/** `rollcall get`: every campaign with what Git wants, what is live, and how the two relate. Reads only. */
export const get = (names: readonly string[], flags: GetFlags, io: Io): Promise<ExitCode> =>
  withConfigured(flags, io, async config => {
    const unknown = unknownWorkspace(config, flags.selection);
    if (unknown !== undefined) {
      say(io, `rollcall: ${unknown}`);
      return EXIT.usage;
    }
    let cacheDirectory: string | undefined;
    try {
      cacheDirectory = temporaryFolder('rollcall-get-');
      return await withComposed(config, cacheDirectory, io, composed =>
        flags.watch
          ? watch(composed, names, flags, config.reconcile.interval, io)
          : read(composed, names, flags, io),
      );
    } catch (error) {
      print(io.stderr, `rollcall: ${errorText(error)}`);
      return EXIT.failed;
    } finally {
      if (cacheDirectory !== undefined) rmSync(cacheDirectory, {recursive: true, force: true});
    }
  });
