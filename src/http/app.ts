import {type Context, Hono, type Next} from 'hono';
import {bodyLimit} from 'hono/body-limit';
import {oneLine, toJson} from '../domain/text.ts';
import {conditional} from './conditional.ts';
import {ENDPOINTS} from './endpoints.ts';
import {events} from './events.ts';
import {type Gate, guarded} from './gate.ts';
import {historyCsv} from './history-csv.ts';
import {GitHook} from './hooks/git.ts';
import {onlyFor, onlyFromHere} from './hosts.ts';
import {login, logout} from './login.ts';
import {openApi} from './openapi.ts';
import {answered} from './parameters.ts';
import {problem} from './problem.ts';
import {Streams} from './streams.ts';
import type {ControllerView} from './view.ts';
import {apiPage} from './web/api.ts';
import {campaignPage} from './web/campaign.ts';
import {campaignsPage} from './web/campaigns.ts';
import {errorPage, type ShownProblem} from './web/error.ts';
import {historyPage} from './web/history.ts';
import {LIVE} from './web/live.ts';
import {loginPage} from './web/login.ts';
import {overview} from './web/overview.ts';
import {STYLE} from './web/style.ts';

/** How the routes are served. */
export interface AppOptions {
  /** Told of what no request should meet. */
  readonly onError?: (error: unknown) => void;
  /** Names by which the server may be asked, besides addresses and localhost. */
  readonly hosts?: readonly string[];
  /** What stands before every path where a proxy puts something there; without a slash at its end. */
  readonly basePath?: string;
  /** Who may look; everybody where it is not given. */
  readonly gate?: Gate | undefined;
  /** The program's version, which the description of the API says. */
  readonly version?: string;
  /** Metrics and probes are served elsewhere. */
  readonly isWithoutMetrics?: boolean;
}

