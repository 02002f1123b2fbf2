import type {Context} from 'hono';
import type {Campaigns} from '../controller/campaigns.ts';
import type {Shown} from '../controller/listing.ts';
import {blockedBecause} from '../domain/blocked.ts';
import type {Finding} from '../domain/finding.ts';
import {BY_WORKSPACE} from '../domain/order.ts';
import {notesOf} from '../domain/proposed-change.ts';
import {timeOrNull} from '../domain/time.ts';
import {campaignView} from '../domain/view.ts';
import type {CampaignSource} from './campaigns.ts';
import {askOthers, bodiesOf} from './fleet.ts';
import {answered, askedOf, isLocalScope, parametersOf} from './parameters.ts';
import {jsonAnswer, problem} from './problem.ts';
import {type CampaignDetail, campaignDetailSchema} from './schemas.ts';

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
    hold: hold ? {reason: hold.reason, owner: hold.owner ?? null, until: timeOrNull(hold.until)} : null,
    window: windowView(finding),
    notes: notesOf(finding, now()).map(note => ({...note})),
  };
};

/** As many as could have a name in common with the one that is asked for. */
const MOST_ALIKE = 1_000;

/** One campaign by its id, or by its name where no other of the workspace has the same. */
const ownCampaign = async (source: DetailSource, {name, workspace}: Asked): Promise<Shown | undefined> => {
  const shown = source.find(workspace, name);
  if (shown) return shown;
  const selection = {workspace, words: [name.toLowerCase()]};
  const {items} = await source.page({selection, order: BY_WORKSPACE, limit: MOST_ALIKE});
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
export const namedIn = (context: Context): Asked => {
  const {campaign: name = '', workspace = ''} = context.req.param() as Record<string, string>;
  return {workspace, name};
};

/** One campaign, wherever it is led; undefined where nobody knows it, or who does is not answering. */
export const gatheredCampaign = async (
  source: DetailSource,
  asked: Asked,
  isLocal = false,
): Promise<CampaignDetail | undefined> => {
  const shown = await ownCampaign(source, asked);
  if (shown) return detailView(shown, source);
  const fleet = isLocal ? undefined : source.fleet?.();
  const path = `/api/v1/campaigns/${encodeURIComponent(asked.workspace)}/${encodeURIComponent(asked.name)}`;
  const answers = fleet ? await askOthers(fleet, path, new URLSearchParams(), campaignDetailSchema) : [];
  return bodiesOf(answers)[0];
};

/** Says that there is no such campaign. */
export const noCampaign = (context: Context, {name, workspace}: Asked): Response =>
  problem(context, 404, `workspace ${workspace} has no campaign ${name}, or more than one of that name`);

/** One campaign, by its workspace and its id or name. */
export const campaign = (context: Context, source: DetailSource): Promise<Response> =>
  answered(context, async () => {
    const asked = namedIn(context);
    const {scope} = parametersOf(askedOf(context), ['scope']);
    const found = await gatheredCampaign(source, asked, isLocalScope(scope));
    return found ? jsonAnswer(context, found) : noCampaign(context, asked);
  });
