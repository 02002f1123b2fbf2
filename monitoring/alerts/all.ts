import type {Alert} from './alert.ts';
import {CAMPAIGN_ALERTS} from './campaigns.ts';
import {PROCESS_ALERTS} from './process.ts';
import {WORKSPACE_ALERTS} from './workspaces.ts';

/** Every alert, by the group that it stands in. */
export const ALERT_GROUPS: Readonly<Record<string, readonly Alert[]>> = {
  'rollcall.campaigns': CAMPAIGN_ALERTS,
  'rollcall.workspaces': WORKSPACE_ALERTS,
  'rollcall.process': PROCESS_ALERTS,
};

export const ALERTS: readonly Alert[] = Object.values(ALERT_GROUPS).flat();
