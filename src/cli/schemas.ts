import {z} from 'zod';
import {configJsonSchema} from '../config/schema.ts';
import {OUTCOMES} from '../domain/outcome.ts';
import {ACTIONS} from '../domain/transitions.ts';
import {allowanceJsonSchema} from '../source/allowance-schema.ts';
import {calendarJsonSchema} from '../source/calendar-schema.ts';
import {freezeJsonSchema} from '../source/freeze-schema.ts';
import {campaignJsonSchema} from '../source/schema.ts';
import {forecastSchema} from './ahead/forecast.ts';
import type {SchemaKind} from './formats.ts';
import {diagnosticSchema, planSchema, revisionSchema} from './plan/document.ts';

const count = z.int().nonnegative();

/** What `rollcall validate --format json` prints. */
export const validationSchema = z
  .object({
    apiVersion: z.literal('rollcall.dev/v1'),
    kind: z.literal('Validation'),
    valid: count.describe('Declarations without a problem.'),
    diagnostics: z.array(diagnosticSchema).describe('Every problem, by file, line and column.'),
    warnings: z
      .array(diagnosticSchema)
      .describe('What is no mistake, and still worth a word, such as a hold without an end.'),
  })
  .describe('What `rollcall validate --format json` prints.');

const campaign = {workspace: z.string(), campaignId: z.string(), name: z.string()};

/** What came of a plan, as `rollcall apply --format json` prints it. */
export const applyResultSchema = z
  .object({
    apiVersion: z.literal('rollcall.dev/v1'),
    kind: z.literal('ApplyResult'),
    plan: z.string().nullable().describe('The checksum of the plan; null where the file is no whole plan.'),
    revision: revisionSchema.nullable(),
    summary: z.object({
      ...Object.fromEntries(OUTCOMES.map(kind => [kind, count])),
      already: count,
      leftOut: count,
    }),
    items: z.array(
      z.object({...campaign, action: z.enum(ACTIONS), outcome: z.enum(OUTCOMES), detail: z.string()}),
    ),
    already: z
      .array(z.object({...campaign, message: z.string()}))
      .describe('What was as the plan wants it before anything was sent.'),
    leftOut: z
      .array(z.object({...campaign, message: z.string()}))
      .describe('What had moved since the plan, and what a hold or a freeze still keeps.'),
    refused: z.array(z.string()).describe('Why nothing was sent at all; empty where it was not refused.'),
  })
  .describe('What `rollcall apply --format json` prints.');

/** A JSON Schema (draft-07) with the name by which it is known. */
const named = (schema: z.ZodType, name: string, title: string) => (): Record<string, unknown> => {
  const {$schema, ...rest} = z.toJSONSchema(schema, {target: 'draft-7'});
  return {$schema, $id: `https://rollcall.dev/schema/v1/${name}.schema.json`, title, ...rest};
};

/** The JSON Schemas of what Rollcall reads and prints, by kind. */
export const SCHEMAS: Readonly<Record<SchemaKind, () => unknown>> = {
  campaign: campaignJsonSchema,
  allowance: allowanceJsonSchema,
  calendar: calendarJsonSchema,
  freeze: freezeJsonSchema,
  controller: configJsonSchema,
  plan: named(planSchema, 'plan', 'Rollcall plan'),
  forecast: named(forecastSchema, 'forecast', 'Rollcall forecast'),
  validation: named(validationSchema, 'validation', 'Rollcall validation'),
  'apply-result': named(applyResultSchema, 'apply-result', 'Rollcall apply result'),
};
