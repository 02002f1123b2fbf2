import type {Alert} from '../alerts/alert.ts';
import {ALERT_GROUPS} from '../alerts/all.ts';
import {rules} from '../rules.ts';

const HEADINGS: Readonly<Record<string, string>> = {
  'rollcall.campaigns': 'Campaigns',
  'rollcall.workspaces': 'Workspaces, and the way to the platform',
  'rollcall.process': 'The program, and what it is given',
};

const HEAD = `# Alerts

<!-- Made by \`npm run monitoring\` from monitoring/alerts/: change that, not this page. -->

The rules are in [\`monitoring/rules.yaml\`](../monitoring/rules.yaml), which Prometheus takes as it is; the Helm chart makes a
\`PrometheusRule\` of them (\`prometheusRule.enabled\`). Alerts count for a workspace: one bad commit is one alert, not a
thousand. A campaign that completed is no alert.

- \`critical\`: somebody must get up. \`warning\`: somebody must look by day. \`info\`: only to be known.
- Each has a \`summary\`, a \`description\` that names campaigns, who changed them and since when, a \`runbook_url\`, and a
  \`dashboard\` that opens the panel with its labels filled in. \`npm run monitoring -- --out DIR --grafana-url URL
  --runbook-url URL\` writes the rules with your own addresses.
- \`promtool test rules monitoring/rules.test.yaml\` shows when each fires and when not yet, and that a clean restart, a commit
  of 500 changes, one failed request, a quiet weekend and a planned hold wake nobody.
`;

const expressions = new Map(
  rules().groups.flatMap(group => group.rules.map(({alert, expr}) => [alert, expr] as const)),
);

const MINUTE = 60;

const forText = ({for: seconds}: Alert): string =>
  seconds === 0 ? 'at once' : `after ${seconds / MINUTE} min`;

const section = (alert: Alert): string => {
  const {description, name, severity, summary} = alert;
  const plain = (text: string): string =>
    text
      .replace(/\{\{ with [\s\S]*$/, '')
      .replaceAll(/\{\{ \$labels\.(\w+) \}\}/g, '*$1*')
      .replaceAll(/\{\{ \$value[^}]*\}\}/g, '*N*');
  return `### ${name}

${severity}, ${forText(alert)} · [what to do](runbooks/alerts/${name}.md)

${plain(summary)}. ${plain(description)}

\`\`\`promql
${expressions.get(name)}
\`\`\`
`;
};

/** The page of all alerts. */
export const alertsPage = (): string =>
  [
    HEAD,
    ...Object.entries(ALERT_GROUPS).map(([group, alerts]) =>
      [`## ${HEADINGS[group]}\n`, ...alerts.map(section)].join('\n'),
    ),
  ].join('\n');
