/** The proxies of the usual environment variables, checked and made whole. */
export interface Proxies {
  readonly http?: string;
  readonly https?: string;
  /** As `NO_PROXY` has it: hosts, separated by commas. */
  readonly noProxy: string;
}

/** A variable of the environment that names no proxy. Its value is not told: it may hold a password. */
export class ProxyInvalid extends Error {}

/** What browsers write into the list of hosts that are reached directly, to have this machine reached by proxy too. */
const PROXIED_LOOPBACK = '<-loopback>';

const proxyUrl = (env: NodeJS.ProcessEnv, ...names: readonly string[]): string | undefined => {
  const name = names.find(candidate => env[candidate]?.trim());
  const text = name === undefined ? '' : (env[name]?.trim() ?? '');
  if (text === '') return undefined;
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  const protocol = URL.parse(whole)?.protocol;
  if (protocol === 'http:' || protocol === 'https:') return whole;
  throw new ProxyInvalid(
    `the environment variable ${name} names no proxy: write http://HOST:PORT, or unset it`,
  );
};

/** Reads the proxies. Throws `ProxyInvalid` where a variable names none. */
export const proxiesOf = (env: NodeJS.ProcessEnv): Proxies => {
  const http = proxyUrl(env, 'http_proxy', 'HTTP_PROXY');
  const https = proxyUrl(env, 'https_proxy', 'HTTPS_PROXY');
  return {
    ...(http !== undefined && {http}),
    ...(https !== undefined && {https}),
    noProxy: env['no_proxy'] || env['NO_PROXY'] || '',
  };
};

const hostOf = (url: string): string => new URL(url).hostname.replace(/^\[|\]$/g, '').toLowerCase();

/** True for an address of this machine. */
const isLoopback = (url: string): boolean => {
  const host = hostOf(url);
  return (
    host === 'localhost' || host.endsWith('.localhost') || host === '::1' || /^127(?:\.\d+){3}$/.test(host)
  );
};

/** A host of `NO_PROXY`, with a port where only that is meant; an address of IPv6 has brackets then. */
const ENTRY = /^(?:\[(?<bracketed>[^\]]+)\]|(?<name>[^:]+))(?::(?<port>\d+))?$/;
const BARE_ADDRESS = /^[^[\]]*:[^[\]]*:[^[\]]*$/;

const isExcepted = (url: string, noProxy: string): boolean => {
  const host = hostOf(url);
  const {port, protocol} = new URL(url);
  const own = port || (protocol === 'https:' ? '443' : '80');
  return noProxy.split(/[,\s]+/).some(entry => {
    const text = entry.toLowerCase();
    const {bracketed, name, port: only} = ENTRY.exec(text)?.groups ?? {};
    const excepted = BARE_ADDRESS.test(text) ? text : (bracketed ?? name ?? '').replace(/^\*?\./, '');
    if (excepted === '' || (only !== undefined && only !== own)) return false;
    return excepted === '*' || host === excepted || host.endsWith(`.${excepted}`);
  });
};

/** The variable by which a URL is reached through a proxy; undefined where it is reached directly. */
export const proxyFor = (url: string, {http, https, noProxy}: Proxies): string | undefined => {
  const secure = /^https:/i.test(url);
  const name = secure && https !== undefined ? 'HTTPS_PROXY' : http === undefined ? undefined : 'HTTP_PROXY';
  if (name === undefined || isExcepted(url, noProxy)) return undefined;
  return isLoopback(url) && !noProxy.includes(PROXIED_LOOPBACK) ? undefined : name;
};
