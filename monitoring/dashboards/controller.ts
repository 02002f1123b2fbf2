import {
  CHOSEN,
  type DashboardSpec,
  IN_WORKSPACE,
  LOOK_FROM_ONE,
  type Panel,
  PLAIN,
  quantile,
  sumOrZero,
} from './panel.ts';

type Line = Pick<Panel, 'id' | 'title' | 'description' | 'unit' | 'queries' | 'alerts'>;

/** A third of a row: lines over time. */
const lines = (line: Line): Panel => ({kind: 'timeseries', width: 8, height: 7, ...line});

const RUNNING: readonly Panel[] = [
  {
    kind: 'stat',
    id: 1,
    title: 'Replicas',
    description: 'Replicas that are scraped, by version.',
    width: 6,
    height: 4,
    unit: 'short',
    steps: PLAIN,
    none: '0',
    queries: [{expression: 'count by (version) (rollcall_build_info)', legend: '{{version}}'}],
  },
  {
    kind: 'stat',
    id: 2,
    title: 'Leases without a holder',
    description:
      'Workspaces that no replica works on; none without leaderElection. Alerts: RollcallWorkspaceUnled.',
    alerts: ['RollcallWorkspaceUnled'],
    width: 6,
    height: 4,
    unit: 'short',
    steps: LOOK_FROM_ONE,
    queries: [{expression: 'count(max by (lease) (rollcall_leader) == 0) or vector(0)', legend: 'leases'}],
  },
  {
    kind: 'stat',
    id: 3,
    title: 'Configuration not taken',
    description:
      'Replicas whose configuration’s file is not what is in force. Alerts: RollcallConfigNotReloaded.',
    alerts: ['RollcallConfigNotReloaded'],
    width: 6,
    height: 4,
    unit: 'short',
    steps: LOOK_FROM_ONE,
    queries: [
      {expression: 'count(rollcall_config_last_reload_successful == 0) or vector(0)', legend: 'replicas'},
    ],
  },
  {
    kind: 'stat',
    id: 4,
    title: 'Unexpected errors, 24 h',
    description: 'Faults of the program’s own; the work is tried again. Alerts: RollcallUnexpectedErrors.',
    alerts: ['RollcallUnexpectedErrors'],
    width: 6,
    height: 4,
    unit: 'short',
    steps: LOOK_FROM_ONE,
    queries: [{expression: sumOrZero('increase(rollcall_unexpected_errors_total[24h])'), legend: 'errors'}],
  },
];

const TROUBLES: Panel = {
  kind: 'table',
  id: 5,
  title: 'In the way now',
  description:
    'What keeps a workspace from being read or steered; without a workspace: the source. Alerts: RollcallNothingDeclared, RollcallPlatformFailing.',
  alerts: ['RollcallNothingDeclared', 'RollcallPlatformFailing'],
  width: 24,
  height: 5,
  unit: 'none',
  sortBy: 'workspace',
  columns: [
    {
      field: 'workspace',
      title: 'workspace',
      link: IN_WORKSPACE,
    },
    {field: 'reason', title: 'reason'},
  ],
  queries: [{expression: 'max by (workspace, reason) (rollcall_trouble) > 0'}],
};

const PASSES: readonly Panel[] = [
  lines({
    id: 6,
    title: 'Passes',
    description: 'Passes a second, by result.',
    unit: 'ops',
    queries: [
      {
        expression: `sum by (result) (rate(rollcall_reconcile_total{${CHOSEN}}[$__rate_interval]))`,
        legend: '{{result}}',
      },
    ],
  }),
  lines({
    id: 7,
    title: 'Since the last successful pass',
    description: 'How long ago the last pass ended in which nothing failed. Alerts: RollcallReconcileStale.',
    alerts: ['RollcallReconcileStale'],
    unit: 's',
    queries: [
      {
        expression: `time() - (max by (workspace) (rollcall_last_success_timestamp_seconds{${CHOSEN}}) > 0)`,
        legend: '{{workspace}}',
      },
    ],
  }),
  lines({
    id: 8,
    title: 'Duration of passes',
    description: 'How long a pass takes, with all its requests.',
    unit: 's',
    queries: [
      {expression: quantile(0.5, 'rollcall_reconcile_duration_seconds'), legend: 'p50'},
      {expression: quantile(0.99, 'rollcall_reconcile_duration_seconds'), legend: 'p99'},
    ],
  }),
];

const SOURCE: readonly Panel[] = [
  lines({
    id: 9,
    title: 'Since the source was read',
    description: 'How long ago each replica last read the source. Alerts: RollcallSourceStale.',
    alerts: ['RollcallSourceStale'],
    unit: 's',
    queries: [
      {
        expression: 'time() - (rollcall_source_last_success_timestamp_seconds > 0)',
        legend: '{{instance}}',
      },
    ],
  }),
  lines({
    id: 10,
    title: 'Reads of the source',
    description: 'Reads of the source a second, by result.',
    unit: 'ops',
    queries: [
      {
        expression: 'sum by (result) (rate(rollcall_source_fetch_total[$__rate_interval]))',
        legend: '{{result}}',
      },
    ],
  }),
  lines({
    id: 11,
    title: 'Declarations',
    description: 'Declarations of the revision in force. Alerts: RollcallInvalidDeclarations.',
    alerts: ['RollcallInvalidDeclarations'],
    unit: 'short',
    queries: [{expression: 'max by (validity) (rollcall_declarations)', legend: '{{validity}}'}],
  }),
];

