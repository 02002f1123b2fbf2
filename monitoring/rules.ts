import {type Alert, type Lengths, lengths, PLACES} from './alerts/alert.ts';
import {ALERT_GROUPS, ALERTS} from './alerts/all.ts';
import {QUIET} from './alerts/quiet.ts';
import {PANELS} from './dashboards/alert-panels.ts';

/** Where the links of alerts lead to, and whether lengths of time are shortened for a test. */
export interface RuleOptions {
  /** Before the name of an alert. */
  readonly runbookUrl: string;
  /** Grafana's address, without a slash at its end; empty: links begin at its root. */
  readonly grafanaUrl: string;
  readonly shortened?: number;
}

export const RULE_DEFAULTS: RuleOptions = {
  runbookUrl: 'https://rollcall.dev/docs/runbooks/alerts/',
  grafanaUrl: '',
};

const dashboardOf = ({by, name}: Alert, grafanaUrl: string): string => {
  const panel = PANELS.get(name);
  if (!panel) throw new Error(`no panel belongs to the alert ${name}`);
  const places = PLACES.map(label => `{{ with $labels.${label} }}&var-${label}={{ . }}{{ end }}`).join('');
  const workspace = by.includes('workspace') ? '&var-workspace={{ $labels.workspace }}' : '';
  return `${grafanaUrl}/d/${panel.dashboard}?viewPanel=${panel.id}${places}${workspace}`;
};

const annotationsOf = (alert: Alert, {grafanaUrl, runbookUrl}: RuleOptions) => ({
  summary: alert.summary,
  description: alert.description,
  runbook_url: `${runbookUrl.replace(/\/*$/, '')}/${alert.name}`,
  dashboard: dashboardOf(alert, grafanaUrl),
});

const ruleOf = (alert: Alert, times: Lengths, options: RuleOptions) => ({
  alert: alert.name,
  expr: alert.expression(times),
  ...(alert.for > 0 && {for: times.range(alert.for)}),
  labels: {severity: alert.severity},
  annotations: annotationsOf(alert, options),
});

/** The alerts as a file of rules for Prometheus. */
export const rules = (options: RuleOptions = RULE_DEFAULTS) => {
  const times = lengths(options.shortened);
  return {
    groups: Object.entries(ALERT_GROUPS).map(([name, alerts]) => ({
      name,
      rules: alerts.map(alert => ruleOf(alert, times, options)),
    })),
  };
};

const seriesOf = (series: Readonly<Record<string, string>>) =>
  Object.entries(series).map(([name, values]) => ({series: name, values}));

const firingTest = ({firing, name, severity}: Alert) => ({
  name,
  interval: firing.interval ?? '1m',
  input_series: seriesOf(firing.series),
  promql_expr_test: [
    ...(firing.notYetAt
      ? [
          {
            expr: `count(ALERTS{alertname="${name}",alertstate="firing"})`,
            eval_time: firing.notYetAt,
            exp_samples: [],
          },
        ]
      : []),
    {
      expr: `ALERTS{alertname="${name}",alertstate="firing"}`,
      eval_time: firing.at,
      exp_samples: [
        {labels: labelsText({alertname: name, alertstate: 'firing', severity, ...firing.labels}), value: 1},
      ],
    },
  ],
});

const labelsText = (labels: Readonly<Record<string, string>>): string =>
  `ALERTS{${Object.entries(labels)
    .map(([key, value]) => `${key}="${value}"`)
    .join(',')}}`;

/** What `promtool test rules` checks: when each alert fires and when not yet, and in which cases none may. */
export const ruleTests = (ruleFile: string) => ({
  rule_files: [ruleFile],
  evaluation_interval: '1m',
  tests: [
    ...ALERTS.map(firingTest),
    ...QUIET.map(({at, interval, name, series}) => ({
      name,
      interval,
      input_series: seriesOf(series),
      promql_expr_test: at.map(time => ({
        expr: 'ALERTS{alertstate="firing"}',
        eval_time: time,
        exp_samples: [],
      })),
    })),
  ],
});
