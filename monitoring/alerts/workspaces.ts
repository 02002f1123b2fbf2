import {type Alert, PLACE, WORKSPACE} from './alert.ts';

const MINUTE = 60;
/** Nothing is stale before: between two scrapes a metric grows old by itself. */
const LEAST_STALE = 2 * MINUTE;

const by = ['workspace'];
const labels = {workspace: 'collections'};

const RECONCILE_STALE: Alert = {
  name: 'RollcallReconcileStale',
  severity: 'critical',
  by,
  for: 10 * MINUTE,
  expression: ({range, seconds}) =>
    [
      `time() - max by (${WORKSPACE}) (rollcall_last_success_timestamp_seconds)`,
      `  > clamp_min(3 * max by (${WORKSPACE}) (rollcall_reconcile_interval_seconds), ${seconds(LEAST_STALE)})`,
      `unless on (${WORKSPACE}) sum by (${WORKSPACE}) (increase(rollcall_actions_total{outcome="applied"}[${range(10 * MINUTE)}])) > 0`,
    ].join('\n'),
  summary: 'Git has no power over {{ $labels.workspace }}: no pass has succeeded',
  description:
    'The last pass of the workspace {{ $labels.workspace }} that succeeded ended {{ $value | humanizeDuration }} ago, and no action has been taken since. A pause that is merged now is not made.',
  firing: {
    series: {
      'rollcall_last_success_timestamp_seconds{workspace="collections"}': '0x60',
      'rollcall_reconcile_interval_seconds{workspace="collections"}': '30x60',
    },
    notYetAt: '11m',
    at: '13m',
    labels,
  },
};

const KEY_REFUSED: Alert = {
  name: 'RollcallKeyRefused',
  severity: 'critical',
  by,
  for: 2 * MINUTE,
  expression: () => `max by (${WORKSPACE}) (rollcall_trouble{reason="Unauthorised"}) > 0`,
  summary: 'The platform refuses the key of {{ $labels.workspace }}',
  description:
    'Nothing of the workspace {{ $labels.workspace }} can be read or changed until its API key is replaced: a key in a file that changes is tried at once.',
  firing: {
    series: {'rollcall_trouble{workspace="collections",reason="Unauthorised"}': '0 1x10'},
    notYetAt: '2m',
    at: '4m',
    labels,
  },
};

const FAILING: Alert = {
  name: 'RollcallPlatformFailing',
  severity: 'warning',
  by,
  for: 10 * MINUTE,
  expression: () =>
    `max by (${WORKSPACE}) (rollcall_trouble{reason=~"LiveReadFailed|ActionsUnanswered"}) > 0`,
  summary: 'The platform does not answer for {{ $labels.workspace }}',
  description:
    'For 10 minutes the platform has failed to answer reads or actions of the workspace {{ $labels.workspace }}. What is due is tried again by itself, one request at a time.',
  firing: {
    series: {'rollcall_trouble{workspace="collections",reason="LiveReadFailed"}': '1x20'},
    notYetAt: '9m',
    at: '11m',
    labels,
  },
};

const requests = (matchers: string, range: string): string =>
  `sum by (${WORKSPACE}) (rate(rollcall_platform_requests_total${matchers}[${range}]))`;

const THROTTLING: Alert = {
  name: 'RollcallPlatformThrottling',
  severity: 'warning',
  by,
  for: 10 * MINUTE,
  expression: ({range}) =>
    `${requests('{code="429"}', range(5 * MINUTE))} / ${requests('', range(5 * MINUTE))} > 0.05`,
  summary: 'The platform throttles {{ $labels.workspace }}',
  description:
    '{{ $value | humanizePercentage }} of the requests of the workspace {{ $labels.workspace }} were answered with 429 for 10 minutes: something else uses the rate, or the configured rate is too high.',
  firing: {
    series: {
      'rollcall_platform_requests_total{workspace="collections",operation="list",code="200"}': '0+10x40',
      'rollcall_platform_requests_total{workspace="collections",operation="list",code="429"}': '0+5x40',
    },
    notYetAt: '8m',
    at: '15m',
    labels,
  },
};

const RATE_EXHAUSTED: Alert = {
  name: 'RollcallRateExhausted',
  severity: 'warning',
  by,
  for: 5 * MINUTE,
  expression: ({range}) =>
    `max by (${WORKSPACE}) (avg_over_time(rollcall_rate_used[${range(10 * MINUTE)}])) / max by (${WORKSPACE}) (rollcall_rate_slots) > 0.8`,
  summary: 'The rate of {{ $labels.workspace }} is nearly used up',
  description:
    '{{ $value | humanizePercentage }} of the rate of the workspace {{ $labels.workspace }} was used for 15 minutes: what is due waits for its turn.',
  firing: {
    series: {
      'rollcall_rate_used{workspace="collections"}': '5x40',
      'rollcall_rate_slots{workspace="collections"}': '5x40',
    },
    notYetAt: '4m',
    at: '16m',
    labels,
  },
};

const UNLED: Alert = {
  name: 'RollcallWorkspaceUnled',
  severity: 'critical',
  by: ['lease'],
  for: 2 * MINUTE,
  expression: () => `max by (${PLACE}, lease) (rollcall_leader) == 0`,
  summary: 'No replica leads {{ $labels.lease }}',
  description:
    'For two minutes no replica has held the Lease {{ $labels.lease }}: its workspaces are neither read nor changed.',
  firing: {
    series: {
      'rollcall_leader{lease="rollcall-ws-1",pod="a"}': '1 0x10',
      'rollcall_leader{lease="rollcall-ws-1",pod="b"}': '0x11',
    },
    notYetAt: '2m',
    at: '4m',
    labels: {lease: 'rollcall-ws-1'},
  },
};

/** The alerts that are about a workspace as a whole, and the way to it. */
export const WORKSPACE_ALERTS: readonly Alert[] = [
  RECONCILE_STALE,
  KEY_REFUSED,
  FAILING,
  THROTTLING,
  RATE_EXHAUSTED,
  UNLED,
];