const INDEX = `Rollcall: in a browser, a page
  /metrics              metrics, for Prometheus
${ENDPOINTS.map(({path, summary}) => `  ${path.padEnd(20)}  ${summary}\n`).join('')}  /api/v1/events        what changes, as it happens: server-sent events
  /api/v1/openapi.json  the description of the API; /api shows it
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
type Handlers = Readonly<Record<string, Handler>>;

const probes = (view: ControllerView): Handlers => ({
  '/livez': context => context.text('ok\n'),
  '/readyz': context => ready(context, view),
  '/metrics': context => metrics(context, view),
});

const fixed =
  (text: string, type: string): Handler =>
  context =>
    conditional(context, text, {'content-type': `${type}; charset=UTF-8`});

const pages = (view: ControllerView): Handlers => ({
  '/': context => (wantsPage(context) ? overview(context, view) : context.text(INDEX)),
  '/style.css': fixed(STYLE, 'text/css'),
  '/live.js': fixed(LIVE, 'text/javascript'),
  '/favicon.ico': context => context.body(null, 204),
  '/campaigns': context => answered(context, () => campaignsPage(context, view, view.now())),
  '/campaigns/:workspace/:campaign': context =>
    answered(context, () => campaignPage(context, view, view.now())),
  '/history': context => answered(context, () => historyPage(context, view, view.now())),
  '/history.csv': context => answered(context, () => historyCsv(context, view)),
  '/api': context => apiPage(context),
});

const api = (view: ControllerView, {basePath = '', gate, version = '0.0.0'}: AppOptions): Handlers => {
  const streams = new Streams(view);
  const description = toJson(openApi(version, basePath || '/'));
  const all: Record<string, Handler> = {
    '/api/v1/events': context => events(context, streams, gate),
    '/api/v1/openapi.json': fixed(description, 'application/json'),
  };
  for (const {handle, path} of ENDPOINTS)
    all[path.replace(/\{(\w+)\}/g, ':$1')] = context => handle(context, view);
  return all;
};

/** What every answer says: that it is to be asked for again, and is what it says it is. To a browser, problems are pages. */
const withHeaders = async (context: Context, next: Next): Promise<void> => {
  await next();
  const isProblem = context.res.headers.get('content-type')?.startsWith('application/problem+json');
  if (isProblem && wantsPage(context) && !context.req.path.startsWith('/api/'))
    context.res = await errorPage(context, (await context.res.json()) as ShownProblem);
  context.header('cache-control', 'private, no-cache');
  context.header('x-content-type-options', 'nosniff');
};

/** The path as the routes know it, whether or not a proxy has left in place what stands before it. */
const pathIn =
  (basePath: string) =>
  (request: Request): string => {
    const {pathname} = new URL(request.url);
    if (basePath === '' || !`${pathname}/`.startsWith(`${basePath}/`)) return pathname;
    return pathname.slice(basePath.length) || '/';
  };

const ALLOW = 'GET, HEAD';
/** Where hosts of Git tell of a push. */
export const HOOK = '/hooks/git';

const serveAll = (app: Hono, handlers: Handlers): void => {
  for (const [path, handler] of Object.entries(handlers)) {
    app.get(path, handler);
    app.all(path, context => problem(context, 405, `${path} knows only ${ALLOW}`, {allow: ALLOW}));
  }
};

/** Without a slash at its end, what stands before every path is no folder for a browser. */
const toFolder =
  (basePath: string) =>
  async (context: Context, next: Next): Promise<Response | undefined> => {
    if (basePath !== '' && new URL(context.req.url).pathname === basePath)
      return context.redirect(`${basePath}/`, 308);
    await next();
    return undefined;
  };

/** Whoever sent a request went away in the middle of it: no fault of anybody's here. */
const isCutOff = (error: Error, {req}: Context): boolean =>
  req.raw.signal.aborted || error.name === 'AbortError' || ('code' in error && error.code === 'ECONNRESET');

/** @param others where it is said what there is */
const newApp = ({basePath = '', onError = () => {}}: AppOptions, others = '/ lists what there is'): Hono => {
  const app = new Hono({getPath: pathIn(basePath)});
  app.use(withHeaders);
  app.use(toFolder(basePath));
  app.notFound(context => problem(context, 404, `there is no ${context.req.path} here; ${others}`));
  app.onError((error, context) => {
    if (isCutOff(error, context))
      return problem(context, 400, 'the request ended before all of it was there');
    onError(error);
    return problem(context, 500, 'an unexpected error, a fault of Rollcall’s own: see its log');
  });
  return app;
};

/** Where a request was going: its path, and what it asks for. */
const whereTo = (context: Context): string => context.req.path + new URL(context.req.url).search;

/** The longest form that somebody logs in with. Bytes. */
const LONGEST_FORM = 8 * 1024;

const serveForms = (app: Hono, {basePath = '', gate}: AppOptions): void => {
  const onError = (context: Context): Response => problem(context, 413, 'that is no form of this server');
  app.get('/login', context => loginPage(context, {to: '/'}));
  app.post('/login', bodyLimit({maxSize: LONGEST_FORM, onError}), context => login(context, gate, basePath));
  app.post('/logout', context => logout(context, basePath));
};

/** The routes, without a socket. An unexpected error in one request is that request's answer, and no more. */
export const createApp = (view: ControllerView, options: AppOptions = {}): Hono => {
  const {gate, hosts = [], isWithoutMetrics} = options;
  const app = newApp(options);
  app.use(onlyFor(hosts));
  app.use(onlyFromHere);
  app.use(guarded(gate, context => loginPage(context, {to: whereTo(context), status: 401})));
  serveForms(app, options);
  serveAll(app, {...pages(view), ...api(view, options), ...(!isWithoutMetrics && probes(view))});
  const hook = new GitHook();
  app.post(HOOK, context => hook.answer(context, view.hook));
  app.all(HOOK, context => problem(context, 405, `${HOOK} knows only POST`, {allow: 'POST'}));
  return app;
};

/** Metrics and probes, and nothing else, for a port of their own. */
export const createMetricsApp = (view: ControllerView, options: AppOptions = {}): Hono => {
  const handlers = probes(view);
  const app = newApp(options, `there are ${Object.keys(handlers).join(', ')}`);
  serveAll(app, handlers);
  return app;
};
