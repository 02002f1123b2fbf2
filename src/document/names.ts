import {z} from 'zod';
import {idProblem, LONGEST_ID} from '../domain/identifier.ts';
import {LABEL} from '../domain/label.ts';

/** An RFC 1123 label, as Kubernetes names things: the name of a campaign's declaration, or of a workspace. */
export const dnsLabel = z
  .string()
  .regex(LABEL, 'must be lower-case letters, digits and hyphens, at most 63, as in q1-reminders');

/** An id of the platform's: of a campaign, an organisation or a workspace. Opaque, yet bounded. */
export const platformId = z
  .string()
  .superRefine((text, context) => {
    const problem = idProblem(text);
    if (problem !== undefined) context.addIssue({code: 'custom', message: problem});
  })
  .meta({minLength: 1, maxLength: LONGEST_ID});
