import type {AddressInfo} from 'node:net';
import {createAdaptorServer} from '@hono/node-server';
import {type Context, Hono} from 'hono';
import {campaignKey} from '../domain/campaign.ts';
import {compareText} from '../domain/diagnostic.ts';
import {CAMPAIGN_STATES, type Finding} from '../domain/finding.ts';
import type {Report} from '../domain/report.ts';
import type {CampaignView} from '../domain/view.ts';

/** What the server shows; it changes nothing. */
export interface Shown {
  report(): Report;
  findings(): readonly Finding[];
  /** What is missing until the controller is ready; empty once it is. */
  notReady(): readonly string[];
  viewOf(finding: Finding): CampaignView;
  metrics(): Promise<{contentType: string; text: string}>;
}

const DEFAULT_LIMIT = 100;
const HIGHEST_LIMIT = 1000;

const INDEX = `Rollcall
  /metrics              metrics, for Prometheus
  /api/v1/report        revision, conditions, counts, diagnostics
  /api/v1/campaigns     every campaign: ?workspace=&state=&limit=&cursor=
  /livez, /readyz       for probes
`;

const iso = (time: number): string => new Date(time).toISOString();

const reportView = (report: Report) => ({
  ...report,
  revision: report.revision ?? null,
  observedAt: iso(report.observedAt),
  conditions: report.conditions.map(({lastTransitionAt, ...rest}) => ({
    ...rest,
    lastTransitionAt: iso(lastTransitionAt),
  })),
});

const keyOf = ({campaignId, workspace}: Finding): string => campaignKey(workspace, campaignId);

const limitOf = (text: string | undefined): number | undefined => {
  if (text === undefined) return DEFAULT_LIMIT;
  const limit = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  return limit >= 1 && limit <= HIGHEST_LIMIT ? limit : undefined;
};

const campaigns = (context: Context, shown: Shown) => {
  const {cursor, limit: limitText, state, workspace} = context.req.query();
  const limit = limitOf(limitText);
  if (limit === undefined)
    return context.json({error: `limit must be a number from 1 to ${HIGHEST_LIMIT}`}, 400);
  if (state !== undefined && !CAMPAIGN_STATES.some(known => known === state)) {
    return context.json({error: `state must be one of ${CAMPAIGN_STATES.join(', ')}`}, 400);
  }
  const after = cursor === undefined ? '' : Buffer.from(cursor, 'base64url').toString('utf8');
  const matching = shown
    .findings()
    .filter(finding => workspace === undefined || finding.workspace === workspace)
    .filter(finding => state === undefined || finding.state === state)
    .filter(finding => keyOf(finding) > after)
    .toSorted((a, b) => compareText(keyOf(a), keyOf(b)));
  const page = matching.slice(0, limit);
  const last = page.at(-1);
  const next = last && matching.length > limit ? Buffer.from(keyOf(last)).toString('base64url') : null;
  return context.json({items: page.map(finding => shown.viewOf(finding)), next});
};

/** The routes, without a socket. */
export const createApp = (shown: Shown): Hono => {
  const app = new Hono();
  app.use(async (context, next) => {
    await next();
    context.header('cache-control', 'no-store');
    context.header('x-content-type-options', 'nosniff');
  });
  app.get('/', context => context.text(INDEX));
  app.get('/livez', context => context.text('ok\n'));
  app.get('/readyz', context => {
    const missing = shown.notReady();
    return missing.length === 0 ? context.text('ok\n') : context.text(`${missing.join('\n')}\n`, 503);
  });
  app.get('/metrics', async context => {
    const {contentType, text} = await shown.metrics();
    return context.body(text, 200, {'content-type': contentType});
  });
  app.get('/api/v1/report', context => context.json(reportView(shown.report())));
  app.get('/api/v1/campaigns', context => campaigns(context, shown));
  app.notFound(context => context.text(`${context.req.path}: not found\n\n${INDEX}`, 404));
  return app;
};

/** Serves the routes. Rejects, saying what to do, where the address cannot be had. */
export const startServer = async (
  app: Hono,
  {host, port}: {host: string; port: number},
): Promise<{url: string; close: () => Promise<void>}> => {
  const server = createAdaptorServer({fetch: app.fetch});
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return {
    url: `http://${name}:${address.port}`,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  };
};
