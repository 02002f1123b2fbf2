import {z} from 'zod';
import {knownKeysOf} from '../document/known-keys.ts';
import {dnsLabel, platformId} from '../document/names.ts';
import {whenSound} from '../document/when-sound.ts';
import {DESIRED_STATUSES} from '../domain/campaign.ts';
import {WITH_OFFSET} from '../domain/local-time.ts';
import {inputSchema} from './document-schema.ts';
import {isTimeText, localTimeText} from './local-text.ts';

/** Text of one line. */
export const oneLine = (longest: number) =>
  z
    .string()
    .min(1, 'must not be empty')
    .max(longest, `must have at most ${longest} characters`)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: \p{Cc} by its numbers, which validators in any language know
    .regex(/^[^\u0000-\u001F\u007F-\u009F]*$/u, 'must be one line, without control characters');

/** A time with its zone. */
export const time = z.iso.datetime({
  offset: true,
  error: 'must be a time with its zone, as in 2026-12-01T00:00:00Z',
});

/** As YAML writes any text of one line. */
const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const spec = z
  .strictObject({
    workspace: dnsLabel.describe('A workspace named in the controller’s own configuration.'),
    campaignId: platformId.describe('The platform’s id of the campaign. Quote it if it looks like a number.'),
    desiredStatus: z
      .enum(DESIRED_STATUSES)
      .describe(
        'The status that the campaign should have. cancelled cannot be undone and needs confirmCancel.',
      ),
    reason: oneLine(1000).optional().describe('Why, for people; shown wherever the campaign is shown.'),
    mode: z
      .enum(['enforce', 'detect'])
      .optional()
      .describe('enforce corrects differences, detect only reports them. Default: the workspace’s.'),
    hold: z
      .strictObject({
        reason: oneLine(1000).describe('Why nothing may be sent for now.'),
        owner: oneLine(256).optional().describe('Who knows more, and ends it.'),
        until: time
          .optional()
          .describe('When the hold ends by itself; without it, when it is taken out of the file.'),
      })
      .optional()
      .describe('Leaves the campaign as it is, whatever differs.'),
    timetable: z
      .strictObject({
        calendar: dnsLabel
          .optional()
          .describe('The name of a calendar: while it is closed, the campaign is paused.'),
        from: localTimeText.optional().describe('Before it, the campaign is paused.'),
        until: localTimeText.optional().describe('From then on, the campaign is paused.'),
      })
      .optional()
      .describe(
        'When the campaign may call; otherwise it is paused. Times are by the clocks of the calendar’s zone, or have an offset.',
      ),
    confirmCancel: z
      .string()
      .optional()
      .describe('The campaignId once more: required with, and only with, desiredStatus: cancelled.'),
  })
  .superRefine(
    ({desiredStatus, timetable}, context) => {
      if (!timetable) return;
      const problem = (message: string, hint: string, ...path: string[]): void => {
        context.addIssue({
          code: 'custom',
          path: ['timetable', ...path],
          message,
          params: {code: 'wrong-timetable', hint},
        });
      };
      if (desiredStatus === 'cancelled' || desiredStatus === 'ended')
        problem(
          `stands with desiredStatus: ${desiredStatus}, and can do nothing for it`,
          'take it out, or ask for active or scheduled',
        );
      if (Object.keys(timetable).length === 0) problem('says nothing', 'give it a calendar, from or until');
      for (const key of ['from', 'until'] as const) {
        const text = timetable[key];
        if (text === undefined || !isTimeText(text)) continue;
        if (timetable.calendar === undefined && !WITH_OFFSET.test(text))
          problem('has no zone: no calendar gives one', `write its offset, as in ${text}+05:30`, key);
      }
    },
    whenSound('desiredStatus', 'timetable'),
  )
  .superRefine(
    ({campaignId: id, confirmCancel, desiredStatus}, context) => {
      const problem = (code: string, message: string, hint: string): void => {
        context.addIssue({code: 'custom', path: ['confirmCancel'], message, params: {code, hint}});
      };
      const isKnown = typeof id === 'string';
      if (desiredStatus !== 'cancelled' && confirmCancel !== undefined) {
        problem('unneeded-confirmation', 'stands without desiredStatus: cancelled', 'remove it');
      } else if (
        desiredStatus === 'cancelled' &&
        (confirmCancel === undefined || (isKnown && confirmCancel !== id))
      ) {
        const message = confirmCancel === undefined ? 'is required to cancel' : 'differs from campaignId';
        problem(
          'unconfirmed-cancel',
          message,
          `a cancel cannot be undone; to mean it, write confirmCancel: ${isKnown ? quoted(id) : 'and the campaignId once more'}`,
        );
      }
    },
    whenSound('confirmCancel', 'desiredStatus'),
  );

/** One declaration, as a document of a YAML file. */
export const campaignSchema = z
  .strictObject({
    apiVersion: z.literal('rollcall.dev/v1'),
    kind: z.literal('Campaign'),
    metadata: z.strictObject({
      name: dnsLabel.describe('Unique in its workspace; an RFC 1123 label.'),
      labels: z
        .record(oneLine(63), z.string().max(256, 'must have at most 256 characters'))
        .optional()
        .describe('Free, for people and for filters.'),
    }),
    spec,
  })
  .describe('The status that one calling campaign should have.');

export type CampaignDocument = z.infer<typeof campaignSchema>;

/** The keys of a declaration by path, for «did you mean». */
export const knownCampaignKeys = knownKeysOf(inputSchema(campaignSchema));

/**
 * The JSON Schema (draft-07) of a declaration, made from the schema that Rollcall checks by. What JSON Schema
 * can say of confirmCancel it says too: required with, and only with, a cancel.
 */
export const campaignJsonSchema = (): Record<string, unknown> => {
  const {$schema, properties, ...rest} = inputSchema(campaignSchema) as {properties: {spec: object}} & Record<
    string,
    unknown
  >;
  const cancelled = {properties: {desiredStatus: {const: 'cancelled'}}, required: ['desiredStatus']};
  return {
    $schema,
    $id: 'https://rollcall.dev/schema/v1/campaign.schema.json',
    title: 'Rollcall campaign',
    ...rest,
    properties: {
      ...properties,
      spec: {
        ...properties.spec,
        if: cancelled,
        // biome-ignore lint/suspicious/noThenProperty: `then` is JSON Schema's own keyword
        then: {required: ['confirmCancel']},
        else: {not: {required: ['confirmCancel']}},
      },
    },
  };
};
