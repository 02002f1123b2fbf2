/** `npm run monitoring`: writes everything that follows from the alerts and dashboards as data. */
import {cpSync, mkdirSync, rmSync, writeFileSync} from 'node:fs';
import {parseArgs} from 'node:util';
import {stringify} from 'yaml';
import {buildDashboard} from './dashboards/build.ts';
import {CONTROLLER} from './dashboards/controller.ts';
import {FLEET} from './dashboards/fleet.ts';
import {alertsPage} from './pages/alerts.ts';
import {metricsPage} from './pages/metrics.ts';
import {RULE_DEFAULTS, rules, ruleTests} from './rules.ts';

const {values} = parseArgs({
  options: {
    'grafana-url': {type: 'string', default: RULE_DEFAULTS.grafanaUrl},
    'runbook-url': {type: 'string', default: RULE_DEFAULTS.runbookUrl},
    out: {type: 'string', default: 'monitoring'},
  },
});

const HEAD = '# Made by `npm run monitoring`: change monitoring/alerts/, not this file.\n';
const CHART = 'helm/rollcall/monitoring';

const yaml = (value: unknown): string => HEAD + stringify(value, {lineWidth: 0});

const {out} = values;
mkdirSync(`${out}/dashboards`, {recursive: true});
const options = {grafanaUrl: values['grafana-url'], runbookUrl: values['runbook-url']};
writeFileSync(`${out}/rules.yaml`, yaml(rules(options)));
for (const spec of [FLEET, CONTROLLER])
  writeFileSync(
    `${out}/dashboards/${spec.uid}.json`,
    `${JSON.stringify(buildDashboard(spec), undefined, 2)}\n`,
  );
if (out === 'monitoring') {
  writeFileSync('monitoring/rules.test.yaml', yaml(ruleTests('rules.yaml')));
  writeFileSync('docs/metrics.md', await metricsPage());
  writeFileSync('docs/alerts.md', alertsPage());
  rmSync(CHART, {recursive: true, force: true});
  mkdirSync(`${CHART}/dashboards`, {recursive: true});
  cpSync('monitoring/rules.yaml', `${CHART}/rules.yaml`);
  for (const {uid} of [FLEET, CONTROLLER])
    cpSync(`monitoring/dashboards/${uid}.json`, `${CHART}/dashboards/${uid}.json`);
}
