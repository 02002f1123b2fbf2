import type {Controller} from '../controller/controller.ts';
import type {Listener} from '../controller/events.ts';
import type {Fleet} from '../http/fleet.ts';
import {gatheredReport} from '../http/report.ts';
import type {Elector} from '../leader/elector.ts';
import type {StatusReport} from '../notify/commit-status.ts';
import type {Metrics} from '../observe/metrics.ts';
import type {ComposeOptions} from './compose-options.ts';
import {type Notifications, openNotifications} from './notifications.ts';
import {historyOptions, openHistory} from './past/open.ts';
import type {Workspaces} from './workspaces.ts';

/** What others ask of a controller that is not made yet, since they hear what it does from the start. */
export interface Later {
  controller?: Controller;
  workspaces?: Workspaces;
  fleet?: () => Fleet;
}

/** What all replicas report, as far as the status of a commit follows from it. */
const statusReport = async ({controller, fleet}: Later): Promise<StatusReport> => {
  if (!controller) throw new Error('there is no controller yet');
  const report = await gatheredReport({report: () => controller.report(), ...(fleet && {fleet})});
  const ready = report.conditions.find(({type}) => type === 'Ready');
  const replicas = 'replicas' in report ? report.replicas : [];
  const isOne = replicas.every(
    ({revision, workspaces}) => workspaces.length === 0 || revision === report.revision,
  );
  return {
    revision: isOne ? (report.revision ?? undefined) : undefined,
    ready: ready?.status === 'True' || ready?.status === 'False' ? ready.status : 'Unknown',
    reason: ready?.reason ?? '',
    message: ready?.message ?? '',
    summary: report.summary,
  };
};

const notificationsOf = (
  {config, env, log, secrets}: Pick<ComposeOptions, 'config' | 'env' | 'log' | 'secrets'>,
  metrics: Metrics,
  later: Later,
  opening: AsyncDisposableStack,
): Notifications | undefined => {
  return openNotifications(
    {
      config,
      env,
      log,
      metrics,
      secrets,
      standing: workspace => later.workspaces?.find(workspace)?.standing,
      finding: (workspace, campaignId) => later.controller?.campaigns.find(workspace, campaignId)?.finding,
      report: () => statusReport(later),
      speaksForAll: () => later.workspaces?.hasFirst ?? false,
    },
    opening,
  );
};

/** Whoever else hears what happens in a controller that acts: its history, and whoever tells others. */
export const companions = (
  options: ComposeOptions,
  metrics: Metrics,
  {elector, later, opening}: {elector: Elector | undefined; later: Later; opening: AsyncDisposableStack},
): {listeners: readonly Listener[]; undelivered?: (() => readonly string[]) | undefined} => {
  const {config, env, listener, log, share} = options;
  const asked = listener ? [listener] : [];
  if (share !== 'controller') return {listeners: asked};
  const replica = elector?.self.identity;
  const recorder = openHistory(historyOptions(config, env), {log, metrics, replica}, opening);
  const notifications = notificationsOf(options, metrics, later, opening);
  const heard = notifications ? [notifications.hear] : [];
  return {
    listeners: [event => recorder.hear(event), ...heard, ...asked],
    undelivered: notifications?.troubles,
  };
};
