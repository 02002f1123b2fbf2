import {z} from 'zod';
import {STATUSES} from '../domain/transitions.ts';
import type {AllowedSchedule, SimulatedCampaign} from './campaign.ts';

/** What the platform's API takes and gives, as its documentation has it. */

const iso = (time: number): string => new Date(time).toISOString();

export const toMetadata = (campaign: SimulatedCampaign) => ({
  name: campaign.name,
  campaign_id: campaign.campaignId,
  status: campaign.status,
  app_id: campaign.appConfig['app_id'],
  created_by: campaign.createdBy,
  created_at: iso(campaign.createdAt),
  updated_at: iso(campaign.updatedAt),
  description: campaign.description,
  app_type: 'agent',
  app_version: campaign.appConfig['app_version'] ?? null,
  updated_by: campaign.updatedBy,
});

export const toDetails = (campaign: SimulatedCampaign) => ({
  ...toMetadata(campaign),
  app_config: campaign.appConfig,
  start_timestamp: iso(campaign.startsAt),
  end_timestamp: iso(campaign.endsAt),
  allowed_schedule: campaign.allowedSchedule,
});

const wholeNumber = (least: number, most: number, standard: number) =>
  z
    .string()
    .regex(/^-?\d{1,15}$/, 'Input should be a valid integer')
    .transform(Number)
    .pipe(z.number().min(least).max(most))
    .default(standard);

export const querySchema = z.object({
  campaign_status: z.enum(STATUSES).optional(),
  offset: wholeNumber(0, Number.MAX_SAFE_INTEGER, 0),
  limit: wholeNumber(1, 100, 10),
  sort_by: z.enum(['created_at', 'updated_at', 'name']).default('created_at'),
  sort_order: z.enum(['asc', 'desc']).default('desc'),
  search: z.string().optional(),
});

const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

const isZone = (name: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', {timeZone: name}).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
};

const hour = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'Input should be a time as HH:MM');

const schedule = z
  .object({
    allowed_start_time: hour,
    allowed_end_time: hour,
    allowed_days: z
      .array(
        z.string().refine(day => DAYS.includes(day.toLowerCase()), 'Input should be an English day name'),
      )
      .min(1),
    timezone: z.string().refine(isZone, 'Input should be an IANA time zone').optional(),
  })
  .refine(({allowed_end_time: end, allowed_start_time: start}) => start < end, {
    error: 'allowed_end_time must be after allowed_start_time',
    path: ['allowed_end_time'],
  });

/** Kept whole, with whatever else stands in it. */
const appConfig = z.looseObject({app_id: z.string().min(1), app_version: z.int().nullish()});
const timestamp = z.iso.datetime({offset: true});
const campaignName = z.string().regex(/^[A-Za-z0-9_\- ]{1,50}$/);
const description = z.string().max(150);

export const updateSchema = z.strictObject({
  name: campaignName.nullish(),
  description: description.nullish(),
  app_config: appConfig.nullish(),
  end_timestamp: timestamp.nullish(),
  allowed_schedule: schedule.nullish(),
});

export const createSchema = z
  .strictObject({
    name: campaignName,
    description: description.nullish(),
    app_config: appConfig.extend({app_version: z.int()}),
    start_timestamp: timestamp,
    end_timestamp: timestamp,
    allowed_schedule: schedule,
  })
  .refine(({end_timestamp: end, start_timestamp: start}) => Date.parse(start) < Date.parse(end), {
    error: 'end_timestamp must be after start_timestamp',
    path: ['end_timestamp'],
  });

export const statusSchema = z.object({action: z.enum(['pause', 'resume', 'cancel'])});

export const compare: Record<
  z.infer<typeof querySchema>['sort_by'],
  (a: SimulatedCampaign, b: SimulatedCampaign) => number
> = {
  created_at: (a, b) => a.createdAt - b.createdAt,
  updated_at: (a, b) => a.updatedAt - b.updatedAt,
  name: (a, b) => (a.name < b.name ? -1 : 1),
};

/** What of a campaign a body changes. Null leaves as it is what must have a value, and takes away what need not. */
export const fromWire = (body: z.infer<typeof updateSchema>) => ({
  ...(body.name != null && {name: body.name}),
  ...(body.description !== undefined && {description: body.description}),
  ...(body.app_config != null && {appConfig: body.app_config}),
  ...(body.end_timestamp != null && {endsAt: Date.parse(body.end_timestamp)}),
  ...(body.allowed_schedule !== undefined && {
    allowedSchedule: body.allowed_schedule as AllowedSchedule | null,
  }),
});
