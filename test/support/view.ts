import type {Campaigns} from '../../src/controller/campaigns.ts';
import {Feed} from '../../src/http/feed.ts';
import type {ControllerView} from '../../src/http/view.ts';
import {systemClock} from '../../src/system.ts';

/** What a server shows of these campaigns, and nothing else that a test does not say. */
export const viewOf = (campaigns: Campaigns, changes: Partial<ControllerView> = {}): ControllerView => ({
  campaigns,
  page: query => campaigns.page(query),
  find: (workspace, campaignId) => campaigns.find(workspace, campaignId),
  now: systemClock.now,
  after: systemClock.after,
  feed: new Feed(),
  intervals: () => ({source: 30_000, poll: 30_000}),
  edits: async () => [],
  lineUrl: () => undefined,
  commitUrl: () => undefined,
  history: async () => ({items: []}),
  notReady: () => [],
  metrics: async () => ({contentType: 'text/plain', text: 'x 1\n'}),
  report: () => ({
    revision: 'r',
    source: {author: undefined, subject: undefined, committedAt: undefined, readAt: undefined},
    observedAt: systemClock.now(),
    leader: true,
    conditions: [],
    summary: campaigns.tally().summary,
    diagnostics: [],
  }),
  ...changes,
});
