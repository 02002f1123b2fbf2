import type {Config} from '../config/schema.ts';
import {counted, toJson} from '../domain/text.ts';
import {withTimesFor} from '../domain/time.ts';
import {systemClock} from '../system.ts';
import {type ConfigFlags, loadConfigured} from './configured.ts';
import {type CheckResult, failed, ok} from './doctor/check.ts';
import {checkHistory} from './doctor/history.ts';
import {checkAuthorities, checkDisk, checkPeer, checkProxy, checkVersion} from './doctor/machine.ts';
import {checkPlatform, checkSource} from './doctor/reach.ts';
import {checkSecrets} from './doctor/secrets.ts';
import {EXIT, type ExitCode, type Io, print, readerOf, wantsColour} from './io.ts';
import {PLATFORM_URL} from './platform.ts';
import {plain, type Style, styled} from './render.ts';
import {Secrets} from './secrets.ts';
import {startInside} from './simulated.ts';

export interface DoctorFlags extends ConfigFlags {
  readonly format: 'text' | 'json';
}

const MARKS: Readonly<Record<CheckResult['status'], {mark: string; style: Style}>> = {
  ok: {mark: '✓', style: 'green'},
  warning: {mark: '!', style: 'yellow'},
  failed: {mark: '✗', style: 'red'},
  skipped: {mark: '-', style: 'dim'},
};

const checkConfigured = async (config: Config, io: Io): Promise<CheckResult[]> => {
  const secrets = new Secrets(io.env);
  const now = systemClock.now();
  const simulated = await startInside(config, true);
  if (simulated && 'diagnostics' in simulated)
    return simulated.diagnostics.map(({file, line, message}) =>
      failed('simulator', `${file}:${line}: ${message}`, 'mend the scenario'),
    );
  try {
    const url = simulated?.url ?? config.platform.baseUrl ?? PLATFORM_URL;
    const proxy = checkProxy(url, io.env);
    return [
      checkDisk(config),
      checkHistory(config, io.env),
      ...(await checkSource(config, secrets, io)),
      ...checkSecrets(config, secrets),
      proxy,
      ...(proxy.status === 'failed'
        ? []
        : [
            await checkPeer(url, io.env, now),
            ...checkAuthorities('platform.caFile', config.platform.caFile, now),
            ...checkAuthorities('source.git.caFile', config.source.git?.caFile, now),
            ...(await checkPlatform(config, url, simulated, secrets, io)),
          ]),
    ];
  } finally {
    await simulated?.close();
  }
};

const checkAll = async (flags: DoctorFlags, io: Io): Promise<CheckResult[]> => {
  const version = checkVersion(process.versions.node);
  const loaded = loadConfigured(flags, io.env);
  if ('diagnostics' in loaded) {
    const problems = loaded.diagnostics.map(({column, file, hint, line, message}) =>
      failed('configuration', `${file}:${line}:${column}: ${message}`, hint ?? 'see docs/configuration.md'),
    );
    return [version, ...problems];
  }
  const names = loaded.config.workspaces.map(({name}) => name).join(', ');
  const configuration = ok('configuration', `${flags.config} (${loaded.digest}): workspaces ${names}`);
  return [version, configuration, ...(await checkConfigured(loaded.config, io))];
};

const show = (results: readonly CheckResult[], io: Io): void => {
  const colour = wantsColour(io.stdout, io.env);
  const reader = readerOf(io, systemClock.now());
  for (const {check, message, remedy, status} of results) {
    const {mark, style} = MARKS[status];
    print(io.stdout, `${styled(mark, style, colour)} ${check}: ${plain(withTimesFor(message, reader))}`);
    if (remedy !== undefined) print(io.stdout, `    ${plain(remedy)}`);
  }
};

/** `rollcall doctor`: everything that an operator can get wrong, in order, each with its remedy. Only reads. */
export const doctor = async (flags: DoctorFlags, io: Io): Promise<ExitCode> => {
  const checks = await checkAll(flags, io);
  const wrong = checks.filter(({status}) => status === 'failed').length;
  if (flags.format === 'json')
    print(
      io.stdout,
      toJson({apiVersion: 'rollcall.dev/v1', kind: 'Diagnosis', healthy: wrong === 0, checks}, 2),
    );
  else {
    show(checks, io);
    print(io.stderr, wrong === 0 ? 'nothing is wrong' : `${counted(wrong, 'check')} failed`);
  }
  return wrong === 0 ? EXIT.ok : EXIT.failed;
};
