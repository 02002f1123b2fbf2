import {z} from 'zod';
import type {Action} from '../domain/transitions.ts';
import type {ApiAnswer, SimulatedApi} from './api.ts';
import type {Result, SimulatedCampaign} from './campaign.ts';
import {FAULT_KINDS, faultsSchema, LONGEST_LATENCY} from './faults.ts';
import type {SimulatedWorkspace} from './model.ts';

/** Who changes a campaign on the control path, where the request does not say. */
const DASHBOARD_USER = 'dashboard@example.com';

const CAMPAIGN = /^\/simulator\/campaigns\/([^/]+)(?:\/(pause|resume|cancel|force))?$/;

const answer = (status: number, body: unknown): ApiAnswer => ({
  status,
  headers: {'content-type': 'application/json'},
  body: `${JSON.stringify(body, undefined, 2)}\n`,
});

const bodySchema = z
  .object({by: z.string().default(DASHBOARD_USER), status: z.string().min(1).optional()})
  .prefault({});

const parseBody = <T>(schema: z.ZodType<T>, text: string): T | undefined => {
  try {
    return schema.safeParse(text ? JSON.parse(text) : undefined).data;
  } catch {
    return undefined;
  }
};

const shown = (result: Result<SimulatedCampaign>): ApiAnswer =>
  result.ok ? answer(200, result.value) : answer(result.refusal.status, {detail: result.refusal.details});

const change = (
  workspace: SimulatedWorkspace,
  campaignId: string,
  verb: Action | 'force',
  text: string,
  now: number,
): ApiAnswer => {
  const body = parseBody(bodySchema, text);
  if (!body) return answer(400, {detail: 'the body must be JSON: {"by": "who", "status": "for force"}'});
  if (verb !== 'force') return shown(workspace.act(campaignId, verb, body.by, now));
  return shown(workspace.force(campaignId, body.status ?? 'active', body.by, now));
};

const decoded = (segment: string): string | undefined => {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
};

const campaignRequest = (
  api: SimulatedApi,
  {body, method}: {method: string; body: string},
  [, id = '', verb]: RegExpExecArray,
  now: number,
): ApiAnswer => {
  const campaignId = decoded(id);
  if (campaignId === undefined) return answer(404, {detail: 'the path is not well-formed'});
  const workspace = api.workspaces.find(candidate => candidate.get(campaignId, now));
  if (!workspace) return answer(404, {detail: `the simulator has no campaign ${campaignId}`});
  if (verb) return change(workspace, campaignId, verb as Action | 'force', body, now);
  if (method === 'DELETE') return answer(200, {removed: workspace.remove(campaignId)});
  return answer(200, workspace.get(campaignId, now));
};

/** The methods that a control path knows; undefined where there is no such path. */
const allowedAt = (path: string, campaign: RegExpExecArray | null): readonly string[] | undefined => {
  if (campaign) return campaign[2] ? ['POST'] : ['GET', 'DELETE'];
  if (path === '/simulator/faults') return ['GET', 'PUT'];
  return path === '/simulator/campaigns' || path === '/simulator/requests' ? ['GET'] : undefined;
};

const wrongMethod = (path: string, allowed: readonly string[]): ApiAnswer => {
  const allow = allowed.join(', ');
  return {
    status: 405,
    headers: {'content-type': 'application/json', allow},
    body: JSON.stringify({detail: `${path} knows only ${allow}`}),
  };
};

/**
 * The simulator's own path, which the platform does not have: change a campaign as a person in the dashboard
 * would (`POST /simulator/campaigns/ID/pause`), put it in any status (`.../force`), take it away (`DELETE`),
 * switch faults on (`PUT /simulator/faults`), and read what was asked of the platform (`GET
 * /simulator/requests`).
 */
export const control = (
  api: SimulatedApi,
  request: {method: string; url: string; body: string},
  now: number,
): ApiAnswer => {
  const [path = ''] = request.url.split('?');
  const campaign = CAMPAIGN.exec(path);
  const allowed = allowedAt(path, campaign);
  if (allowed && !allowed.includes(request.method)) return wrongMethod(path, allowed);
  if (campaign) return campaignRequest(api, request, campaign, now);
  if (path === '/simulator/campaigns')
    return answer(
      200,
      api.workspaces.flatMap(workspace => workspace.all(now)),
    );
  if (path === '/simulator/requests') return answer(200, api.journal);
  if (path !== '/simulator/faults') return answer(404, {detail: 'no such control path'});
  if (request.method !== 'PUT') return answer(200, api.faults);
  const faults = parseBody(faultsSchema, request.body);
  if (!faults)
    return answer(400, {
      detail: `JSON with faults, each a share from 0 to 1: ${FAULT_KINDS.join(', ')}; and latency, milliseconds from 0 to ${LONGEST_LATENCY}`,
    });
  api.faults = faults;
  return answer(200, faults);
};
