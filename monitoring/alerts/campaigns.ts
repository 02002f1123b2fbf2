import {type Alert, naming, namingDifferences, OF_THIS, WORKSPACE} from './alert.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const by = ['workspace'];
const labels = {workspace: 'collections'};

const standsLongerThan = (series: string, seconds: number): string =>
  `time() - min by (${WORKSPACE}) (${series}) > ${seconds}`;

const DIALLING: Alert = {
  name: 'RollcallDiallingAgainstGit',
  severity: 'critical',
  by,
  for: 2 * MINUTE,
  expression: ({seconds}) =>
    standsLongerThan('rollcall_dialling_against_git_oldest_timestamp_seconds', seconds(10 * MINUTE)),
  summary: 'Campaigns of {{ $labels.workspace }} dial although Git wants them silent',
  description: `For more than 10 minutes at least one campaign of the workspace {{ $labels.workspace }} has been active that Git wants paused or cancelled.${namingDifferences("live='active',desired=~'paused|cancelled'")}`,
  firing: {
    series: {'rollcall_dialling_against_git_oldest_timestamp_seconds{workspace="collections"}': '0x30'},
    notYetAt: '10m',
    at: '13m',
    labels,
  },
};

const TIMETABLE: Alert = {
  name: 'RollcallTimetableMissed',
  severity: 'critical',
  by: [...by, 'direction'],
  for: MINUTE,
  expression: ({seconds}) =>
    `max by (${WORKSPACE}, direction) (time() - rollcall_timetable_due_edge_timestamp_seconds) > ${seconds(5 * MINUTE)}`,
  summary: 'Campaigns of {{ $labels.workspace }} missed an edge of their timetable ({{ $labels.direction }})',
  description: `The timetable of at least one campaign of the workspace {{ $labels.workspace }} went to {{ $labels.direction }} more than 5 minutes ago, and it is not so yet.${namingDifferences("cause=~'timetable|pending'")}`,
  firing: {
    series: {
      'rollcall_timetable_due_edge_timestamp_seconds{workspace="collections",direction="close"}': '0x30',
    },
    notYetAt: '5m',
    at: '7m',
    labels: {...labels, direction: 'close'},
  },
};

const TERMINAL: Alert = {
  name: 'RollcallTerminal',
  severity: 'critical',
  by,
  for: MINUTE,
  expression: () => `max by (${WORKSPACE}) (rollcall_campaigns{state="terminal"}) > 0`,
  summary: 'Campaigns of {{ $labels.workspace }} were cancelled against Git, which nothing undoes',
  description: `{{ $value }} campaigns of the workspace {{ $labels.workspace }} are in a status that nothing leaves, and Git wants another.${namingDifferences("state='terminal'")}`,
  firing: {
    series: {'rollcall_campaigns{workspace="collections",state="terminal"}': '0 0 2x10'},
    notYetAt: '2m',
    at: '4m',
    labels,
  },
};

const DRIFT: Alert = {
  name: 'RollcallDrift',
  severity: 'warning',
  by,
  for: 2 * MINUTE,
  expression: ({seconds}) =>
    standsLongerThan('rollcall_oldest_difference_timestamp_seconds{cause="drifted"}', seconds(10 * MINUTE)),
  summary: 'Drift in {{ $labels.workspace }} is not corrected',
  description: `For more than 10 minutes at least one campaign of the workspace {{ $labels.workspace }} has not been what Git wants, since somebody changed it behind Git's back: it is only to be reported (mode detect), or its correction fails.${namingDifferences("cause='drifted'")}`,
  firing: {
    series: {'rollcall_oldest_difference_timestamp_seconds{workspace="collections",cause="drifted"}': '0x30'},
    notYetAt: '11m',
    at: '13m',
    labels,
  },
};

const CONTESTED: Alert = {
  name: 'RollcallContested',
  severity: 'warning',
  by,
  for: 0,
  expression: ({range}) => `sum by (${WORKSPACE}) (increase(rollcall_contested_total[${range(HOUR)}])) > 2`,
  summary: 'Somebody works against Git in {{ $labels.workspace }}',
  description: `Within an hour, campaigns of the workspace {{ $labels.workspace }} were moved again {{ $value | humanize }} times after Rollcall had corrected them.${naming(
    `rollcall_campaign_contested{${OF_THIS}}`,
    '{{ .Labels.name }} ({{ .Labels.campaign }}), by {{ or .Labels.changed_by "somebody unnamed" }}.',
  )}`,
  firing: {
    series: {'rollcall_contested_total{workspace="collections"}': '0+1x20'},
    notYetAt: '1m',
    at: '10m',
    labels,
  },
};

