import {type Alert, PLACE} from './alert.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
/** Nothing is stale before: between two scrapes a metric grows old by itself. */
const LEAST_STALE = 2 * MINUTE;

const ABSENT: Alert = {
  name: 'RollcallAbsent',
  severity: 'critical',
  by: [],
  for: 5 * MINUTE,
  expression: () =>
    `(group by (${PLACE}) (last_over_time(rollcall_build_info[1d])) unless group by (${PLACE}) (rollcall_build_info)) or absent(last_over_time(rollcall_build_info[1d]))`,
  summary: 'Rollcall is gone',
  description:
    'For 5 minutes Prometheus has scraped no Rollcall where one was within a day, or none at all: nothing brings Git’s wishes to the platform.',
  firing: {
    series: {
      'rollcall_build_info{namespace="production",version="0.1.0"}': '1x5 _x30',
      'rollcall_build_info{namespace="staging",version="0.1.0"}': '1x36',
    },
    labels: {namespace: 'production'},
    notYetAt: '8m',
    at: '17m',
  },
};

const SOURCE_STALE: Alert = {
  name: 'RollcallSourceStale',
  severity: 'warning',
  by: [],
  for: 5 * MINUTE,
  expression: ({seconds}) =>
    `time() - rollcall_source_last_success_timestamp_seconds > clamp_min(3 * rollcall_source_interval_seconds, ${seconds(LEAST_STALE)})`,
  summary: 'The source of declarations cannot be read',
  description:
    'The source was last read {{ $value | humanizeDuration }} ago. The last good revision stays in force; what is merged now is not seen.',
  firing: {
    series: {
      'rollcall_source_last_success_timestamp_seconds{instance="a"}': '0x30',
      'rollcall_source_interval_seconds{instance="a"}': '30x30',
    },
    notYetAt: '6m',
    at: '8m',
    labels: {instance: 'a'},
  },
};

const INVALID: Alert = {
  name: 'RollcallInvalidDeclarations',
  severity: 'warning',
  by: [],
  for: 5 * MINUTE,
  expression: () => `max by (${PLACE}) (rollcall_declarations{validity="invalid"}) > 0`,
  summary: 'The revision in force has declarations that are invalid',
  description:
    '{{ $value }} declarations of the revision in force are invalid. Their campaigns are left as they are; all others are followed.',
  firing: {series: {'rollcall_declarations{validity="invalid"}': '0 3x10'}, notYetAt: '5m', at: '7m'},
};

const EMPTY: Alert = {
  name: 'RollcallNothingDeclared',
  severity: 'warning',
  by: [],
  for: MINUTE,
  expression: () => `max by (${PLACE}) (rollcall_trouble{reason="EmptyRevision"}) > 0`,
  summary: 'The revision declares nothing, where there were declarations before',
  description: 'No action is taken until declarations are there again, or Rollcall is started anew.',
  firing: {series: {'rollcall_trouble{reason="EmptyRevision"}': '_ 1x10'}, notYetAt: '1m', at: '3m'},
};

const EVENT_LOOP: Alert = {
  name: 'RollcallEventLoopStalled',
  severity: 'warning',
  by: [],
  for: 5 * MINUTE,
  expression: () =>
    'nodejs_eventloop_lag_p99_seconds > 1 and on (cluster, namespace, job, instance) rollcall_build_info',
  summary: 'Rollcall stands still for seconds',
  description:
    'One in a hundred turns of the event loop came {{ $value | humanizeDuration }} late or more: actions are late, and Leases may be lost.',
  firing: {
    series: {nodejs_eventloop_lag_p99_seconds: '2x10', 'rollcall_build_info{version="0.1.0"}': '1x10'},
    notYetAt: '4m',
    at: '6m',
  },
};

const UNEXPECTED: Alert = {
  name: 'RollcallUnexpectedErrors',
  severity: 'warning',
  by: ['work'],
  for: 0,
  expression: ({range}) =>
    `sum by (${PLACE}, work) (increase(rollcall_unexpected_errors_total[${range(30 * MINUTE)}])) > 0`,
  summary: 'Rollcall met a fault of its own',
  description:
    '{{ $value | humanize }} unexpected errors in {{ $labels.work }} within half an hour; the work is tried again. The log has each with its stack.',
  firing: {
    series: {'rollcall_unexpected_errors_total{work="turn"}': '0x4 1x20'},
    notYetAt: '4m',
    at: '6m',
    labels: {work: 'turn'},
  },
};

const CONFIG: Alert = {
  name: 'RollcallConfigNotReloaded',
  severity: 'warning',
  by: [],
  for: 5 * MINUTE,
  expression: () => 'rollcall_config_last_reload_successful == 0',
  summary: 'The configuration’s file is not what is in force',
  description:
    'The configuration was changed and could not be taken into force: Rollcall goes on by the one before. The log says what is wrong.',
  firing: {series: {rollcall_config_last_reload_successful: '1 0x10'}, notYetAt: '5m', at: '7m'},
};

const NOTIFICATIONS: Alert = {
  name: 'RollcallNotificationUndelivered',
  severity: 'warning',
  by: ['receiver'],
  for: 0,
  expression: ({range, seconds}) =>
    [
      `time() - min by (${PLACE}, receiver) (rollcall_notification_oldest_pending_timestamp_seconds) > ${seconds(15 * MINUTE)}`,
      `or sum by (${PLACE}, receiver) (increase(rollcall_notifications_total{result="abandoned"}[${range(HOUR)}])) > 0`,
    ].join('\n'),
  summary: 'Messages to {{ $labels.receiver }} are not delivered',
  description:
    'A message has waited for the receiver {{ $labels.receiver }} for more than 15 minutes, or was given up. Campaigns are corrected all the same.',
  firing: {
    series: {'rollcall_notification_oldest_pending_timestamp_seconds{receiver="chat"}': '0x30'},
    notYetAt: '14m',
    at: '16m',
    labels: {receiver: 'chat'},
  },
};

const HISTORY: Alert = {
  name: 'RollcallHistoryFailing',
  severity: 'warning',
  by: [],
  for: 0,
  expression: ({range}) => `sum by (${PLACE}) (increase(rollcall_history_lost_total[${range(HOUR)}])) > 0`,
  summary: 'History is not written',
  description:
    '{{ $value | humanize }} records of the history were lost within an hour: its file cannot be written. Campaigns are corrected all the same.',
  firing: {series: {rollcall_history_lost_total: '0x4 7x20'}, notYetAt: '4m', at: '6m'},
};

/** The alerts that are about the program itself and what it is given. */
export const PROCESS_ALERTS: readonly Alert[] = [
  ABSENT,
  SOURCE_STALE,
  INVALID,
  EMPTY,
  EVENT_LOOP,
  UNEXPECTED,
  CONFIG,
  NOTIFICATIONS,
  HISTORY,
];
