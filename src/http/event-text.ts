import {campaignKey} from '../domain/campaign.ts';
import {toJson} from '../domain/text.ts';

/** Of which campaigns a stream tells: of all, of a workspace's, or of one. */
export interface Watched {
  readonly workspace?: string | undefined;
  readonly campaignId?: string | undefined;
  /** Nothing is told of what other replicas lead. */
  readonly isLocal: boolean;
}

/** Turns events into what goes over the wire. */
export const encoder = new TextEncoder();

/** One server-sent event. */
export const eventText = (kind: string, data: unknown, id?: string): string =>
  `${id === undefined ? '' : `id: ${id}\n`}event: ${kind}\ndata: ${toJson(data)}\n\n`;

/** Those of the campaigns that have changed that somebody looks at. Who looks at one costs no walk through all of them. */
export const concerning = (
  changed: ReadonlySet<string>,
  {campaignId, workspace}: Watched,
): readonly string[] => {
  if (workspace === undefined) return [...changed];
  if (campaignId === undefined) return [...changed].filter(key => key.startsWith(campaignKey(workspace, '')));
  const key = campaignKey(workspace, campaignId);
  return changed.has(key) ? [key] : [];
};
