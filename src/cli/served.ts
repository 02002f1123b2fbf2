import {z} from 'zod';
import {stoppedIn, unreadIn} from '../domain/condition.ts';
import type {Finding} from '../domain/finding.ts';
import {nameMatcher} from '../domain/selection.ts';
import {oneLine} from '../domain/text.ts';
import {isStatus} from '../domain/transitions.ts';
import type {CampaignView} from '../domain/view.ts';
import {standingText} from '../domain/wanted.ts';
import {type CampaignDetail, campaignDetailSchema, campaignPageSchema} from '../http/campaign-schemas.ts';
import {reportSchema, workspacesSchema} from '../http/report-schemas.ts';
import {systemClock} from '../system.ts';
import {type Following, followingFrom} from './describe.ts';
import {askServer, type Server} from './server.ts';
import type {Looked} from './shown.ts';

const PAGE = '1000';

type Served = z.infer<typeof campaignPageSchema>['items'][number];

/** A campaign as a controller shows it, as it is found here. */
const findingOf = (view: Served): Finding => {
  const {cause, desired, live, liveUpdatedAt, liveUpdatedBy, source, ...rest} = view;
  return {
    ...rest,
    ...(cause !== null && {cause}),
    ...(desired !== null && isStatus(desired) && {desired}),
    ...(live !== null && {live: isStatus(live) ? {known: live} : {unrecognised: live}}),
    ...(liveUpdatedAt !== null && {liveUpdatedAt: Date.parse(liveUpdatedAt)}),
    ...(liveUpdatedBy !== null && {liveUpdatedBy}),
    ...(source && {source}),
  };
};

/** What a controller says that follows from what it knows of a campaign. */
const followingIn = ({declaredReason, next, notes, timetable}: CampaignDetail): Following => ({
  declaredReason: declaredReason ?? undefined,
  timetable:
    timetable === null
      ? undefined
      : standingText({
          calendar: timetable.calendar ?? undefined,
          closed: timetable.open ? undefined : timetable.reason,
          until: timetable.until === null ? undefined : Date.parse(timetable.until),
        }),
  next,
  notes,
});

const read = async <T>(server: Server, path: string, schema: z.ZodType<T>, query = {}): Promise<T> => {
  const parsed = schema.safeParse(await askServer(server, path, query));
  if (parsed.success) return parsed.data;
  throw new Error(
    `${new URL(server.url).origin} answers as another version does: ${oneLine(z.prettifyError(parsed.error).split('\n→')[0] ?? '').slice(0, 200)}`,
  );
};

/** Every campaign that a running controller shows, page by page. */
const allCampaigns = async (server: Server, workspace: string | undefined) => {
  const views: Served[] = [];
  const missing = new Set<string>();
  let cursor: string | undefined;
  do {
    const query = {limit: PAGE, workspace, cursor};
    const {
      items,
      next,
      unanswered = [],
      unled = [],
    } = await read(server, 'api/v1/campaigns', campaignPageSchema, query);
    views.push(...items);
    for (const {workspaces} of unanswered) for (const name of workspaces) missing.add(name);
    for (const name of unled) missing.add(name);
    cursor = next ?? undefined;
  } while (cursor !== undefined);
  return {views, missing: [...missing].filter(name => workspace === undefined || name === workspace)};
};

/** What follows from the one campaign that is asked for; undefined where it is not one. */
const followingOf = async (
  server: Server,
  findings: readonly Finding[],
  names: readonly string[],
): Promise<Following | undefined> => {
  const [name, ...others] = names;
  if (name === undefined || others.length > 0) return undefined;
  const [only, ...more] = findings.filter(nameMatcher(name));
  if (!only || more.length > 0) return undefined;
  const path = `api/v1/campaigns/${encodeURIComponent(only.workspace)}/${encodeURIComponent(only.campaignId)}`;
  return followingIn(await read(server, path, campaignDetailSchema));
};

/** The names of the workspaces of a controller that runs. Rejects like `servedCampaigns`. */
export const servedWorkspaces = async (server: Server): Promise<readonly string[]> => {
  const {items, unanswered = [], unled = []} = await read(server, 'api/v1/workspaces', workspacesSchema);
  const names = [...items.map(({name}) => name), ...unanswered.flatMap(one => one.workspaces), ...unled];
  return [...new Set(names)];
};

/** How campaigns are, by a controller that runs. Rejects, saying what is wrong, where it cannot be asked. */
export const servedCampaigns = async (
  server: Server,
  names: readonly string[],
  workspace: string | undefined,
): Promise<Looked> => {
  const report = await read(server, 'api/v1/report', reportSchema);
  const {missing, views} = await allCampaigns(server, workspace);
  const byKey = new Map<string, CampaignView>(
    views.map(view => [`${view.workspace}/${view.campaignId}`, view]),
  );
  const {author, committedAt, subject} = report.source;
  const revision =
    report.revision === null
      ? undefined
      : {
          id: report.revision,
          ...(author !== null && {author}),
          ...(subject !== null && {subject}),
          ...(committedAt !== null && {committedAt: Date.parse(committedAt)}),
        };
  const lacking = missing.map(name => `workspace ${name}: no replica could be asked for it`);
  const all = views.map(findingOf);
  const following = await followingOf(server, all, names);
  return {
    all,
    seen: {
      revision,
      followingOf: finding => following ?? followingFrom(finding, systemClock.now()),
      viewOf: ({campaignId, workspace: name}) => byKey.get(`${name}/${campaignId}`) as CampaignView,
    },
    troubles: [...unreadIn(report.conditions).map(({message}) => oneLine(message)), ...lacking],
    stopped: stoppedIn(report.conditions).map(({message}) => oneLine(message)),
    diagnostics: report.diagnostics as Looked['diagnostics'],
  };
};
