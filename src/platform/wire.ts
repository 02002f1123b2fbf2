import {z} from 'zod';
import type {LiveCampaign} from '../domain/campaign.ts';
import {isStatus} from '../domain/transitions.ts';

const time = z.iso.datetime({offset: true, local: true}).transform(text => {
  const zoned = /(?:Z|[+-]\d{2}:?\d{2})$/.test(text) ? text : `${text}Z`;
  return Date.parse(zoned);
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

/** The platform's own words for an error, on one line and not too long; undefined where it gives none. */
export const parseErrorReason = (body: unknown): string | undefined => {
  const {data} = errorAnswer.safeParse(body);
  return data?.replace(/\p{C}+/gu, ' ').slice(0, LONGEST_REASON);
};
