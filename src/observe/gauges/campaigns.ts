import type {Registry} from 'prom-client';
import type {Campaigns} from '../../controller/campaigns.ts';
import {DIRECTIONS} from '../../controller/store/differences.ts';
import {CAUSES} from '../../domain/assess.ts';
import {BLOCK_REASONS} from '../../domain/blocked.ts';
import {CAMPAIGN_STATES} from '../../domain/states.ts';
import {inSeconds, scrapedGauge} from './gauge.ts';

/** What the gauges of workspaces are read from. */
export type WorkspacesState = Pick<Campaigns, 'standings' | 'rates'>;

const watchCounts = (registry: Registry, state: WorkspacesState): void => {
  scrapedGauge(
    registry,
    {name: 'rollcall_campaigns', help: 'Campaigns now in each state.', labels: ['workspace', 'state']},
    show => {
      for (const {summary, workspace} of state.standings)
        for (const name of CAMPAIGN_STATES) show({workspace, state: name}, summary[name] ?? 0);
    },
  );
  scrapedGauge(
    registry,
    {
      name: 'rollcall_blocked',
      help: 'Campaigns that differ from Git and are not corrected now, by what keeps them.',
      labels: ['workspace', 'reason'],
    },
    show => {
      for (const {blocked, workspace} of state.standings)
        for (const reason of BLOCK_REASONS) show({workspace, reason}, blocked[reason]);
    },
  );
  scrapedGauge(
    registry,
    {
      name: 'rollcall_dialling_against_git',
      help: 'Campaigns that are active although Git wants them paused or cancelled, and that no hold keeps so.',
      labels: ['workspace'],
    },
    show => {
      for (const {dialling, workspace} of state.standings) show({workspace}, dialling.number);
    },
  );
};

const watchTimes = (registry: Registry, state: WorkspacesState): void => {
  scrapedGauge(
    registry,
    {
      name: 'rollcall_dialling_against_git_oldest_timestamp_seconds',
      help: 'Since when the first campaign has been active against Git; no series where none is.',
      labels: ['workspace'],
    },
    show => {
      for (const {dialling, workspace} of state.standings)
        if (dialling.since !== undefined) show({workspace}, inSeconds(dialling.since));
    },
  );
  scrapedGauge(
    registry,
    {
      name: 'rollcall_oldest_difference_timestamp_seconds',
      help: 'Since when the longest-standing pending, timetable or drifted campaign differs, held ones left out; no series where none does.',
      labels: ['workspace', 'cause'],
    },
    show => {
      for (const {oldest, workspace} of state.standings)
        for (const cause of CAUSES) {
          const since = oldest[cause];
          if (since !== undefined) show({workspace, cause}, inSeconds(since));
        }
    },
  );
  scrapedGauge(
    registry,
    {
      name: 'rollcall_hold_expiry_timestamp_seconds',
      help: 'When the next hold ends that keeps a campaign from being corrected; no series where none will.',
      labels: ['workspace'],
    },
    show => {
      for (const {nextHoldEnd, workspace} of state.standings)
        if (nextHoldEnd !== undefined) show({workspace}, inSeconds(nextHoldEnd));
    },
  );
};

const watchTimetables = (registry: Registry, state: WorkspacesState): void => {
  scrapedGauge(
    registry,
    {
      name: 'rollcall_timetable_due',
      help: 'Campaigns whose timetable opened or closed, or is about to close, and that are not so yet.',
      labels: ['workspace', 'direction'],
    },
    show => {
      for (const {edgesDue, workspace} of state.standings)
        for (const direction of DIRECTIONS) show({workspace, direction}, edgesDue[direction].number);
    },
  );
  scrapedGauge(
    registry,
    {
      name: 'rollcall_timetable_due_edge_timestamp_seconds',
      help: 'When the timetable of the first of those campaigns opened or closed, or will close; no series where none is due.',
      labels: ['workspace', 'direction'],
    },
    show => {
      for (const {edgesDue, workspace} of state.standings)
        for (const direction of DIRECTIONS) {
          const {edge} = edgesDue[direction];
          if (edge !== undefined) show({workspace, direction}, inSeconds(edge));
        }
    },
  );
};

const watchRates = (registry: Registry, state: WorkspacesState): void => {
  scrapedGauge(
    registry,
    {
      name: 'rollcall_rate_slots',
      help: 'Requests that the rate allows within its window.',
      labels: ['workspace'],
    },
    show => {
      for (const [workspace, {slots}] of state.rates) show({workspace}, slots);
    },
  );
  scrapedGauge(
    registry,
    {
      name: 'rollcall_rate_used',
      help: 'How many of those requests are used now.',
      labels: ['workspace'],
    },
    show => {
      for (const [workspace, {used}] of state.rates) show({workspace}, used);
    },
  );
};

/** Shows how each workspace stands, by numbers that cost the same however many campaigns it has. */
export const watchWorkspaces = (registry: Registry, state: WorkspacesState): void => {
  watchCounts(registry, state);
  watchTimes(registry, state);
  watchTimetables(registry, state);
  watchRates(registry, state);
};
