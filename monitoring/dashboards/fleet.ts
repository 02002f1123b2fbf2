import {
  CHOSEN,
  type Column,
  type DashboardSpec,
  GOOD_AT_ZERO,
  IN_WORKSPACE,
  LOOK_FROM_ONE,
  type Panel,
  PLAIN,
  quantile,
  type Row,
  sumOrZero,
} from './panel.ts';

const DIFFERENCE = 'rollcall_campaign_difference_timestamp_seconds';

const workspaceColumn: Column = {field: 'workspace', title: 'workspace', link: IN_WORKSPACE};
const campaignColumns: readonly Column[] = [
  {field: 'name', title: 'campaign'},
  {field: 'campaign', title: 'id'},
  workspaceColumn,
];

const VERDICT: Panel = {
  kind: 'stat',
  id: 1,
  title: 'Verdict',
  description:
    'As Git wants, but for some kept: those are held, or only reported. Not as Git wants: something differs, and is being corrected or kept from it. Needs a person: nothing mends it by itself. Alerts: RollcallAbsent.',
  alerts: ['RollcallAbsent'],
  width: 5,
  height: 5,
  unit: 'none',
  steps: PLAIN,
  queries: [
    {
      expression:
        'max(rollcall_condition{type="Stalled",status="True"} * 4 or rollcall_condition{type="Ready",status="False"} * 3 or rollcall_condition{type="Ready",status="Unknown"} * 2 or rollcall_condition{type="Uncorrected",status="True"}) or vector(-1)',
      legend: 'verdict',
    },
  ],
  names: {
    '-1': {text: 'no Rollcall', colour: 'red'},
    '0': {text: 'as Git wants', colour: 'green'},
    '1': {text: 'as Git wants, but for some kept', colour: 'blue'},
    '2': {text: 'not known yet', colour: 'blue'},
    '3': {text: 'not as Git wants', colour: 'orange'},
    '4': {text: 'needs a person', colour: 'red'},
  },
};

const DIALLING: Panel = {
  kind: 'stat',
  id: 2,
  title: 'Dialling against Git',
  description:
    'Campaigns that are active although Git wants them paused or cancelled, and that no hold keeps so. Alerts: RollcallDiallingAgainstGit.',
  alerts: ['RollcallDiallingAgainstGit'],
  width: 5,
  height: 5,
  unit: 'short',
  steps: GOOD_AT_ZERO,
  queries: [{expression: sumOrZero(`rollcall_dialling_against_git{${CHOSEN}}`), legend: 'campaigns'}],
};

const TIMETABLE: Panel = {
  kind: 'stat',
  id: 41,
  title: 'Due by timetable',
  description:
    'Campaigns whose timetable opened or closed, or is about to close, and that are not so yet. Alerts: RollcallTimetableMissed.',
  alerts: ['RollcallTimetableMissed'],
  width: 4,
  height: 5,
  unit: 'short',
  steps: GOOD_AT_ZERO,
  queries: [{expression: sumOrZero(`rollcall_timetable_due{${CHOSEN}}`), legend: 'campaigns'}],
};

const BLOCKED: Panel = {
  kind: 'stat',
  id: 3,
  title: 'Blocked',
  description:
    'Campaigns that differ from Git and are not corrected now, by what keeps them: a hold, the mode detect, a guard, the wait after a failure, the rate, a key that is refused. Alerts: RollcallKeyRefused, RollcallRateExhausted.',
  alerts: ['RollcallKeyRefused'],
  width: 5,
  height: 5,
  unit: 'short',
  steps: LOOK_FROM_ONE,
  queries: [
    {
      expression: `sum by (reason) (max by (workspace, reason) (rollcall_blocked{${CHOSEN}}))`,
      legend: '{{reason}}',
    },
  ],
};

const NEXT_HOLD: Panel = {
  kind: 'stat',
  id: 4,
  title: 'Next hold to end',
  description:
    'When the next hold ends that keeps a campaign from being corrected: it is then corrected. Alerts: RollcallHoldEndsSoon.',
  alerts: ['RollcallHoldEndsSoon'],
  width: 5,
  height: 5,
  unit: 's',
  steps: PLAIN,
  none: 'none',
  queries: [
    {expression: `min(rollcall_hold_expiry_timestamp_seconds{${CHOSEN}}) - time()`, legend: 'ends in'},
  ],
};

const DIFFERENCES: Panel = {
  kind: 'table',
  id: 5,
  title: 'Against Git now',
  description:
    'Each campaign that differs from Git: what Git wants and what is live, who changed it last and since when, and what keeps it from being corrected. At most 200 for a replica; the panel beside it says how many are left out. Alerts: RollcallDrift, RollcallPending, RollcallTerminal, RollcallCampaignMissing.',
  alerts: ['RollcallDrift', 'RollcallPending', 'RollcallTerminal', 'RollcallCampaignMissing'],
  width: 20,
  height: 9,
  unit: 'none',
  sortBy: 'for',
  columns: [
    ...campaignColumns,
    {field: 'state', title: 'state', width: 90},
    {field: 'desired', title: 'Git wants', width: 90},
    {field: 'live', title: 'live', width: 90},
    {field: 'changed_by', title: 'changed by'},
    {field: 'Value', title: 'for', unit: 's', width: 90},
    {field: 'blocked', title: 'kept by', width: 110},
  ],
  queries: [
    {
      expression: `time() - max by (workspace, campaign, name, state, desired, live, changed_by, blocked) (${DIFFERENCE}{${CHOSEN}})`,
    },
  ],
};

