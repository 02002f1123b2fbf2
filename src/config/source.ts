import {z} from 'zod';
import {duration} from '../document/duration.ts';
import {whenSound} from '../document/when-sound.ts';
import {WEB_HOSTS} from '../domain/web-host.ts';
import {gitUrl, webUrl} from './urls.ts';

/** The path of a file or a folder. */
export const path = z.string().min(1, 'must not be empty');

/** A folder inside the repository: relative, with no way out of it. */
const innerPath = z
  .string()
  .transform(text => text.replace(/^(?:\.?\/)+|\/+$/g, '').replace(/^\.$/, ''))
  .refine(
    text => !text.split('/').some(part => part === '..' || part === '.' || part === '.git'),
    'must be a folder inside the repository',
  );

/** What `git check-ref-format` takes for a branch, but for its rarest forms. */
const branch = z.string().regex(
  // biome-ignore lint/suspicious/noControlCharactersInRegex: \p{Cc} by its numbers, which validators in any language know
  /^(?![-/.])(?!.*(?:\.\.|\/\/|\/\.|@\{|\.lock(?:\/|$)))[^\s\u0000-\u001F\u007F-\u009F~^:?*[\\]+(?<![/.])$/u,
  'must be the name of a branch',
);

const auth = z.union([
  z.strictObject({sshKeyFile: path, knownHostsFile: path}),
  z.strictObject({username: z.string().min(1), passwordFile: path}),
]);

/** Credentials of a kind that the URL's protocol has no use for are a mistake, not a surplus. */
const authFits = (
  {auth: given, url}: {auth?: z.infer<typeof auth> | undefined; url: string},
  context: z.RefinementCtx,
): void => {
  if (!given) return;
  const password = 'username' in given;
  const fits = password ? /^https:/i.test(url) : /^ssh:/i.test(url) || /^[^/:]+:(?!\/\/)/.test(url);
  const message = password ? 'a user and a password need an https URL' : 'an SSH key needs an ssh URL';
  if (!fits) context.addIssue({code: 'custom', path: ['auth'], message});
};

const verify = z
  .strictObject({
    allowedSignersFile: path.optional().describe('Who may sign with which SSH key, as ssh-keygen has it.'),
    gpgKeyringFile: path.optional().describe('OpenPGP keys that may sign, as gpg --export writes them.'),
    commits: z
      .enum(['head', 'all'])
      .default('head')
      .describe('Which commits: the one that comes into force, or every one since the last.'),
  })
  .refine(({allowedSignersFile, gpgKeyringFile}) => (allowedSignersFile ?? gpgKeyringFile) !== undefined, {
    message: 'needs allowedSignersFile, gpgKeyringFile or both',
    ...whenSound(),
  });

/** Where declarations come from. */
export const source = z
  .strictObject({
    git: z
      .strictObject({
        url: gitUrl,
        branch: branch.optional(),
        path: innerPath.default(''),
        interval: duration('1s', '24h').prefault('30s'),
        timeout: duration('1s', '1h').prefault('60s'),
        auth: auth.optional(),
        caFile: path.optional(),
        webhook: z.strictObject({secretFile: path}).optional(),
        verify: verify.optional(),
        webUrl: webUrl
          .optional()
          .describe('Where people look at the repository; follows from url where its host is known.'),
        webKind: z
          .enum(WEB_HOSTS)
          .optional()
          .describe('What hosts it, where the name of the host does not tell.'),
        cacheDirectory: path.optional(),
      })
      .superRefine(authFits, whenSound('auth', 'url'))
      .optional(),
    directory: z.strictObject({path, settle: duration('10ms', '1m').prefault('1s')}).optional(),
  })
  .refine(({directory, git}) => (git === undefined) !== (directory === undefined), {
    message: 'needs either git or directory, and not both',
    ...whenSound(),
  });
