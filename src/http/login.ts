import type {Context} from 'hono';
import {deleteCookie, setCookie} from 'hono/cookie';
import type {Gate} from './gate.ts';
import {problem} from './problem.ts';
import {SESSION} from './web/layout.ts';
import {loginPage} from './web/login.ts';

/** Where a browser goes after it has logged in: a place of this server, whatever was sent. */
const placeOf = (given: unknown): string => {
  const isPlace = typeof given === 'string' && /^\/(?![/\\])[\x21-\x7e]{0,2000}$/.test(given);
  return `.${isPlace ? given : '/'}`;
};

const isSecure = (context: Context): boolean =>
  new URL(context.req.url).protocol === 'https:' || context.req.header('x-forwarded-proto') === 'https';

/** A form that was sent from a page of somebody else's is no login. */
const isOwnForm = (context: Context): boolean => {
  const [site, origin] = [context.req.header('sec-fetch-site'), context.req.header('origin')];
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  if (origin === undefined) return true;
  return URL.canParse(origin) && new URL(origin).host === context.req.header('host');
};

/** Takes the token that a browser's form has, and gives a session for it. */
export const login = async (context: Context, gate: Gate | undefined, base: string): Promise<Response> => {
  if (!gate) return problem(context, 404, 'nobody has to log in here: http.auth is not configured');
  if (!isOwnForm(context)) return problem(context, 403, 'the form of another site does not log in here');
  const {to, token} = await context.req.parseBody().catch((): Record<string, unknown> => ({}));
  const session = typeof token === 'string' ? await gate.sessionFor(token.trim(), context) : undefined;
  if (!session)
    return loginPage(context, {to: typeof to === 'string' ? to : '/', isWrong: true, status: 401});
  setCookie(context, SESSION, session.value, {
    path: `${base}/`,
    httpOnly: true,
    sameSite: 'Strict',
    secure: isSecure(context),
    expires: new Date(session.until),
  });
  return context.redirect(placeOf(to), 303);
};

/** Ends the session of a browser. */
export const logout = (context: Context, base: string): Response => {
  if (!isOwnForm(context)) return problem(context, 403, 'the form of another site does not log out here');
  deleteCookie(context, SESSION, {path: `${base}/`});
  return context.redirect('./', 303);
};