const OMITTED: Panel = {
  kind: 'stat',
  id: 6,
  title: 'Not in the table',
  description: 'Campaigns that differ from Git beyond those that have a series of their own.',
  width: 4,
  height: 9,
  unit: 'short',
  steps: LOOK_FROM_ONE,
  queries: [{expression: sumOrZero(`rollcall_campaign_difference_omitted{${CHOSEN}}`), legend: 'campaigns'}],
};

const CONTESTED: Panel = {
  kind: 'table',
  id: 7,
  title: 'Contested in the last hour',
  description:
    'Campaigns that somebody moved again within an hour of their correction: settle with them what Git should say. Alerts: RollcallContested.',
  alerts: ['RollcallContested'],
  width: 12,
  height: 7,
  unit: 'none',
  sortBy: 'campaign',
  columns: [...campaignColumns, {field: 'changed_by', title: 'opponent'}],
  queries: [
    {
      expression: `max by (workspace, campaign, name, changed_by) (rollcall_campaign_contested{${CHOSEN}})`,
    },
  ],
};

const HOLDS: Panel = {
  kind: 'table',
  id: 8,
  title: 'Holds',
  description:
    'Holds that keep a campaign from being corrected, and how long still; a hold that has no end is not among those with a time. Alerts: RollcallHoldEndsSoon, RollcallHoldForgotten.',
  alerts: ['RollcallHoldForgotten'],
  width: 12,
  height: 7,
  unit: 'none',
  sortBy: 'ends in',
  ascending: true,
  columns: [...campaignColumns, {field: 'Value', title: 'ends in', unit: 's'}],
  queries: [
    {
      expression: `max by (workspace, campaign, name) (rollcall_campaign_hold_expiry_timestamp_seconds{${CHOSEN}}) - time()`,
    },
  ],
};

const STATES: Panel = {
  kind: 'timeseries',
  id: 9,
  title: 'Campaigns by state',
  description: 'How many campaigns are in which state, over all chosen workspaces.',
  width: 12,
  height: 8,
  unit: 'short',
  stacked: true,
  queries: [
    {
      expression: `sum by (state) (max by (workspace, state) (rollcall_campaigns{${CHOSEN}}))`,
      legend: '{{state}}',
    },
  ],
};

const DIFFERING: Panel = {
  kind: 'timeseries',
  id: 10,
  title: 'Campaigns against Git, by workspace',
  description: 'Pending, drifted, failed, terminal, missing and unrecognised campaigns of each workspace.',
  width: 12,
  height: 8,
  unit: 'short',
  queries: [
    {
      expression: `sum by (workspace) (max by (workspace, state) (rollcall_campaigns{${CHOSEN},state=~"pending|drifted|failed|terminal|missing|unrecognised"}))`,
      legend: '{{workspace}}',
    },
  ],
};

const ACTIONS: Panel = {
  kind: 'timeseries',
  id: 11,
  title: 'Actions',
  description: 'Actions that were tried, by kind and how they ended.',
  width: 12,
  height: 8,
  unit: 'short',
  queries: [
    {
      expression: `sum by (action, outcome) (increase(rollcall_actions_total{${CHOSEN}}[$__rate_interval]))`,
      legend: '{{action}} {{outcome}}',
    },
  ],
};

const CONVERGENCE: Panel = {
  kind: 'timeseries',
  id: 12,
  title: 'From a commit to its campaigns',
  description:
    'From a revision being seen to a campaign that it changed being as Git wants it; over the last hour.',
  width: 12,
  height: 8,
  unit: 's',
  queries: [
    {expression: quantile(0.5, 'rollcall_convergence_seconds', {over: '1h'}), legend: 'p50'},
    {expression: quantile(0.99, 'rollcall_convergence_seconds', {over: '1h'}), legend: 'p99'},
  ],
};

const ROWS: readonly Row[] = [
  {title: 'Now', panels: [VERDICT, DIALLING, TIMETABLE, BLOCKED, NEXT_HOLD]},
  {title: 'Against Git', panels: [DIFFERENCES, OMITTED, CONTESTED, HOLDS]},
  {title: 'Over time', panels: [STATES, DIFFERING, ACTIONS, CONVERGENCE]},
];

/** What an operator looks at: how the campaigns stand, over all workspaces. */
export const FLEET: DashboardSpec = {
  uid: 'rollcall-fleet',
  title: 'Rollcall / Fleet',
  description: 'How campaigns stand against Git, which differ and why, and who works against it.',
  rows: ROWS,
};
