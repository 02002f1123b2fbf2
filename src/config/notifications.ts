import {z} from 'zod';
import {dnsLabel} from '../document/names.ts';
import {whenSound} from '../document/when-sound.ts';
import {baseUrl} from './urls.ts';

/** Where a secret is: an environment variable, or a file; never the secret itself. */
export const secretReference = (what: string) =>
  z.union(
    [
      z.strictObject({
        env: z
          .string()
          .regex(
            /^[A-Za-z_][A-Za-z0-9_]*$/,
            'must be the name of a variable: letters, digits and _, as in SARVAM_API_KEY',
          ),
      }),
      z.strictObject({file: z.string().min(1, 'must not be empty')}),
    ],
    {error: `must be {env: VARIABLE} or {file: PATH}; ${what} is refused`},
  );

const isPrivate = (url: string): boolean =>
  /^https:/i.test(url) || /^http:\/\/(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::|\/|$)/i.test(url);

const webhook = z.strictObject({url: baseUrl, secret: secretReference('a literal secret')});

const slack = z.strictObject({webhookUrl: secretReference('a literal address, which is a secret,')});

const githubStatus = z.strictObject({
  repository: z
    .string()
    .regex(/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})\/[A-Za-z0-9._-]{1,100}$/, 'must be OWNER/NAME')
    .refine(text => !/\/\.{1,2}$/.test(text), 'must be OWNER/NAME'),
  token: secretReference('a literal token'),
  baseUrl: baseUrl
    .refine(isPrivate, 'must be https: the token would be sent for everybody to read')
    .default('https://api.github.com'),
});

const KINDS = ['webhook', 'slack', 'githubStatus'] as const;

const receiver = z
  .strictObject({
    name: dnsLabel,
    webhook: webhook.optional(),
    slack: slack.optional(),
    githubStatus: githubStatus.optional(),
  })
  .refine(given => KINDS.filter(kind => given[kind] !== undefined).length === 1, {
    message: `needs one of ${KINDS.join(', ')}, and not more`,
    ...whenSound(),
  });

/** Who is told when a revision is in place or cannot be, and when drift begins and ends. */
export const notifications = z.array(receiver);

export type ReceiverConfig = z.infer<typeof receiver>;

/** Where a secret is: an environment variable, or a file that may be rotated. */
export type SecretReference = z.infer<ReturnType<typeof secretReference>>;
