/** Every alert in reality: a real Prometheus and Alertmanager scrape real controllers to which real things happen. */

import {writeFileSync} from 'node:fs';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {join} from 'node:path';
import {expect, it, onTestFinished} from 'vitest';
import {stringify} from 'yaml';
import {ALERTS} from '../../monitoring/alerts/all.ts';
import {CONTROLLER} from '../../monitoring/dashboards/controller.ts';
import {FLEET} from '../../monitoring/dashboards/fleet.ts';
import {draw} from '../../monitoring/draw/draw.ts';
import {filled} from '../../monitoring/draw/query.ts';
import {EXAMPLES} from '../../monitoring/pages/examples.ts';
import {RULE_DEFAULTS, rules} from '../../monitoring/rules.ts';
import {receiver} from '../support/receiver.ts';
import {temporaryFolder} from '../support/temp.ts';
import {eventually} from '../support/wait.ts';
import {startPrometheus} from './prometheus.ts';
import {
  ofCampaigns,
  ofEventLoop,
  ofLeases,
  ofPlatform,
  ofRate,
  ofSource,
  ofTimetable,
  type Scene,
} from './scenes.ts';

/** An hour is a minute; but a week, which is too long even so, half a minute, and a share of few requests six minutes. */
const SHORTENED = 60;
const OTHERWISE: Readonly<Record<string, number>> = {
  RollcallHoldForgotten: 20_160,
  RollcallPlatformThrottling: 10,
};
const PATIENCE = 150_000;
/** A receiver that failed for long is tried again after five minutes at the latest. */
const LONGEST_RETRY = 5 * 60_000;

const ruleFile = (folder: string, shortened: number, isMeant: (alert: string) => boolean): string => {
  const {groups} = rules({...RULE_DEFAULTS, shortened});
  const meant = groups.map(group => ({...group, rules: group.rules.filter(({alert}) => isMeant(alert))}));
  const path = join(folder, `rules-${shortened}.yaml`);
  writeFileSync(path, stringify({groups: meant.filter(group => group.rules.length > 0)}));
  return path;
};

/** What no scene can bring about from outside: metrics as a controller in such a state would show them. */
const ofMetrics = async (): Promise<Scene> => {
  let faults = 0;
  let more: NodeJS.Timeout | undefined;
  const text = () =>
    `rollcall_unexpected_errors_total{work="turn"} ${faults}\nrollcall_history_lost_total ${faults}\n`;
  const server = createServer((_request, response) => void response.end(text()));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    clearInterval(more);
    server.closeAllConnections();
    server.close();
  });
  return {
    job: 'metrics',
    alerts: ['RollcallUnexpectedErrors', 'RollcallHistoryFailing'],
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    breakIt: () => {
      more = setInterval(() => {
        faults += 1;
      }, 1_000);
    },
    mendIt: () => clearInterval(more),
  };
};

interface Notified {
  readonly alerts: readonly {
    readonly status: 'firing' | 'resolved';
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  }[];
}

/** What an Alertmanager has told last of each alert of each job. */
const openInbox = async () => {
  const told = new Map<string, Notified['alerts'][number]>();
  const fired = new Map<string, Notified['alerts'][number]>();
  const inbox = await receiver(({body}, response) => {
    for (const alert of (JSON.parse(body) as Notified).alerts) {
      const key = `${alert.labels['job'] ?? ''}/${alert.labels['alertname']}`;
      told.set(key, alert);
      if (alert.status === 'firing') fired.set(key, alert);
    }
    response.writeHead(200).end();
  });
  const statusOf = (job: string, alert: string) => told.get(`${job}/${alert}`)?.status;
  return {url: inbox.url, fired, statusOf};
};

it('every alert fires and resolves, and every query of the dashboards and pages has data meanwhile', async () => {
  const folder = temporaryFolder();
  const inbox = await openInbox();
  const prometheus = await startPrometheus(
    folder,
    [
      ruleFile(folder, SHORTENED, alert => !(alert in OTHERWISE)),
      ...Object.entries(OTHERWISE).map(([name, by]) => ruleFile(folder, by, alert => alert === name)),
    ],
    inbox.url,
  );
  await eventually(() => inbox.statusOf('', 'RollcallAbsent') === 'firing', PATIENCE);
  const leases = await ofLeases();
  const scenes: readonly Scene[] = [
    await ofCampaigns(),
    await ofPlatform('key', ['RollcallKeyRefused', 'RollcallReconcileStale'], {unauthorised: 1}),
    await ofPlatform('failing', ['RollcallPlatformFailing'], {serverError: 1}),
    await ofPlatform('throttling', ['RollcallPlatformThrottling'], {throttled: 0.5}),
    await ofRate(),
    await ofTimetable(),
    await ofSource(),
    await ofEventLoop(),
    leases,
    await ofMetrics(),
  ];
  prometheus.scrape(Object.fromEntries(scenes.map(({address, job}) => [job, [address]])));
  await eventually(() => inbox.statusOf('', 'RollcallAbsent') === 'resolved', PATIENCE);
  await eventually(async () => (await prometheus.query('up == 1')).length === scenes.length, PATIENCE);

  await Promise.all(scenes.map(({breakIt}) => breakIt()));
  const wanted = scenes.flatMap(({alerts, job}) => alerts.map(alert => ({job, alert})));
  expect(
    wanted
      .map(({alert}) => alert)
      .concat('RollcallAbsent')
      .toSorted(),
  ).toEqual(ALERTS.map(({name}) => name as string).toSorted());
  const until = async (
    what: string,
    isSo: (job: string, alert: string) => boolean,
    patience = PATIENCE,
  ): Promise<void> => {
    const missing = () => wanted.filter(({alert, job}) => !isSo(job, alert));
    await eventually(() => missing().length === 0, patience).catch(() => {
      throw new Error(`not ${what}: ${JSON.stringify(missing())}`);
    });
  };
  await until('firing', (job, alert) => inbox.fired.has(`${job}/${alert}`));

  const dialling = inbox.fired.get('campaigns/RollcallDiallingAgainstGit')?.annotations;
  expect(dialling?.['description']).toMatch(
    /the workspace collections has been active .* dials \(dials\): Git wants paused, live is active, last changed by/,
  );
  expect(dialling?.['dashboard']).toBe(
    '/d/rollcall-fleet?viewPanel=2&var-job=campaigns&var-workspace=collections',
  );
  expect(inbox.fired.get('campaigns/RollcallContested')?.annotations['description']).toMatch(
    /fought \(fought\), by dialler@example\.com\./,
  );

  const panels = [FLEET, CONTROLLER].flatMap(({rows}) => rows.flatMap(row => row.panels));
  const queries = [
    ...panels.flatMap(panel => panel.queries.map(query => query.expression)),
    ...Object.values(EXAMPLES).map(({query}) => query),
  ];
  const empty: string[] = [];
  for (const query of queries) if ((await prometheus.query(filled(query))).length === 0) empty.push(query);
  expect(empty).toEqual([]);
  const images = process.env['ROLLCALL_IMAGES'];
  if (images) await draw(prometheus.url, images);

  await Promise.all(scenes.map(({mendIt}) => mendIt()));
  prometheus.scrape(
    Object.fromEntries(scenes.filter(scene => scene !== leases).map(({address, job}) => [job, [address]])),
  );
  await until(
    'resolved',
    (job, alert) => inbox.statusOf(job, alert) === 'resolved',
    PATIENCE + LONGEST_RETRY,
  );
});
