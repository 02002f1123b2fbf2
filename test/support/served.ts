import {onTestFinished} from 'vitest';
import {Campaigns} from '../../src/controller/campaigns.ts';
import type {LiveKnowledge} from '../../src/controller/ports.ts';
import {WorkspaceReconciler} from '../../src/controller/workspace.ts';
import type {LiveCampaign} from '../../src/domain/campaign.ts';
import type {Claim} from '../../src/domain/declarations.ts';
import {claimChanges} from '../../src/domain/same-wish.ts';
import {type AppOptions, createApp} from '../../src/http/app.ts';
import {Feed} from '../../src/http/feed.ts';
import {startServer} from '../../src/http/server.ts';
import type {ControllerView} from '../../src/http/view.ts';
import {systemClock} from '../../src/system.ts';
import {WHOLE_READING} from './fixtures.ts';
import {viewOf} from './view.ts';

const NEVER = new AbortController().signal;

/** A workspace that is only watched, in which a test says what is live; and a server that shows it. */
export const serveCampaigns = async (
  claims: ReadonlyMap<string, Claim>,
  campaigns: readonly LiveCampaign[],
  {changes, options}: {changes?: Partial<ControllerView>; options?: AppOptions} = {},
) => {
  const feed = new Feed();
  const ports = {clock: systemClock, random: () => 0, listener: feed.hear};
  let shown = campaigns;
  const read = async ({take}: LiveKnowledge) => {
    take(shown.map(campaign => ({campaign, askedAt: systemClock.ticks()})));
    return WHOLE_READING;
  };
  const none = () => Promise.reject(new Error('nothing is sent'));
  const platform = {
    rate: {slots: 5, window: 1_000, used: 1},
    keysUsed: 1,
    tookEffect: () => {},
    poll: read,
    resync: read,
    read: none,
    update: none,
  };
  const settings = {mode: 'detect', concurrency: 1, dryRun: false} as const;
  const workspace = new WorkspaceReconciler('collections', settings, {platform, ...ports});
  const all = new Campaigns({workspaces: [workspace]}, systemClock, ports);
  await all.adopt({id: 'r'}, new Map([['collections', claimChanges(new Map(), claims)]]));
  await workspace.poll(NEVER);
  const view = viewOf(all, {feed, ...changes});
  const {close, url} = await startServer(createApp(view, options), {host: '127.0.0.1', port: 0});
  onTestFinished(close);
  return {
    url,
    close,
    feed,
    view,
    /** The platform shows these from now on. */
    show: async (next: readonly LiveCampaign[]) => {
      shown = next;
      await workspace.poll(NEVER);
    },
  };
};
