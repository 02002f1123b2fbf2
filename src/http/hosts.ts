import {isIP} from 'node:net';
import type {Context, Next} from 'hono';
import {problem} from './problem.ts';

/** What is asked by its address or its own signature: a page of somebody else's can make nothing of it. */
const OPEN: ReadonlySet<string> = new Set(['/livez', '/readyz', '/metrics', '/hooks/git']);

const LOCAL = ['localhost', '*.localhost'];

const isCalled = (name: string, host: string): boolean =>
  host.startsWith('*.') ? name.endsWith(host.slice(1)) : name === host;

const isKnown = (hostname: string, hosts: readonly string[]): boolean => {
  const name = hostname
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');
  return isIP(name) !== 0 || [...LOCAL, ...hosts].some(host => isCalled(name, host.toLowerCase()));
};

/**
 * Refuses a request under a name that is not this server's: a web page whose own name was made to lead here could read
 * what it shows otherwise (DNS rebinding). An address is nobody's name, and is taken.
 *
 * @param hosts names, or `*.` and a domain, besides addresses and localhost
 */
export const onlyFor =
  (hosts: readonly string[]) =>
  async (context: Context, next: Next): Promise<Response | undefined> => {
    const {hostname} = new URL(context.req.url);
    if (!OPEN.has(context.req.path) && !isKnown(hostname, hosts))
      return problem(
        context,
        421,
        `this server is not known as ${hostname}: put it into http.hosts, or ask by an address`,
      );
    await next();
    return undefined;
  };

/**
 * Refuses what a web page of another site asks for behind its visitor's back, where the browser says so. Whoever follows a
 * link to here is welcome.
 */
export const onlyFromHere = async (context: Context, next: Next): Promise<Response | undefined> => {
  const site = context.req.header('sec-fetch-site') ?? 'none';
  const isElsewhere = site === 'cross-site' || site === 'same-site';
  if (isElsewhere && context.req.header('sec-fetch-mode') !== 'navigate')
    return problem(context, 403, 'a page of another site may not ask this server for anything');
  await next();
  return undefined;
};
