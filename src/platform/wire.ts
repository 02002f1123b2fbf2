import {z} from 'zod';
import type {LiveCampaign} from '../domain/campaign.ts';
import {isStatus} from '../domain/transitions.ts';

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

/** CampaignMetadata as the platform answers it; fields that Rollcall does not use are ignored. */
const campaignMetadata = z
  .object({
    campaign_id: z.string().min(1),
    name: z.string(),
    status: z.string(),
    created_at: time,
    updated_at: time,
    updated_by: z.string().nullish(),
  })
  .transform(
    ({campaign_id, created_at, name, status, updated_at, updated_by}): LiveCampaign => ({
      campaignId: campaign_id,
      name,
      status: isStatus(status) ? {known: status} : {unrecognised: status},
      createdAt: created_at,
      updatedAt: updated_at,
      ...(updated_by != null && {updatedBy: updated_by}),
    }),
  );

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
    const {data} = campaignMetadata.safeParse(body);
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
