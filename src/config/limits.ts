import {z} from 'zod';
import {duration} from '../document/duration.ts';

const SHARE = /^(\d+(?:\.\d+)?)%$/;

/** A share such as `30%`, as a number from 0 to 1. */
const share = z.union([z.string(), z.number()]).transform((text, context) => {
  const value = Number(SHARE.exec(String(text))?.[1] ?? Number.NaN) / 100;
  if (value >= 0 && value <= 1) return value;
  context.addIssue({code: 'custom', message: 'must be a share from 0% to 100%, such as 30%'});
  return z.NEVER;
});

const limit = (most: number, part: string) =>
  z
    .strictObject({
      most: z
        .int()
        .min(0)
        .max(1_000_000)
        .prefault(most)
        .describe('How many are sent whatever their share is.'),
      share: share.prefault(part).describe('Of the workspace’s declared campaigns.'),
      per: duration('1m', '31d').prefault('1d').describe('Within which time they are counted.'),
    })
    .prefault({});

/** How many resumes and cancels a workspace takes at once: what is more than both numbers stops as a whole. */
export const limitsSchema = z
  .strictObject({resume: limit(50, '30%'), cancel: limit(10, '10%')})
  .prefault({})
  .describe(
    'What is more than both numbers of an action stops as a whole, until an Allowance lets it through.',
  );

/** When a resume is too old to be sent. */
export const resumeSchema = z
  .strictObject({
    maxAge: duration('1m', '365d')
      .prefault('1d')
      .describe('A resume that has been due for longer is not sent until its declaration is changed.'),
  })
  .prefault({});
