import {z} from 'zod';
import {CAMPAIGN_STATES} from '../domain/states.ts';

/** The schemas by which answers are known: in the description of the API, and in what one replica tells another. */
export const answerSchemas = z.registry<{id: string}>();

/** A schema of an answer, under its name in the description. */
export const named = <T extends z.ZodType>(id: string, schema: T): T => {
  answerSchemas.add(schema, {id});
  return schema;
};

/** A time of an answer. */
export const time = z.iso.datetime().describe('RFC 3339, in UTC.');
/** A number of things. */
export const count = z.int().nonnegative();
/** Where a page goes on. */
export const next = z
  .string()
  .nullable()
  .describe('What cursor is to be for the items after these; null at the end.');

/** What is missing of an answer of several replicas. */
export const unanswered = z
  .array(z.object({identity: z.string(), workspaces: z.array(z.string()), message: z.string()}))
  .optional()
  .describe('Replicas that did not answer: what they know is missing. Not there where there is one process.');

/** Of which workspaces nobody knows. */
export const unled = z
  .array(z.string())
  .optional()
  .describe('Workspaces that no replica leads now. Not there where there is one process.');

/** Campaigns by state. */
export const summary = z
  .partialRecord(z.enum(CAMPAIGN_STATES), count)
  .describe('Campaigns by state; a state that none is in may be left out.');

export const problemSchema = named(
  'Problem',
  z
    .object({type: z.string(), title: z.string(), status: z.int(), detail: z.string()})
    .describe('RFC 9457: what is wrong with a request, and what to do.'),
);
