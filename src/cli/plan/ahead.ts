import {z} from 'zod';
import {UPCOMING_KINDS} from '../../domain/agenda.ts';
import type {Ahead, Recurring} from '../../domain/ahead.ts';
import {counted} from '../../domain/text.ts';
import {rfc3339, timeIn} from '../../domain/time.ts';

const time = z.iso.datetime();

const item = z.object({
  at: time,
  last: time.describe('The last time; as at where it happens once.'),
  times: z.int().positive().describe('How often, at the same time of day.'),
  kind: z.enum(UPCOMING_KINDS),
  workspace: z.string(),
  number: z.int().nonnegative().describe('How many campaigns.'),
  first: z.array(z.object({campaignId: z.string(), name: z.string()})).describe('A few of them.'),
  what: z.string(),
  timezone: z.string().nullable(),
});

/** What a plan says of what its change will do by itself later. */
export const aheadSchema = z.object({
  until: time,
  comes: z.array(item).describe('What happens by itself with this change, and would not without it.'),
  goes: z.array(item).describe('What would happen without it, and does not with it.'),
});

export type AheadView = z.infer<typeof aheadSchema>;
type Item = z.infer<typeof item>;

const itemView = ({at, first, last, timezone, ...rest}: Recurring): Item => ({
  at: rfc3339(at),
  last: rfc3339(last),
  ...rest,
  first: first.map(({campaignId, name}) => ({campaignId, name})),
  timezone: timezone ?? null,
});

/** What a change will do by itself later, as a plan has it. */
export const aheadView = ({comes, goes, until}: Ahead): AheadView => ({
  until: rfc3339(until),
  comes: comes.map(itemView),
  goes: goes.map(itemView),
});

const whose = ({first, number, workspace}: Item): string =>
  number === 1 ? `${workspace}/${first[0]?.name ?? ''}` : `${counted(number, 'campaign')} of ${workspace}`;

/** One line of it, by the clocks of its calendar, or of whoever reads it. */
export const aheadLine = (given: Item, reader: string): string => {
  const {at, last, times, what} = given;
  const timezone = given.timezone ?? reader;
  const often =
    times === 1 ? '' : `, ${times} times until ${timeIn(Date.parse(last), timezone).split(' ')[1]}`;
  return `${timeIn(Date.parse(at), timezone)}${often}: ${whose(given)}: ${what}`;
};

/** What is said above the two parts of it. */
export const AHEAD_TITLES = {
  comes: 'What this change will do by itself later (next 30 days)',
  goes: 'What will no longer happen by itself (next 30 days)',
} as const;
