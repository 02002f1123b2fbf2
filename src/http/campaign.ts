import type {Context} from 'hono';
import type {Campaigns} from '../controller/campaigns.ts';
import type {Shown} from '../controller/page.ts';
import {blockedBecause} from '../domain/blocked.ts';
import type {Finding} from '../domain/finding.ts';
import {nextOf} from '../domain/next.ts';
import {type Order, placeOf} from '../domain/order.ts';
import {notesOf} from '../domain/proposed-change.ts';
import {timeOrNull} from '../domain/time.ts';
import {campaignView} from '../domain/view.ts';
import {wantedAt} from '../domain/wanted.ts';
import {type CampaignDetail, campaignDetailSchema} from './campaign-schemas.ts';
import type {CampaignSource} from './campaigns.ts';
import {askOthers, bodiesOf} from './fleet.ts';
import {answered, askedOf, isLocalScope, parametersOf} from './parameters.ts';
import {jsonAnswer, problem} from './problem.ts';

/** Where everything that is known of one campaign comes from. */
export interface DetailSource extends CampaignSource {
  readonly campaigns: Pick<Campaigns, 'standings'>;
  /** Epoch milliseconds. */
  now(): number;
}

const windowView = ({window}: Finding): CampaignDetail['window'] =>
  window
    ? {
        startsAt: timeOrNull(window.startsAt),
        endsAt: timeOrNull(window.endsAt),
        schedule: window.schedule ? {...window.schedule, days: [...window.schedule.days]} : null,
      }
    : null;

const timetableView = ({declaration}: Finding, now: number): CampaignDetail['timetable'] => {
  if (!declaration?.opening) return null;
  const {closed, until} = wantedAt(declaration, {now});
  return {
    calendar: declaration.opening.calendar?.spec.name ?? null,
    open: closed === undefined,
    reason: closed ?? '',
    until: timeOrNull(until),
  };
};

const detailView = ({finding, lastOutcome}: Shown, {campaigns, now}: DetailSource): CampaignDetail => {
  const hindrance = campaigns.standings.find(({workspace}) => workspace === finding.workspace)?.hindrance;
  const hold = finding.declaration?.hold;
  const view = campaignView(finding, lastOutcome);
  return {
    ...view,
    state: finding.state,
    steps: [...finding.steps],
    cause: finding.cause ?? null,
    mode: finding.mode,
    since: timeOrNull(finding.differsSince),
    blocked: blockedBecause(finding, hindrance) ?? null,
    retryAt: timeOrNull(finding.retryAt),
    next: nextOf(finding, now()),
    declaredReason: finding.declaration?.reason ?? null,
    hold: hold ? {reason: hold.reason, owner: hold.owner ?? null, until: timeOrNull(hold.until)} : null,
    timetable: timetableView(finding, now()),
    window: windowView(finding),
    notes: notesOf(finding, now()).map(note => ({...note})),
  };
};

/** As many are looked at whose names are alike, but for their case. */
const MOST_ALIKE = 100;
const BY_NAME: Order = {by: 'name', descending: false};

/** One campaign by its id, or by its name where no other of the workspace has the same. */
const ownCampaign = async (source: DetailSource, {name, workspace}: Asked): Promise<Shown | undefined> => {
  const shown = source.find(workspace, name);
  if (shown) return shown;
  const before = {...placeOf(BY_NAME, {key: '', name, state: '', changed: 0}), key: ''};
  const {items} = await source.page({
    selection: {workspace},
    order: BY_NAME,
    after: before,
    limit: MOST_ALIKE,
  });
  const [first, ...others] = items.filter(({finding}) => finding.name === name);
  return others.length === 0 ? first : undefined;
};

/** A campaign as a path names it. */
export interface Asked {
  readonly workspace: string;
  /** Its id, or its name. */
  readonly name: string;
}

/** The campaign that a path names. */
const namedIn = (context: Context): Asked => {
  const {campaign: name = '', workspace = ''} = context.req.param() as Record<string, string>;
  return {workspace, name};
};

/** Who leads the campaign's workspace, if anybody, could not be asked: nothing is known of it now. */
class CampaignUnknown extends Error {}

/**
 * One campaign, wherever it is led; undefined where nobody has it. Throws `CampaignUnknown` where who may have it does not
 * answer.
 */
const gatheredCampaign = async (
  source: DetailSource,
  asked: Asked,
  isLocal = false,
): Promise<CampaignDetail | undefined> => {
  const shown = await ownCampaign(source, asked);
  if (shown) return detailView(shown, source);
  const fleet = isLocal ? undefined : source.fleet?.();
  if (!fleet) return undefined;
  const path = `/api/v1/campaigns/${encodeURIComponent(asked.workspace)}/${encodeURIComponent(asked.name)}`;
  const answers = await askOthers(fleet, path, new URLSearchParams(), campaignDetailSchema);
  const [found] = bodiesOf(answers);
  if (found) return found;
  if (fleet.unled.includes(asked.workspace))
    throw new CampaignUnknown(`no replica leads workspace ${asked.workspace} now: ask again`);
  const silent = answers.find(
    answer => !answer.ok && answer.status !== 404 && answer.replica.workspaces.includes(asked.workspace),
  );
  if (silent && !silent.ok)
    throw new CampaignUnknown(
      `replica ${silent.replica.identity} leads workspace ${asked.workspace}, and cannot be asked: ${silent.message}`,
    );
  return undefined;
};

/** Says that there is no such campaign. */
export const noCampaign = (context: Context, {name, workspace}: Asked): Response =>
  problem(context, 404, `workspace ${workspace} has no campaign ${name}, or more than one of that name`);

/** Answers with one campaign, or with `none` where there is none, or says that nobody knows now. */
export const withCampaign = async (
  context: Context,
  source: DetailSource,
  isLocal: boolean,
  answer: (campaign: CampaignDetail) => Response | Promise<Response>,
  none: (asked: Asked) => Response | Promise<Response> = missing => noCampaign(context, missing),
): Promise<Response> => {
  const asked = namedIn(context);
  try {
    const found = await gatheredCampaign(source, asked, isLocal);
    if (found) return await answer(found);
  } catch (error) {
    if (error instanceof CampaignUnknown) return problem(context, 503, error.message, {'retry-after': '5'});
    throw error;
  }
  return none(asked);
};

/** One campaign, by its workspace and its id or name. */
export const campaign = (context: Context, source: DetailSource): Promise<Response> =>
  answered(context, async () => {
    const {scope} = parametersOf(askedOf(context), ['scope']);
    return withCampaign(context, source, isLocalScope(scope), found => jsonAnswer(context, found));
  });
