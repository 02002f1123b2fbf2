import type {Registry} from 'prom-client';
import type {Controller} from '../../controller/controller.ts';
import {WORKSPACE_TROUBLES} from '../../controller/health.ts';
import type {WorkspacesState} from './campaigns.ts';
import {inSeconds, scrapedGauge} from './gauge.ts';
import type {OffendersState} from './offenders.ts';

/** What the gauges of the whole process are read from. */
export interface ProcessState extends Pick<Controller, 'conditions' | 'intervals' | 'sourceTroubles'> {
  readonly campaigns: WorkspacesState & OffendersState;
}

/**
 * Shows the conditions, what keeps the source or a workspace from being read, and how often each is. Nobody can say that all is ready while a
 * workspace is led by nobody.
 *
 * @param unled the workspaces that nobody leads now
 */
export const watchProcess = (
  registry: Registry,
  state: ProcessState,
  unled: () => readonly string[],
): void => {
  scrapedGauge(
    registry,
    {
      name: 'rollcall_condition',
      help: 'The status of each condition of the report: 1 for the one that is so.',
      labels: ['type', 'status'],
    },
    show => {
      const isPart = unled().length > 0;
      for (const {status, type} of state.conditions) {
        const shown = isPart && type === 'Ready' && status === 'True' ? 'Unknown' : status;
        for (const one of ['True', 'False', 'Unknown']) show({type, status: one}, one === shown ? 1 : 0);
      }
    },
  );
  scrapedGauge(
    registry,
    {
      name: 'rollcall_trouble',
      help: 'Whether this keeps a workspace from being read or steered; without a workspace: the source, only while it is so.',
      labels: ['workspace', 'reason'],
    },
    show => {
      for (const {trouble, workspace} of state.campaigns.standings)
        for (const reason of WORKSPACE_TROUBLES) show({workspace, reason}, reason === trouble ? 1 : 0);
      for (const {reason} of state.sourceTroubles) show({workspace: '', reason}, 1);
    },
  );
  scrapedGauge(
    registry,
    {
      name: 'rollcall_reconcile_interval_seconds',
      help: 'How often a workspace is read and brought to what Git wants, when nothing asks for it sooner.',
      labels: ['workspace'],
    },
    show => {
      for (const {workspace} of state.campaigns.standings) show({workspace}, inSeconds(state.intervals.poll));
    },
  );
  scrapedGauge(
    registry,
    {name: 'rollcall_source_interval_seconds', help: 'How often the source is read.'},
    show => show({}, inSeconds(state.intervals.source)),
  );
};

/** The leases that replicas share out, and whether this process holds one now. */
export interface Leases {
  readonly names: Iterable<string>;
  holds(lease: string): boolean;
}

/** Shows each lease: 1 where this process holds it, 0 where it stands by. */
export const watchLeases = (registry: Registry, leases: Leases): void =>
  scrapedGauge(
    registry,
    {
      name: 'rollcall_leader',
      help: 'Whether this process holds the lease (1) or stands by (0).',
      labels: ['lease'],
    },
    show => {
      for (const lease of leases.names) show({lease}, leases.holds(lease) ? 1 : 0);
    },
  );
