import {campaignKey} from '../domain/campaign.ts';
import {toJson} from '../domain/text.ts';
import type {Watched} from './streams.ts';

export const encoder = new TextEncoder();

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
