import {Gauge, type Registry} from 'prom-client';
import {type Finding, statusWord} from '../domain/finding.ts';
import {CAMPAIGN_STATES} from '../domain/states.ts';

/** How many drifted campaigns have a series of their own; the others are counted in `..._omitted`. */
const MOST_DRIFTED_SERIES = 200;

/** What the gauges are read from at each scrape. */
export interface MetricsState {
  findings(): readonly Finding[];
}

const isDrifted = ({cause, state}: Finding): boolean =>
  cause === 'drifted' && (state === 'drifted' || state === 'failed' || state === 'held');

/** Counts campaigns by state at each scrape; every state of every workspace has its series. */
export const watchCampaigns = (
  registry: Registry,
  workspaces: () => readonly string[],
  state: MetricsState,
): void => {
  new Gauge({
    name: 'rollcall_campaigns',
    help: 'Campaigns now in each state.',
    labelNames: ['workspace', 'state'],
    registers: [registry],
    collect() {
      this.reset();
      for (const workspace of workspaces()) {
        for (const name of CAMPAIGN_STATES) this.set({workspace, state: name}, 0);
      }
      for (const finding of state.findings()) this.inc({workspace: finding.workspace, state: finding.state});
    },
  });
};

/** Shows each campaign that is drifted at the scrape, up to a bound, and how many the bound left out. */
export const watchDrift = (
  registry: Registry,
  workspaces: () => readonly string[],
  state: MetricsState,
): void => {
  const omitted = new Gauge({
    name: 'rollcall_campaign_drifted_omitted',
    help: 'Drifted campaigns beyond those that have a series of their own.',
    labelNames: ['workspace'],
    registers: [registry],
  });
  new Gauge({
    name: 'rollcall_campaign_drifted',
    help: 'Each campaign that is drifted now: 1; gone when it is not.',
    labelNames: ['workspace', 'campaign', 'name', 'desired', 'live'],
    registers: [registry],
    collect() {
      this.reset();
      omitted.reset();
      for (const workspace of workspaces()) omitted.set({workspace}, 0);
      const drifted = state.findings().filter(isDrifted);
      for (const {campaignId, desired, live, name, workspace} of drifted.slice(0, MOST_DRIFTED_SERIES)) {
        const labels = {
          workspace,
          campaign: campaignId,
          name,
          desired: desired ?? '',
          live: live ? statusWord(live) : '',
        };
        this.set(labels, 1);
      }
      for (const {workspace} of drifted.slice(MOST_DRIFTED_SERIES)) omitted.inc({workspace});
    },
  });
};
