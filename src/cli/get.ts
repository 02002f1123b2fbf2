import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {Finding} from '../domain/finding.ts';
import {summarise} from '../domain/report.ts';
import {byName} from '../domain/view.ts';
import {createLogger} from '../observe/log.ts';
import {type Composed, compose} from './compose.ts';
import {type ConfigFlags, configured, printDiagnostics} from './configured.ts';
import {EXIT, type ExitCode, type Io, print, wantsColour} from './io.ts';
import {noteSimulator} from './platform.ts';
import {campaignTable, summaryLine} from './render.ts';
import {Secrets} from './secrets.ts';

export interface GetFlags extends ConfigFlags {
  readonly format: 'table' | 'json';
}

/** States in which a campaign is not where Git wants it. */
const DIFFERS = new Set(['pending', 'drifted', 'held', 'terminal', 'missing', 'unrecognised', 'failed']);

const show = (findings: readonly Finding[], {viewOf}: Composed, flags: GetFlags, io: Io): void => {
  if (flags.format === 'json') {
    const items = findings.toSorted(byName).map(viewOf);
    print(
      io.stdout,
      JSON.stringify({apiVersion: 'rollcall.dev/v1', kind: 'CampaignList', items}, undefined, 2),
    );
    return;
  }
  print(io.stdout, campaignTable(findings, wantsColour(io.stdout, io.env)));
  print(io.stderr, summaryLine(summarise(findings)));
};

const read = async (
  composed: Composed,
  names: readonly string[],
  flags: GetFlags,
  io: Io,
): Promise<ExitCode> => {
  const {controller} = composed;
  await controller.once();
  const {conditions, diagnostics} = controller.report();
  const ready = conditions.find(({type}) => type === 'Ready');
  if (!controller.revision) {
    print(io.stderr, `rollcall: ${ready?.message ?? 'the source could not be read'}`);
    return EXIT.failed;
  }
  const all = controller.findings();
  const unknown = names.filter(name => !all.some(finding => finding.name === name));
  for (const name of unknown) print(io.stderr, `rollcall: no campaign has the name ${JSON.stringify(name)}`);
  const findings = names.length === 0 ? all : all.filter(({name}) => names.includes(name));
  show(findings, composed, flags, io);
  if (diagnostics.length > 0) printDiagnostics(diagnostics, io);
  const unread = findings.some(({state}) => state === 'unknown');
  if (unread && ready) print(io.stderr, `${ready.reason}: ${ready.message}`);
  if (unknown.length > 0 || unread) return EXIT.failed;
  if (diagnostics.length > 0) return EXIT.invalid;
  return findings.some(({state}) => DIFFERS.has(state)) ? EXIT.differs : EXIT.ok;
};

/** `rollcall get`: every campaign with what Git wants, what is live, and how the two relate. Reads only. */
export const get = async (names: readonly string[], flags: GetFlags, io: Io): Promise<ExitCode> => {
  const config = configured(flags, io);
  if (!config) return EXIT.failed;
  const secrets = new Secrets(io.env);
  const log = createLogger({
    level: 'silent',
    destination: io.stderr,
    colour: false,
    secrets: () => secrets.known,
  });
  const cacheDirectory = mkdtempSync(join(tmpdir(), 'rollcall-get-'));
  try {
    const composed = await compose({
      config,
      log,
      secrets,
      dryRun: true,
      cacheDirectory,
      joinSimulator: true,
    });
    if ('diagnostics' in composed) {
      printDiagnostics(composed.diagnostics, io);
      return EXIT.failed;
    }
    try {
      noteSimulator(config, composed.platformUrl, io);
      return await read(composed, names, flags, io);
    } finally {
      await composed.close();
    }
  } catch (error) {
    print(io.stderr, `rollcall: ${error instanceof Error ? error.message : String(error)}`);
    return EXIT.failed;
  } finally {
    rmSync(cacheDirectory, {recursive: true, force: true});
  }
};
