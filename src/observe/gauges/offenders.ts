import type {Registry} from 'prom-client';
import type {Campaigns} from '../../controller/campaigns.ts';
import {blockedBecause} from '../../domain/blocked.ts';
import type {Finding} from '../../domain/finding.ts';
import {statusWord} from '../../domain/reasons.ts';
import {inSeconds, scrapedGauge} from './gauge.ts';

/** How many campaigns have a series of their own in each gauge; the others are counted in `..._omitted`. */
const MOST_SERIES = 200;

/** What the gauges of single campaigns are read from. */
export interface OffendersState extends Pick<Campaigns, 'standings'> {
  readonly offenders: Pick<Campaigns['offenders'], 'drifted' | 'differing' | 'held' | 'contested'>;
}

const identityOf = ({campaignId, name, workspace}: Finding) => ({workspace, campaign: campaignId, name});

const statusesOf = ({desired, live}: Finding) => ({
  desired: desired ?? '',
  live: live ? statusWord(live) : '',
});

const watchOmitted = (
  registry: Registry,
  name: `rollcall_${string}`,
  help: string,
  more: () => ReadonlyMap<string, number>,
): void =>
  scrapedGauge(registry, {name, help, labels: ['workspace']}, show => {
    for (const [workspace, number] of more()) show({workspace}, number);
  });

const watchDrifted = (registry: Registry, {offenders}: OffendersState): void => {
  scrapedGauge(
    registry,
    {
      name: 'rollcall_campaign_drifted',
      help: 'Each campaign that is drifted now: 1; gone when it is not.',
      labels: ['workspace', 'campaign', 'name', 'desired', 'live'],
    },
    show => {
      for (const {finding} of offenders.drifted(MOST_SERIES).first)
        show({...identityOf(finding), ...statusesOf(finding)}, 1);
    },
  );
  watchOmitted(
    registry,
    'rollcall_campaign_drifted_omitted',
    'Drifted campaigns beyond those that have a series of their own.',
    () => offenders.drifted(MOST_SERIES).more,
  );
};

const watchDifferences = (registry: Registry, state: OffendersState, now: () => number): void => {
  scrapedGauge(
    registry,
    {
      name: 'rollcall_campaign_difference_timestamp_seconds',
      help: 'Since when each campaign differs from Git: how, who changed it, and what keeps it from being corrected.',
      labels: ['workspace', 'campaign', 'name', 'state', 'cause', 'desired', 'live', 'changed_by', 'blocked'],
    },
    show => {
      const hindrances = new Map(state.standings.map(({hindrance, workspace}) => [workspace, hindrance]));
      for (const {finding} of state.offenders.differing(MOST_SERIES).first) {
        const labels = {
          ...identityOf(finding),
          ...statusesOf(finding),
          state: finding.state,
          cause: finding.cause ?? '',
          changed_by: finding.liveUpdatedBy ?? '',
          blocked: blockedBecause(finding, hindrances.get(finding.workspace)) ?? '',
        };
        show(labels, inSeconds(finding.differsSince ?? now()));
      }
    },
  );
  watchOmitted(
    registry,
    'rollcall_campaign_difference_omitted',
    'Campaigns that differ from Git, beyond those that have a series of their own.',
    () => state.offenders.differing(MOST_SERIES).more,
  );
};

const watchHolds = (registry: Registry, {offenders}: OffendersState): void =>
  scrapedGauge(
    registry,
    {
      name: 'rollcall_campaign_hold_expiry_timestamp_seconds',
      help: 'When the hold ends that keeps a campaign from being corrected; +Inf where it has no end.',
      labels: ['workspace', 'campaign', 'name'],
    },
    show => {
      for (const {finding} of offenders.held(MOST_SERIES).first)
        show(identityOf(finding), inSeconds(finding.declaration?.hold?.until ?? Number.POSITIVE_INFINITY));
    },
  );

const watchContested = (registry: Registry, {offenders}: OffendersState): void =>
  scrapedGauge(
    registry,
    {
      name: 'rollcall_campaign_contested',
      help: 'Each campaign that was moved again within an hour of being corrected, in the last hour, and by whom: 1.',
      labels: ['workspace', 'campaign', 'name', 'changed_by'],
    },
    show => {
      for (const {by, finding} of offenders.contested(MOST_SERIES))
        show({...identityOf(finding), changed_by: by ?? ''}, 1);
    },
  );

/** Shows the campaigns that somebody may have to look at, each by itself: a bounded number of them. */
export const watchOffenders = (registry: Registry, state: OffendersState, now: () => number): void => {
  watchDrifted(registry, state);
  watchDifferences(registry, state, now);
  watchHolds(registry, state);
  watchContested(registry, state);
};
