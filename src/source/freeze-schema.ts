import {z} from 'zod';
import {knownKeysOf} from '../document/known-keys.ts';
import {dnsLabel} from '../document/names.ts';
import {whenSound} from '../document/when-sound.ts';
import type {Freeze} from '../domain/freeze.ts';
import {documentSchema, inputSchema} from './document-schema.ts';
import {oneLine, time} from './schema.ts';

const spec = z
  .strictObject({
    selector: z
      .strictObject({
        workspace: dnsLabel.optional().describe('Only campaigns of this workspace; without it, of all.'),
        labels: z
          .record(oneLine(63), z.string().max(256, 'must have at most 256 characters'))
          .optional()
          .describe('Only campaigns with all of these labels.'),
      })
      .describe('Which campaigns are meant; {} means all of them.'),
    from: time.optional().describe('When it begins; without it, at once.'),
    until: time.describe('When it ends by itself.'),
    reason: oneLine(1000).describe('Why nothing is resumed or cancelled.'),
    owner: oneLine(256).optional().describe('Who knows more.'),
  })
  .superRefine(
    ({from, until}, context) => {
      if (from !== undefined && Date.parse(from) >= Date.parse(until))
        context.addIssue({code: 'custom', path: ['until'], message: 'must be after from'});
    },
    whenSound('from', 'until'),
  );

/** A freeze, as a document of a YAML file: until it ends, campaigns are neither resumed nor cancelled; pauses pass. */
export const freezeSchema = z
  .strictObject({
    apiVersion: z.literal('rollcall.dev/v1'),
    kind: z.literal('Freeze'),
    metadata: z.strictObject({name: dnsLabel.describe('By which it is known; an RFC 1123 label.')}),
    spec,
  })
  .describe('A stretch of time in which campaigns are neither resumed nor cancelled. Pauses pass, always.');

type FreezeDocument = z.infer<typeof freezeSchema>;

/** The keys of a freeze by path, for «did you mean». */
export const knownFreezeKeys = knownKeysOf(inputSchema(freezeSchema));

/** The freeze that a document is. */
export const toFreeze = ({metadata, spec: given}: FreezeDocument, file: string, line: number): Freeze => {
  const {from, owner, reason, selector, until} = given;
  return {
    name: metadata.name,
    ...(selector.workspace !== undefined && {workspace: selector.workspace}),
    labels: selector.labels ?? {},
    ...(from !== undefined && {from: Date.parse(from)}),
    until: Date.parse(until),
    reason,
    ...(owner !== undefined && {owner}),
    source: {file, line},
  };
};

/** The JSON Schema of a freeze. */
export const freezeJsonSchema = (): Record<string, unknown> => documentSchema(freezeSchema, 'freeze');
