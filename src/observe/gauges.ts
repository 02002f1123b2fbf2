import {Gauge, type Registry} from 'prom-client';
import type {Campaigns} from '../controller/campaigns.ts';
import {statusWord} from '../domain/finding.ts';
import {CAMPAIGN_STATES} from '../domain/states.ts';

/** How many drifted campaigns have a series of their own; the others are counted in `..._omitted`. */
const MOST_DRIFTED_SERIES = 200;

/** What the gauges are read from at each scrape. */
export type MetricsState = Pick<Campaigns, 'counts' | 'drifted'>;

/** Counts campaigns by state at each scrape; every state of every workspace has its series. */
export const watchCampaigns = (registry: Registry, state: MetricsState): void => {
  new Gauge({
    name: 'rollcall_campaigns',
    help: 'Campaigns now in each state.',
    labelNames: ['workspace', 'state'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [workspace, {summary}] of state.counts) {
        for (const name of CAMPAIGN_STATES) this.set({workspace, state: name}, summary[name]);
      }
    },
  });
};

/** The leases that replicas share out, and whether this process holds one now. */
export interface Leases {
  readonly names: Iterable<string>;
  holds(lease: string): boolean;
}

/** Shows each lease: 1 where this process holds it, 0 where it stands by. */
export const watchLeases = (registry: Registry, leases: Leases): void => {
  new Gauge({
    name: 'rollcall_leader',
    help: 'Whether this process holds the lease (1) or stands by (0).',
    labelNames: ['lease'],
    registers: [registry],
    collect() {
      for (const lease of leases.names) this.set({lease}, leases.holds(lease) ? 1 : 0);
    },
  });
};

/** Shows each campaign that is drifted at the scrape, up to a bound, and how many the bound left out. */
export const watchDrift = (registry: Registry, state: MetricsState): void => {
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
      const {first, more} = state.drifted(MOST_DRIFTED_SERIES);
      for (const [workspace, number] of more) omitted.set({workspace}, number);
      for (const {campaignId, desired, live, name, workspace} of first) {
        const labels = {
          workspace,
          campaign: campaignId,
          name,
          desired: desired ?? '',
          live: live ? statusWord(live) : '',
        };
        this.set(labels, 1);
      }
    },
  });
};
