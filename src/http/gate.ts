import {BlockList, isIPv4, isIPv6} from 'node:net';
import {getConnInfo} from '@hono/node-server/conninfo';
import type {Context, Next} from 'hono';
import {getCookie} from 'hono/cookie';
import {problem} from './problem.ts';
import {isProof, isSame, proofOf} from './proof.ts';
import {isTicket} from './ticket.ts';
import {SESSION} from './web/layout.ts';

/** Who may look: whoever has the token, or comes by way of a proxy that has let them in. */
export interface GateOptions {
  /** The token as it is now; undefined where none is configured, or it cannot be read. */
  token(): string | undefined;
  /** Not given where no proxy is trusted. */
  readonly proxy?: {readonly userHeader: string; readonly addresses: readonly string[]} | undefined;
  /** Epoch milliseconds. */
  now(): number;
  /** Resolves that many milliseconds later. */
  wait(milliseconds: number): Promise<unknown>;
}

/** How long a browser stays logged in. Milliseconds. */
export const SESSION_LENGTH = 12 * 3_600_000;

/** How long a wrong token waits for its answer, and how many of one address may wait. */
const WRONG_WAIT = 1_000;
const MOST_WAITING = 5;

/** What the cookie of a browser is good for. */
const LOOKING = 'session';

const listOf = (addresses: readonly string[]): BlockList => {
  const list = new BlockList();
  for (const text of addresses) {
    const [address = '', prefix] = text.split('/');
    const family = isIPv4(address) ? 'ipv4' : 'ipv6';
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return list;
};

const MAPPED = /^::ffff:(?=\d+\.)/i;

const isIn = (list: BlockList, address: string): boolean => {
  const plain = address.replace(MAPPED, '');
  if (isIPv4(plain)) return list.check(plain, 'ipv4');
  return isIPv6(plain) && list.check(plain, 'ipv6');
};

const addressOf = (context: Context): string => {
  try {
    return getConnInfo(context).remote.address ?? '';
  } catch {
    return '';
  }
};

const bearerOf = (context: Context): string | undefined =>
  /^Bearer +(\S+)$/i.exec(context.req.header('authorization') ?? '')?.[1];

/** Lets in whoever may look. */
export class Gate {
  readonly #options: GateOptions;
  readonly #proxies: BlockList;
  /** How many wrong tokens of an address wait for their answer. */
  readonly #waiting = new Map<string, number>();

  constructor(options: GateOptions) {
    this.#options = options;
    this.#proxies = listOf(options.proxy?.addresses ?? []);
  }

  /**
   * Whether a request shows that whoever sent it may look. The right token is let in whatever else comes from its address:
   * behind an ingress that is everybody's, and no one is to shut the others out.
   */
  isOpenTo(context: Context): boolean {
    const {now, proxy} = this.#options;
    const token = this.#options.token();
    const [bearer, session] = [bearerOf(context), getCookie(context, SESSION)];
    if (token !== undefined) {
      if (session !== undefined && isProof(session, token, LOOKING, now())) return true;
      if (bearer !== undefined && isSame(bearer, token)) return true;
      const authorization = context.req.header('authorization') ?? '';
      if (isTicket(authorization, token, new URL(context.req.url), now())) return true;
    }
    const user = proxy && context.req.header(proxy.userHeader);
    return Boolean(user) && isIn(this.#proxies, addressOf(context));
  }

  /** The session that a token gives, and until when; undefined for a wrong one, which is told so late. */
  async sessionFor(given: string, context: Context): Promise<{value: string; until: number} | undefined> {
    const token = this.#options.token();
    const until = this.#options.now() + SESSION_LENGTH;
    if (token !== undefined && isSame(given, token)) return {value: proofOf(token, LOOKING, until), until};
    await this.#slow(addressOf(context));
    return undefined;
  }

  /** What whoever may not look is told: of a wrong token after a while, so that nobody tries many. */
  async refuse(context: Context): Promise<Response> {
    const isWrong = bearerOf(context) !== undefined;
    if (isWrong && !(await this.#slow(addressOf(context))))
      return problem(context, 429, 'too many wrong tokens', {'retry-after': '5'});
    return problem(
      context,
      401,
      isWrong ? 'that is not the token' : 'a token is needed: Authorization: Bearer TOKEN',
      {'www-authenticate': 'Bearer realm="rollcall"'},
    );
  }

  /** Waits; false, at once, where too many of an address wait already. */
  async #slow(address: string): Promise<boolean> {
    const waiting = this.#waiting.get(address) ?? 0;
    if (waiting >= MOST_WAITING) return false;
    this.#waiting.set(address, waiting + 1);
    await this.#options.wait(WRONG_WAIT);
    const left = (this.#waiting.get(address) ?? 1) - 1;
    if (left > 0) this.#waiting.set(address, left);
    else this.#waiting.delete(address);
    return true;
  }
}

/** What is asked for by programs that have no token, or shows nothing. */
const OPEN: ReadonlySet<string> = new Set([
  '/livez',
  '/readyz',
  '/metrics',
  '/hooks/git',
  '/login',
  '/logout',
  '/style.css',
  '/live.js',
  '/favicon.ico',
]);

/** Refuses whoever may not look: with a form, where a browser asks for a page. */
export const guarded =
  (gate: Gate | undefined, form: (context: Context) => Promise<Response>) =>
  async (context: Context, next: Next): Promise<Response | undefined> => {
    if (!gate || OPEN.has(context.req.path) || gate.isOpenTo(context)) {
      await next();
      return undefined;
    }
    const isPage = (context.req.header('accept') ?? '').includes('text/html');
    return isPage && !context.req.path.startsWith('/api/') ? form(context) : gate.refuse(context);
  };