const PENDING: Alert = {
  name: 'RollcallPending',
  severity: 'warning',
  by,
  for: 5 * MINUTE,
  expression: ({seconds}) =>
    standsLongerThan('rollcall_oldest_difference_timestamp_seconds{cause="pending"}', seconds(30 * MINUTE)),
  summary: 'A change of Git has not been made in {{ $labels.workspace }} for half an hour',
  description: `At least one campaign of the workspace {{ $labels.workspace }} is not yet what a merged commit wants.${namingDifferences("cause='pending'")}`,
  firing: {
    series: {'rollcall_oldest_difference_timestamp_seconds{workspace="collections",cause="pending"}': '0x60'},
    notYetAt: '32m',
    at: '37m',
    labels,
  },
};

const MISSING: Alert = {
  name: 'RollcallCampaignMissing',
  severity: 'warning',
  by,
  for: 30 * MINUTE,
  expression: () =>
    `sum by (${WORKSPACE}) (max by (${WORKSPACE}, state) (rollcall_campaigns{state=~"missing|unrecognised"})) > 0`,
  summary: 'Git declares campaigns of {{ $labels.workspace }} that the platform does not know as such',
  description: `{{ $value }} declared campaigns of the workspace {{ $labels.workspace }} are missing on the platform, or in a status that Rollcall does not know.${naming(
    `max by (campaign, name, state) (rollcall_campaign_difference_timestamp_seconds{${OF_THIS},state=~'missing|unrecognised'})`,
    '{{ .Labels.name }} ({{ .Labels.campaign }}): {{ .Labels.state }}.',
  )}`,
  firing: {
    series: {'rollcall_campaigns{workspace="collections",state="missing"}': '1x60'},
    notYetAt: '29m',
    at: '31m',
    labels,
  },
};

const HOLD_EXPIRY = 'rollcall_campaign_hold_expiry_timestamp_seconds';

const HOLD_ENDS: Alert = {
  name: 'RollcallHoldEndsSoon',
  severity: 'info',
  by,
  for: 0,
  expression: ({seconds}) =>
    `(min by (${WORKSPACE}) (rollcall_hold_expiry_timestamp_seconds) - time() < ${seconds(DAY)}) > 0`,
  summary: 'A hold in {{ $labels.workspace }} ends within a day',
  description: `In {{ $value | humanizeDuration }} the next hold of the workspace {{ $labels.workspace }} ends, and what it keeps is then corrected.${naming(
    `max by (campaign, name) (${HOLD_EXPIRY}{${OF_THIS}}) < Inf`,
    '{{ .Labels.name }} ({{ .Labels.campaign }}): held until {{ .Value | humanizeTimestamp }}.',
  )}`,
  firing: {
    series: {'rollcall_hold_expiry_timestamp_seconds{workspace="collections"}': '90000x300'},
    notYetAt: '50m',
    at: '70m',
    labels,
  },
};

const HOLD_FORGOTTEN: Alert = {
  name: 'RollcallHoldForgotten',
  severity: 'warning',
  by,
  for: 0,
  expression: ({range}) => {
    const each = `max by (${WORKSPACE}, campaign, name)`;
    return `count by (${WORKSPACE}) (${each} (${HOLD_EXPIRY}) == Inf and ${each} (${HOLD_EXPIRY} offset ${range(7 * DAY)}) == Inf) > 0`;
  },
  summary: 'Holds without an end in {{ $labels.workspace }} are older than a week',
  description: `{{ $value }} campaigns of the workspace {{ $labels.workspace }} differ from Git, and a hold without an end has kept them so for more than a week.${naming(
    `max by (campaign, name) (${HOLD_EXPIRY}{${OF_THIS}}) == Inf`,
    '{{ .Labels.name }} ({{ .Labels.campaign }}).',
  )}`,
  firing: {
    interval: '1h',
    series: {
      [`${HOLD_EXPIRY}{workspace="collections",campaign="camp-1",name="q1"}`]: Array(200)
        .fill('Inf')
        .join(' '),
    },
    notYetAt: '167h',
    at: '169h',
    labels,
  },
};

/** The alerts that are about campaigns: each counts for a workspace, so that one bad commit is one alert. */
export const CAMPAIGN_ALERTS: readonly Alert[] = [
  DIALLING,
  TIMETABLE,
  TERMINAL,
  DRIFT,
  CONTESTED,
  PENDING,
  MISSING,
  HOLD_ENDS,
  HOLD_FORGOTTEN,
];
