import {z} from 'zod';
import {duration} from '../document/duration.ts';

const UNITS = {Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30} as const;
const QUANTITY = /^([1-9]\d{0,6})(Ki|Mi|Gi)$/;
const LEAST = 2 ** 20;

/** An amount of storage as Kubernetes writes it, such as `256Mi`; as bytes. */
const quantity = z.string().transform((text, context) => {
  const [, number, unit] = QUANTITY.exec(text) ?? [];
  const bytes = Number(number) * UNITS[unit as keyof typeof UNITS];
  if (bytes >= LEAST) return bytes;
  context.addIssue({code: 'custom', message: 'must be an amount of at least 1Mi, such as 256Mi or 2Gi'});
  return z.NEVER;
});

/** What is kept of the past, where, and how long. */
export const history = z.strictObject({
  file: z
    .string()
    .min(1, 'must not be empty')
    .optional()
    .describe('Where it is written. Default: history.sqlite beside the mirror of the source.'),
  maxAge: duration('1h', '3650d').prefault('400d'),
  maxSize: quantity.prefault('256Mi'),
});
