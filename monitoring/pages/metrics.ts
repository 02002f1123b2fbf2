import {Metrics} from '../../src/observe/metrics.ts';
import {EXAMPLES} from './examples.ts';

const HEAD = `# Metrics

<!-- Made by \`npm run monitoring\` from src/observe/: change that, not this page. -->

\`GET /metrics\` shows them in Prometheus' text format. Names and labels are a contract: what changes of them stands in the
changelog. What is to be known of all of them:

- Counters exist at 0 from the start, for every label value that is known then.
- A gauge shows what is so at the scrape: what is no longer so has no series. A workspace that left the configuration, or that
  another replica leads, has none here.
- Series of single campaigns are at most 200 of a metric, shared out among the workspaces; what that leaves out is counted. A
  scrape costs the same whatever the number of campaigns.
- Each workspace is shown by the one replica that leads it: \`max by (workspace)\` over replicas is right while one takes over.
- Besides these there are \`process_*\` and \`nodejs_*\` under their usual names.

Dashboards: [monitoring.md](monitoring.md). Alerts: [alerts.md](alerts.md).
`;

interface Described {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly labels: readonly string[];
}

/** Every metric of Rollcall's own, in the order of their names. */
export const describedMetrics = async (): Promise<readonly Described[]> => {
  const metrics = new Metrics('0', [], [], () => 0);
  const none = {first: [], more: new Map()};
  metrics.watch({
    campaigns: {
      standings: [],
      rates: new Map(),
      offenders: {drifted: () => none, differing: () => none, held: () => none, contested: () => []},
    },
    conditions: [],
    sourceTroubles: [],
    intervals: {source: 0, poll: 0},
  });
  metrics.watchLeases({names: [], holds: () => false});
  metrics.watchReceivers([]);
  const all = metrics.registry.getMetricsAsArray() as unknown as readonly (Described & {
    labelNames: string[];
  })[];
  const types = new Map(
    (await metrics.registry.getMetricsAsJSON()).map(({name, type}) => [name, String(type)]),
  );
  return all
    .filter(({name}) => name.startsWith('rollcall_'))
    .map(({help, labelNames, name}) => ({name, help, labels: labelNames, type: types.get(name) ?? ''}))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
};

const section = ({help, labels, name, type}: Described): string => {
  const example = EXAMPLES[name];
  if (!example) throw new Error(`the metric ${name} has no example in monitoring/pages/examples.ts`);
  const by = labels.length > 0 ? ` by ${labels.map(label => `\`${label}\``).join(', ')}` : '';
  return `## ${name}

${type}${by}. ${help}

${example.asks}

\`\`\`promql
${example.query}
\`\`\`
`;
};

/** The page of all metrics. Throws where one has no example. */
export const metricsPage = async (): Promise<string> =>
  [HEAD, ...(await describedMetrics()).map(section)].join('\n');
