import {z} from 'zod';
import type {LiveCampaign, LiveStatus} from '../domain/campaign.ts';
import {idProblem} from '../domain/identifier.ts';
import {REDACTED} from '../domain/text.ts';
import {isStatus} from '../domain/transitions.ts';
import type {AllowedSchedule, CampaignWindow} from '../domain/window.ts';
import type {Clean} from './foreign.ts';

/** Any time of ISO 8601; one without a zone is taken for UTC. */
const ISO_TIME = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?)(Z|[+-]\d{2}(?::?\d{2})?)?$/i;

const parseTime = (text: string): number => {
  const [, date, clock = '', zone = 'Z'] = ISO_TIME.exec(text) ?? [];
  const offset = zone.replace(
    /^([+-]\d{2}):?(\d{2})?$/,
    (_, hours: string, minutes = '00') => `${hours}:${minutes}`,
  );
  return Date.parse(`${date}T${clock.replace(',', '.')}${offset.toUpperCase()}`);
};

const time = z.string().transform((text, context) => {
  const value = parseTime(text);
  if (!Number.isNaN(value)) return value;
  context.addIssue({code: 'custom', message: 'is no time'});
  return z.NEVER;
});

const metadata = z.object({
  campaign_id: z.string(),
  name: z.string(),
  status: z.string(),
  created_at: time,
  updated_at: time,
  updated_by: z.string().nullish(),
});

const toCampaign = ({
  campaign_id,
  created_at,
  name,
  status,
  updated_at,
  updated_by,
}: z.infer<typeof metadata>): LiveCampaign => ({
  campaignId: campaign_id,
  name,
  status: isStatus(status) ? {known: status} : {unrecognised: status},
  createdAt: created_at,
  updatedAt: updated_at,
  ...(updated_by != null && {updatedBy: updated_by}),
});

/** CampaignMetadata as the platform answers it; fields that Rollcall does not use are ignored. */
const campaignMetadata = metadata.transform(toCampaign);

/** The zone of a schedule that names none, by the platform's documentation. */
const DEFAULT_ZONE = 'Asia/Kolkata';
/** A schedule that names more days than this says nothing that can be shown. */
const MOST_DAYS = 31;

/** Stands for a schedule that is there but cannot be read: it allows nothing to be told. */
const UNREADABLE = {start: '', end: '', days: [], timezone: ''};

const schedule = z
  .object({
    allowed_start_time: z.string(),
    allowed_end_time: z.string(),
    allowed_days: z.array(z.string()).max(MOST_DAYS),
    timezone: z.string().nullish(),
  })
  .transform(
    ({allowed_days, allowed_end_time, allowed_start_time, timezone}): AllowedSchedule => ({
      start: allowed_start_time,
      end: allowed_end_time,
      days: allowed_days,
      timezone: timezone ?? DEFAULT_ZONE,
    }),
  )
  .nullish()
  .catch(UNREADABLE);

/** What a Get adds. None of it is needed to act: what is malformed is left out, and the status still counts. */
const campaignDetails = metadata
  .extend({
    start_timestamp: time.optional().catch(undefined),
    end_timestamp: time.optional().catch(undefined),
    allowed_schedule: schedule,
  })
  .transform(({allowed_schedule, end_timestamp, start_timestamp, ...rest}): LiveCampaign => {
    const window: CampaignWindow = {
      ...(start_timestamp !== undefined && {startsAt: start_timestamp}),
      ...(end_timestamp !== undefined && {endsAt: end_timestamp}),
      ...(allowed_schedule && {schedule: allowed_schedule}),
    };
    return {...toCampaign(rest), ...(Object.keys(window).length > 0 && {window})};
  });

const LONGEST_NAME = 200;
const LONGEST_USER = 200;
const LONGEST_WORD = 64;

const cleanStatus = (status: LiveStatus, clean: Clean): LiveStatus =>
  'known' in status ? status : {unrecognised: clean(status.unrecognised, LONGEST_WORD)};

const cleanSchedule = ({days, end, start, timezone}: AllowedSchedule, clean: Clean): AllowedSchedule => ({
  start: clean(start, LONGEST_WORD),
  end: clean(end, LONGEST_WORD),
  days: days.map(day => clean(day, LONGEST_WORD)),
  timezone: clean(timezone, LONGEST_WORD),
});

/** Every text that somebody else wrote, made harmless here, where it comes in. */
const cleanCampaign = (campaign: LiveCampaign, clean: Clean): LiveCampaign => {
  const {name, status, updatedBy = '', window, ...rest} = campaign;
  const by = clean(updatedBy, LONGEST_USER);
  return {
    ...rest,
    name: clean(name, LONGEST_NAME),
    status: cleanStatus(status, clean),
    ...(by !== '' && {updatedBy: by}),
    ...(window && {
      window: {...window, ...(window.schedule && {schedule: cleanSchedule(window.schedule, clean)})},
    }),
  };
};

/** Why a campaign of a list is not taken up, in words that are safe to show; undefined where it is. */
const unusable = (item: unknown, campaign: LiveCampaign | undefined, clean: Clean): string | undefined => {
  const id = typeof item === 'object' && item !== null ? Reflect.get(item, 'campaign_id') : undefined;
  const shown = typeof id === 'string' ? JSON.stringify(clean(id, LONGEST_WORD)) : 'without an id';
  if (!campaign) return `campaign ${shown} is not as the documentation has it`;
  const problem = idProblem(campaign.campaignId);
  if (problem !== undefined) return `campaign ${shown}: its id ${problem}`;
  const length = campaign.campaignId.length;
  return clean(campaign.campaignId, length).includes(REDACTED) && !campaign.campaignId.includes(REDACTED)
    ? 'a campaign holds an API key in its id'
    : undefined;
};

const listAnswer = z.object({
  items: z.array(z.unknown()),
  total: z.int().nonnegative(),
  offset: z.int().nonnegative().optional().catch(undefined),
});

/** One page of a list: the campaigns on it, how many items it had, and how many there are in all. */
export interface Page {
  readonly campaigns: readonly LiveCampaign[];
  /** The items that were left out, and why. */
  readonly unusable: readonly string[];
  readonly size: number;
  readonly total: number;
  /** Where the page begins, as the platform says; undefined where it does not. */
  readonly offset?: number;
}

/** A parser of an answer's body: the value, or undefined where it is not what was asked for. */
export type Parse<T> = (body: unknown, clean: Clean) => T | undefined;

/** Accepts one campaign, and only the one that was asked for. */
export const parseCampaign =
  (campaignId: string): Parse<LiveCampaign> =>
  (body, clean) => {
    const {data} = campaignDetails.safeParse(body);
    return data?.campaignId === campaignId ? cleanCampaign(data, clean) : undefined;
  };

/** Accepts a page. An item that cannot be used is left out and told: a declared campaign is then asked for by its id. */
export const parsePage: Parse<Page> = (body, clean) => {
  const {data} = listAnswer.safeParse(body);
  if (!data) return undefined;
  const campaigns: LiveCampaign[] = [];
  const left: string[] = [];
  for (const item of data.items) {
    const campaign = campaignMetadata.safeParse(item).data;
    const problem = unusable(item, campaign, clean);
    if (problem === undefined && campaign) campaigns.push(cleanCampaign(campaign, clean));
    else if (problem !== undefined) left.push(problem);
  }
  const {offset, total} = data;
  return {campaigns, unusable: left, size: data.items.length, total, ...(offset !== undefined && {offset})};
};
