import type {AddressInfo} from 'node:net';
import {createAdaptorServer} from '@hono/node-server';
import {type Context, Hono} from 'hono';
import {oneLine} from '../domain/text.ts';
import {type CampaignSource, campaign, campaigns} from './campaigns.ts';
import {type DifferenceSource, differences} from './differences.ts';
import {type HistorySource, history} from './history.ts';
import {gitHook, type HookTarget} from './hooks/git.ts';
import {onlyFor} from './hosts.ts';
import {answered} from './parameters.ts';
import {problem} from './problem.ts';
import {type ReportSource, report} from './report.ts';
import {campaignPage} from './web/campaign.ts';
import {campaignsPage} from './web/campaigns.ts';
import {historyPage} from './web/history.ts';
import {overview} from './web/overview.ts';
import {STYLE} from './web/style.ts';

/** What the server shows; it changes nothing. */
export interface ControllerView extends CampaignSource, DifferenceSource, HistorySource, ReportSource {
  /** Epoch milliseconds. */
  now(): number;
  /** What is missing until the controller is ready; empty once it is. */
  notReady(): readonly string[];
  metrics(): Promise<{contentType: string; text: string}>;
  /** What pushes lead to; undefined where no webhook is configured. */
  readonly hook?: HookTarget | undefined;
}

const INDEX = `Rollcall: in a browser, a page
  /metrics              metrics, for Prometheus
  /api/v1/report        revision, conditions, counts, diagnostics
  /api/v1/campaigns     every campaign: ?workspace=&state=&label=&limit=&cursor=
  /api/v1/campaigns/WORKSPACE/ID  one campaign
  /api/v1/differences   the campaigns that differ from Git, since when, and what keeps them
  /api/v1/history       what was decided, done and seen: ?workspace=&name=&kind=&since=&until=&limit=&cursor=
  /hooks/git            POST: a push, told by the host of the repository
  /livez, /readyz       for probes
`;

const ready = (context: Context, view: ControllerView): Response => {
  const missing = view.notReady();
  return missing.length === 0
    ? context.text('ok\n')
    : context.text(`${missing.map(oneLine).join('\n')}\n`, 503);
};

const metrics = async (context: Context, view: ControllerView): Promise<Response> => {
  const {contentType, text} = await view.metrics();
  return context.body(text, 200, {'content-type': contentType});
};

/** A browser asks for HTML; whoever asks for anything is given the list of what there is. */
const wantsPage = (context: Context): boolean => (context.req.header('accept') ?? '').includes('text/html');

type Handler = (context: Context) => Response | Promise<Response>;

const routes = (view: ControllerView): Readonly<Record<string, Handler>> => ({
  '/': context => (wantsPage(context) ? overview(context, view) : context.text(INDEX)),
  '/style.css': context => context.body(STYLE, 200, {'content-type': 'text/css; charset=UTF-8'}),
  '/campaigns': context => answered(context, () => campaignsPage(context, view, view.now())),
  '/campaigns/:workspace/:campaignId': context =>
    answered(context, () => campaignPage(context, view, view.now())),
  '/history': context => answered(context, () => historyPage(context, view, view.now())),
  '/livez': context => context.text('ok\n'),
  '/readyz': context => ready(context, view),
  '/metrics': context => metrics(context, view),
  '/api/v1/report': context => report(context, view),
  '/api/v1/campaigns': context => campaigns(context, view),
  '/api/v1/campaigns/:workspace/:campaignId': context => campaign(context, view),
  '/api/v1/differences': context => differences(context, view),
  '/api/v1/history': context => history(context, view),
});

const ALLOW = 'GET, HEAD';
/** Where hosts of Git tell of a push. */
export const HOOK = '/hooks/git';

/** The routes, without a socket. An unexpected error in one request is that request's answer, and no more. */
export const createApp = (
  view: ControllerView,
  onError: (error: unknown) => void = () => {},
  hosts: readonly string[] = [],
): Hono => {
  const app = new Hono();
  app.use(async (context, next) => {
    await next();
    context.header('cache-control', 'no-store');
    context.header('x-content-type-options', 'nosniff');
  });
  app.use(onlyFor(hosts));
  for (const [path, handler] of Object.entries(routes(view))) {
    app.get(path, handler);
    app.all(path, context => problem(context, 405, `${path} knows only ${ALLOW}`, {allow: ALLOW}));
  }
  app.post(HOOK, context => gitHook(context, view.hook));
  app.all(HOOK, context => problem(context, 405, `${HOOK} knows only POST`, {allow: 'POST'}));
  app.notFound(context =>
    problem(context, 404, `there is no ${context.req.path} here; / lists what there is`),
  );
  app.onError((error, context) => {
    onError(error);
    return problem(context, 500, 'an unexpected error, a fault of Rollcall’s own: see its log');
  });
  return app;
};

/** How long whoever asks may take, in milliseconds, and how many may ask at the same time. */
export interface Limits {
  /** For its headers, and for the whole request. */
  readonly headers: number;
  readonly request: number;
  readonly connections: number;
}

const LIMITS: Limits = {headers: 10_000, request: 30_000, connections: 1_000};
/** Of all headers and the path together. Bytes. */
const LARGEST_HEAD = 16 * 1024;
/** How often it is looked who takes too long. Milliseconds. */
const LOOKED_EVERY = 1_000;

/** Serves the routes. Rejects, saying what to do, where the address cannot be had. */
export const startServer = async (
  app: Hono,
  {host, port}: {host: string; port: number},
  limits = LIMITS,
): Promise<{url: string; close: () => Promise<void>}> => {
  const server = createAdaptorServer({
    fetch: app.fetch,
    serverOptions: {
      maxHeaderSize: LARGEST_HEAD,
      headersTimeout: limits.headers,
      requestTimeout: limits.request,
      connectionsCheckingInterval: LOOKED_EVERY,
    },
  });
  server.maxConnections = limits.connections;
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
