import type {Context} from 'hono';
import type {Gate} from './gate.ts';
import {answered, askedOf, BadRequest, isLocalScope, parametersOf, workspaceOf} from './parameters.ts';
import {problem} from './problem.ts';
import type {Streams} from './streams.ts';

/** How many may listen at the same time. */
const MOST_STREAMS = 500;

/** What changes, as it happens: server-sent events, which go on after the one that `Last-Event-ID` names. */
export const events = (context: Context, streams: Streams, gate: Gate | undefined): Promise<Response> =>
  answered(context, async () => {
    const {campaign, scope, workspace} = parametersOf(askedOf(context), ['workspace', 'campaign', 'scope']);
    if (campaign !== undefined && workspace === undefined)
      throw new BadRequest('campaign needs the workspace that it is in');
    if (streams.size >= MOST_STREAMS)
      return problem(context, 503, `${MOST_STREAMS} listen already: ask again later`, {'retry-after': '30'});
    const headers = {'content-type': 'text/event-stream; charset=UTF-8', 'x-accel-buffering': 'no'};
    if (context.req.method === 'HEAD') return context.body(null, 200, headers);
    const watched = {workspace: workspaceOf(workspace), campaignId: campaign, isLocal: isLocalScope(scope)};
    const mayLook = (): boolean => gate?.isOpenTo(context) ?? true;
    return context.body(streams.open(watched, context.req.header('last-event-id'), mayLook), 200, headers);
  });
