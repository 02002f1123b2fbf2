import {z} from 'zod';

type Flaw = {readonly message: string; readonly code?: string; readonly hint?: string};

const CREDENTIALS: Flaw = {
  message: 'must not hold credentials: use source.git.auth',
  code: 'literal-secret',
  hint: 'auth: {username: U, passwordFile: F}',
};

const SCHEME = /^([a-z][a-z0-9+.-]*):(\/\/|:)/i;

/** A scheme without its two slashes, which would be taken for the name of a host. */
const HALF_SCHEME = /^(?:https?|ssh|file|ftps?):(?!\/\/)/i;

const TOKEN: Flaw = {
  message: 'must have no query and no fragment: a token there would be shown',
  code: 'literal-secret',
  hint: 'auth: {username: U, passwordFile: F}',
};

const ofUrl = (text: string, scheme: string): Flaw | undefined => {
  const url = URL.parse(text);
  if (!url) return {message: 'is no URL that can be read'};
  if (url.password !== '' || (scheme !== 'ssh' && url.username !== '')) return CREDENTIALS;
  if (url.search !== '' || url.hash !== '') return TOKEN;
  if (scheme === 'file' && url.hostname !== '') return {message: 'must be file:///PATH, without a host'};
  if (url.hostname.startsWith('-')) return {message: 'names a host that begins with a hyphen'};
  return scheme !== 'file' && url.hostname === '' ? {message: 'names no host'} : undefined;
};

/** `user:password@host:path`, which SSH would take for a host named user. */
const SCP_WITH_PASSWORD = /^[^/:@]+:[^/@]*@/;

const flawOf = (text: string): Flaw | undefined => {
  if (text === '' || text.startsWith('-') || /[\p{Cc}]|^\s|\s$/u.test(text))
    return {message: 'must be a URL or a path'};
  if (text.includes('\\'))
    return {message: 'must hold no backslash: programs do not agree where it leads', hint: 'write / instead'};
  if (HALF_SCHEME.test(text))
    return {message: 'must have // after its scheme', hint: 'write https://HOST/PATH, or ssh://HOST/PATH'};
  const [, scheme = ''] = SCHEME.exec(text) ?? [];
  if (scheme === '') return SCP_WITH_PASSWORD.test(text) ? CREDENTIALS : undefined;
  const name = scheme.toLowerCase();
  if (name !== 'https' && name !== 'ssh' && name !== 'file') return {message: 'must use https, ssh or file'};
  return ofUrl(text, name);
};

const report = (flaw: Flaw | undefined, context: z.RefinementCtx): void => {
  if (!flaw) return;
  const {code, hint, message} = flaw;
  context.addIssue({
    code: 'custom',
    message,
    params: {...(code !== undefined && {code}), ...(hint !== undefined && {hint})},
  });
};

/** Where a Git repository is: a URL over https, ssh or file, `host:path`, or a path. It holds no secret. */
export const gitUrl = z.string().superRefine((text, context) => report(flawOf(text), context));

const baseUrlFlaw = (text: string): Flaw | undefined => {
  if (text.includes('\\'))
    return {message: 'must hold no backslash: programs do not agree where it leads', hint: 'write / instead'};
  const url = URL.parse(text);
  if (!url && /^https?:\/\/./i.test(text))
    return {message: 'is no URL that can be read', hint: 'check its host and port'};
  if (!/^https?:\/\//i.test(text) || !url) {
    const host = /^[\w.-]+(?::\d+)?(?:\/\S*)?$/.test(text) ? `: https://${text}` : '';
    return {message: 'must be an http or https URL, with its scheme', hint: `write it whole${host}`};
  }
  if (url.username !== '' || url.password !== '')
    return {message: 'must not hold credentials', code: 'literal-secret', hint: 'use workspaces[].apiKey'};
  return url.search !== '' || url.hash !== '' || /[?#]/.test(text)
    ? {message: 'must have no query and no fragment', hint: 'end it with the path'}
    : undefined;
};

/** Where the platform's API is; it comes out without a slash at its end, and without dots in its path. */
export const baseUrl = z
  .string()
  .superRefine((text, context) => report(baseUrlFlaw(text), context))
  .transform(text => (URL.parse(text)?.href ?? text).replace(/\/+$/, ''));

const isWebUrl = (text: string): boolean => {
  const url = URL.parse(text);
  return (
    url !== null &&
    /^https?:$/.test(url.protocol) &&
    url.username === '' &&
    url.password === '' &&
    url.search === '' &&
    url.hash === ''
  );
};

/** Where people look at something in a browser. */
export const webUrl = z
  .string()
  .refine(isWebUrl, 'must be an http or https URL, without credentials, query and fragment');
