import {z} from 'zod';
import {STATUSES} from '../domain/transitions.ts';
import type {AllowedSchedule, SimulatedCampaign} from './model.ts';

/** What the platform's API takes and gives, as its documentation has it. */

const iso = (time: number): string => new Date(time).toISOString();

export const toMetadata = (campaign: SimulatedCampaign) => ({
  name: campaign.name,
  campaign_id: campaign.campaignId,
  status: campaign.status,
  app_id: campaign.appConfig.appId,
  created_by: campaign.createdBy,
  created_at: iso(campaign.createdAt),
  updated_at: iso(campaign.updatedAt),
  description: campaign.description,
  app_type: 'agent',
  app_version: campaign.appConfig.appVersion,
  updated_by: campaign.updatedBy,
});

export const toDetails = (campaign: SimulatedCampaign) => ({
  ...toMetadata(campaign),
  app_config: {app_id: campaign.appConfig.appId, app_version: campaign.appConfig.appVersion},
  start_timestamp: iso(campaign.startsAt),
  end_timestamp: iso(campaign.endsAt),
  allowed_schedule: campaign.allowedSchedule,
});

export const querySchema = z.object({
  campaign_status: z.enum(STATUSES).optional(),
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(100).default(10),
  sort_by: z.enum(['created_at', 'updated_at', 'name']).default('created_at'),
  sort_order: z.enum(['asc', 'desc']).default('desc'),
  search: z.string().optional(),
});

const schedule = z.object({
  allowed_start_time: z.string().regex(/^\d\d:\d\d$/),
  allowed_end_time: z.string().regex(/^\d\d:\d\d$/),
  allowed_days: z.array(z.string()),
  timezone: z.string(),
});

const appConfig = z.object({app_id: z.string().min(1), app_version: z.int().nullish()});
const timestamp = z.iso.datetime({offset: true});
const campaignName = z.string().regex(/^[A-Za-z0-9_\- ]{1,50}$/);
const description = z.string().max(150).nullable();

export const updateSchema = z.strictObject({
  name: campaignName.optional(),
  description: description.optional(),
  app_config: appConfig.optional(),
  end_timestamp: timestamp.optional(),
  allowed_schedule: schedule.optional(),
});

export const createSchema = z.strictObject({
  name: campaignName,
  description: description.optional(),
  app_config: appConfig,
  start_timestamp: timestamp,
  end_timestamp: timestamp,
  allowed_schedule: schedule.optional(),
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

export const fromWire = (body: z.infer<typeof updateSchema>) => ({
  ...(body.name !== undefined && {name: body.name}),
  ...(body.description !== undefined && {description: body.description}),
  ...(body.app_config && {
    appConfig: {appId: body.app_config.app_id, appVersion: body.app_config.app_version ?? null},
  }),
  ...(body.end_timestamp !== undefined && {endsAt: Date.parse(body.end_timestamp)}),
  ...(body.allowed_schedule && {allowedSchedule: body.allowed_schedule as AllowedSchedule}),
});