const PLATFORM: readonly Panel[] = [
  lines({
    id: 12,
    title: 'Requests to the platform',
    description: 'Requests a second, by status code; error: no answer. Alerts: RollcallPlatformThrottling.',
    alerts: ['RollcallPlatformThrottling'],
    unit: 'reqps',
    queries: [
      {
        expression: `sum by (code) (rate(rollcall_platform_requests_total{${CHOSEN}}[$__rate_interval]))`,
        legend: '{{code}}',
      },
    ],
  }),
  lines({
    id: 13,
    title: 'Duration of requests',
    description: 'How long the platform takes to answer, by operation: 99 in 100 are faster.',
    unit: 's',
    queries: [
      {
        expression: quantile(0.99, 'rollcall_platform_request_duration_seconds', {by: 'operation'}),
        legend: '{{operation}}',
      },
    ],
  }),
  lines({
    id: 14,
    title: 'Share of the rate in use',
    description: 'How much of the rate is used, by workspace. Alerts: RollcallRateExhausted.',
    alerts: ['RollcallRateExhausted'],
    unit: 'percentunit',
    queries: [
      {
        expression: `max by (workspace) (avg_over_time(rollcall_rate_used{${CHOSEN}}[$__rate_interval])) / max by (workspace) (rollcall_rate_slots{${CHOSEN}})`,
        legend: '{{workspace}}',
      },
    ],
  }),
  lines({
    id: 15,
    title: 'Requests that wait',
    description: 'Requests that wait for a slot of the rate.',
    unit: 'short',
    queries: [{expression: `sum by (workspace) (rollcall_queue_depth{${CHOSEN}})`, legend: '{{workspace}}'}],
  }),
  lines({
    id: 16,
    title: 'Wait for a slot',
    description: 'How long requests waited for a slot of the rate.',
    unit: 's',
    queries: [
      {expression: quantile(0.5, 'rollcall_queue_wait_seconds'), legend: 'p50'},
      {expression: quantile(0.99, 'rollcall_queue_wait_seconds'), legend: 'p99'},
    ],
  }),
  lines({
    id: 17,
    title: 'Leases held',
    description: 'How many workspaces each replica leads.',
    unit: 'short',
    queries: [
      {
        expression:
          'sum by (instance) (rollcall_leader) or on () label_replace(vector(0), "instance", "without leases", "", "")',
        legend: '{{instance}}',
      },
    ],
  }),
];

const OURS = 'and on (job, instance) rollcall_build_info';

const PROCESS: readonly Panel[] = [
  lines({
    id: 18,
    title: 'Memory',
    description: 'Resident memory of each replica.',
    unit: 'bytes',
    queries: [{expression: `process_resident_memory_bytes ${OURS}`, legend: '{{instance}}'}],
  }),
  lines({
    id: 19,
    title: 'Processor',
    description: 'Processors in use by each replica.',
    unit: 'short',
    queries: [
      {expression: `rate(process_cpu_seconds_total[$__rate_interval]) ${OURS}`, legend: '{{instance}}'},
    ],
  }),
  lines({
    id: 20,
    title: 'Event loop',
    description: 'How late one in a hundred turns of the event loop comes. Alerts: RollcallEventLoopStalled.',
    alerts: ['RollcallEventLoopStalled'],
    unit: 's',
    queries: [{expression: `nodejs_eventloop_lag_p99_seconds ${OURS}`, legend: '{{instance}}'}],
  }),
  lines({
    id: 21,
    title: 'Restarts',
    description: 'Starts of each replica within a day.',
    unit: 'short',
    queries: [{expression: `changes(process_start_time_seconds[24h]) ${OURS}`, legend: '{{instance}}'}],
  }),
  lines({
    id: 22,
    title: 'Messages that wait',
    description: 'Messages that are not delivered yet, by receiver. Alerts: RollcallNotificationUndelivered.',
    alerts: ['RollcallNotificationUndelivered'],
    unit: 'short',
    queries: [
      {
        expression:
          'sum by (receiver) (rollcall_notifications_pending) or on () label_replace(vector(0), "receiver", "no receivers", "", "")',
        legend: '{{receiver}}',
      },
    ],
  }),
  lines({
    id: 23,
    title: 'Records of the history',
    description: 'Records that were written and that were lost, a second. Alerts: RollcallHistoryFailing.',
    alerts: ['RollcallHistoryFailing'],
    unit: 'ops',
    queries: [
      {expression: 'sum(rate(rollcall_history_records_total[$__rate_interval]))', legend: 'written'},
      {expression: 'sum(rate(rollcall_history_lost_total[$__rate_interval]))', legend: 'lost'},
    ],
  }),
];

/** What whoever runs Rollcall looks at: the program, its source, and the platform that it asks. */
export const CONTROLLER: DashboardSpec = {
  uid: 'rollcall-controller',
  title: 'Rollcall / Controller',
  description: 'How the program itself is, what it reads, and how the platform answers.',
  rows: [
    {title: 'Now', panels: [...RUNNING, TROUBLES]},
    {title: 'Passes', panels: PASSES},
    {title: 'Source', panels: SOURCE},
    {title: 'Platform', panels: PLATFORM},
    {title: 'Process', panels: PROCESS},
  ],
};
