import {z} from 'zod';
import type {LiveCampaign} from '../domain/campaign.ts';
import {isStatus} from '../domain/transitions.ts';
import type {AllowedSchedule, CampaignWindow} from '../domain/window.ts';

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
  campaign_id: z.string().min(1),
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

/** Stands for a schedule that is there but cannot be read: it allows nothing to be told. */
const UNREADABLE = {start: '', end: '', days: [], timezone: ''};

const schedule = z
  .object({
    allowed_start_time: z.string(),
    allowed_end_time: z.string(),
    allowed_days: z.array(z.string()),
    timezone: z.string(),
  })
  .transform(
    ({allowed_days, allowed_end_time, allowed_start_time, timezone}): AllowedSchedule => ({
      start: allowed_start_time,
      end: allowed_end_time,
      days: allowed_days,
      timezone,
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

const listAnswer = z.object({items: z.array(z.unknown()), total: z.int().nonnegative()});

/** One page of a list: the campaigns on it, how many items it had, and how many there are in all. */
export interface Page {
  readonly campaigns: readonly LiveCampaign[];
  readonly size: number;
  readonly total: number;
}

/** A parser of an answer's body: the value, or undefined where it is not what was asked for. */
export type Parse<T> = (body: unknown) => T | undefined;

/** Accepts one campaign, and only the one that was asked for. */
export const parseCampaign =
  (campaignId: string): Parse<LiveCampaign> =>
  body => {
    const {data} = campaignDetails.safeParse(body);
    return data?.campaignId === campaignId ? data : undefined;
  };

/** Accepts a page. An item that is malformed is left out: a declared campaign is then asked for by its id. */
export const parsePage: Parse<Page> = body => {
  const {data} = listAnswer.safeParse(body);
  if (!data) return undefined;
  const campaigns = data.items.flatMap(item => campaignMetadata.safeParse(item).data ?? []);
  return {campaigns, size: data.items.length, total: data.total};
};

const errorAnswer = z.union([
  z.object({detail: z.string()}).transform(({detail}) => detail),
  z
    .object({detail: z.array(z.object({msg: z.string()})).min(1)})
    .transform(({detail}) => detail.map(({msg}) => msg).join('; ')),
  z.object({message: z.string()}).transform(({message}) => message),
  z.object({error: z.object({message: z.string()})}).transform(({error}) => error.message),
]);

const LONGEST_REASON = 300;

/**
 * The platform's own words for an error, on one line, not too long, and without the key should it repeat it;
 * undefined where it gives none.
 */
export const parseErrorReason = (body: unknown, key: string): string | undefined => {
  const {data} = errorAnswer.safeParse(body);
  return data
    ?.replaceAll(key, '[key]')
    .replace(/\p{C}+/gu, ' ')
    .slice(0, LONGEST_REASON);
};
