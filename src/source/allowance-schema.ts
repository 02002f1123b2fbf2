import {z} from 'zod';
import {knownKeysOf} from '../document/known-keys.ts';
import {dnsLabel} from '../document/names.ts';
import type {Allowance} from '../domain/limits.ts';
import {documentSchema, inputSchema} from './document-schema.ts';
import {oneLine, time} from './schema.ts';

const number = z.int().min(0).max(1_000_000);

/** An allowance, as a document of a YAML file: lets through, once, what a limit stops. */
export const allowanceSchema = z
  .strictObject({
    apiVersion: z.literal('rollcall.dev/v1'),
    kind: z.literal('Allowance'),
    metadata: z.strictObject({name: dnsLabel.describe('By which it is known; an RFC 1123 label.')}),
    spec: z.strictObject({
      workspace: dnsLabel.describe('The workspace whose limits it widens.'),
      resume: number.prefault(0).describe('How many resumes it lets through besides the limit.'),
      cancel: number.prefault(0).describe('How many cancels it lets through besides the limit.'),
      until: time.describe('When it ends by itself.'),
      reason: oneLine(1000).describe('Why so many at once are right.'),
    }),
  })
  .describe('Lets through, once, resumes and cancels that a limit of the configuration stops.');

type AllowanceDocument = z.infer<typeof allowanceSchema>;

/** The keys of an allowance by path, for «did you mean». */
export const knownAllowanceKeys = knownKeysOf(inputSchema(allowanceSchema));

/** The allowance that a document is. */
export const toAllowance = ({metadata, spec}: AllowanceDocument, file: string, line: number): Allowance => ({
  name: metadata.name,
  workspace: spec.workspace,
  resume: spec.resume,
  cancel: spec.cancel,
  until: Date.parse(spec.until),
  reason: spec.reason,
  source: {file, line},
});

/** The JSON Schema of an allowance. */
export const allowanceJsonSchema = (): Record<string, unknown> =>
  documentSchema(allowanceSchema, 'allowance');
