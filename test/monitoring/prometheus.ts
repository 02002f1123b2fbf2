import {spawn} from 'node:child_process';
import {existsSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {onTestFinished} from 'vitest';
import {stringify} from 'yaml';
import {freePort} from '../support/servers.ts';
import {eventually} from '../support/wait.ts';

const PROGRAMS = {
  prometheus: ['/usr/bin/prometheus', 'prometheus'],
  alertmanager: ['/usr/bin/prometheus-alertmanager', 'alertmanager'],
} as const;

const pathOf = (program: keyof typeof PROGRAMS): string => {
  const [debian, usual] = PROGRAMS[program];
  return existsSync(debian) ? debian : usual;
};

const start = (program: keyof typeof PROGRAMS, args: readonly string[]): void => {
  const child = spawn(pathOf(program), args, {stdio: 'ignore'});
  const ended = new Promise(resolve => child.once('close', resolve));
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
};

/** What is scraped: a job, and where it is. */
export type Targets = Readonly<Record<string, readonly string[]>>;

/** A process that stands still for more than a second is asked more patiently. */
const SLOWLY: Readonly<Record<string, Record<string, string>>> = {
  'event-loop': {__scrape_interval__: '3s', __scrape_timeout__: '3s'},
};

interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
}

/** A real Prometheus and a real Alertmanager, which sends what fires and what resolves to an address. */
export const startPrometheus = async (folder: string, ruleFiles: readonly string[], webhook: string) => {
  const [port, alertPort] = [await freePort(), await freePort()];
  const targets = join(folder, 'targets.json');
  writeFileSync(targets, '[]');
  const prometheus = {
    global: {scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s'},
    rule_files: ruleFiles,
    alerting: {alertmanagers: [{static_configs: [{targets: [`127.0.0.1:${alertPort}`]}]}]},
    scrape_configs: [{job_name: 'rollcall', file_sd_configs: [{files: [targets], refresh_interval: '1s'}]}],
  };
  const alertmanager = {
    route: {
      receiver: 'test',
      group_by: ['...'],
      group_wait: '0s',
      group_interval: '1s',
      repeat_interval: '1h',
    },
    receivers: [{name: 'test', webhook_configs: [{url: webhook, send_resolved: true}]}],
  };
  const [config, alertConfig] = [join(folder, 'prometheus.yaml'), join(folder, 'alertmanager.yaml')];
  writeFileSync(config, stringify(prometheus));
  writeFileSync(alertConfig, stringify(alertmanager));
  start('alertmanager', [
    `--config.file=${alertConfig}`,
    `--storage.path=${join(folder, 'alertmanager')}`,
    `--web.listen-address=127.0.0.1:${alertPort}`,
    '--cluster.listen-address=',
  ]);
  start('prometheus', [
    `--config.file=${config}`,
    `--storage.tsdb.path=${join(folder, 'tsdb')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--rules.alert.resend-delay=1s',
  ]);
  const url = `http://127.0.0.1:${port}`;
  await eventually(async () => (await fetch(`${url}/-/ready`)).ok);
  await eventually(async () => (await fetch(`http://127.0.0.1:${alertPort}/-/ready`)).ok);
  return {
    url,
    scrape: (jobs: Targets): void =>
      writeFileSync(
        targets,
        JSON.stringify(
          Object.entries(jobs).map(([job, addresses]) => ({
            targets: addresses,
            labels: {job, ...SLOWLY[job]},
          })),
        ),
      ),
    /** The samples that a query gives now; rejects where it is none. */
    query: async (text: string): Promise<readonly Sample[]> => {
      const answer = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(text)}`);
      const body = (await answer.json()) as {status: string; error?: string; data: {result: Sample[]}};
      if (body.status !== 'success') throw new Error(`${text}: ${body.error}`);
      return body.data.result;
    },
  };
};
