import {z} from 'zod';

/** An RFC 1123 label, as Kubernetes names things: the name of a campaign's declaration, or of a workspace. */
export const dnsLabel = z
  .string()
  .regex(
    /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/,
    'must be lower-case letters, digits and hyphens, at most 63, as in q1-reminders',
  );
