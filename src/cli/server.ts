import {isRecord} from '../domain/json.ts';
import {errorText, headerProblem, oneLine} from '../domain/text.ts';

/** A controller that runs somewhere, and what it asks of whoever looks. */
export interface Server {
  readonly url: string;
  /** Undefined where everybody may look. */
  readonly token: string | undefined;
}

/** How long a controller may take to answer. Milliseconds. */
const PATIENCE = 10_000;

/** A controller by its address; the token is the environment's (`ROLLCALL_TOKEN`), so that no list of processes shows it. */
export const serverOf = (url: string, env: NodeJS.ProcessEnv): Server => ({
  url,
  token: env['ROLLCALL_TOKEN']?.trim() || undefined,
});

const refusal = (origin: string, status: number, body: unknown, token: string | undefined): Error => {
  const detail = isRecord(body) && typeof body['detail'] === 'string' ? `: ${oneLine(body['detail'])}` : '';
  if (status === 401)
    return new Error(
      token === undefined
        ? `${origin} asks for a token: give it in ROLLCALL_TOKEN`
        : `${origin} does not take the token in ROLLCALL_TOKEN`,
    );
  return new Error(`${origin} answered ${status}${detail}: is it a Rollcall?`);
};

/** OpenSSL's own words are for whoever wrote it. */
const whyNot = (cause: unknown): string =>
  cause instanceof Error && 'code' in cause && cause.code === 'ERR_SSL_WRONG_VERSION_NUMBER'
    ? 'there is no TLS at that port; is it http?'
    : errorText(cause);

/** Asks a controller that runs. Rejects, saying what is wrong, where it gives no answer that can be used. */
export const askServer = async (
  {token, url: server}: Server,
  path: string,
  query: Readonly<Record<string, string | undefined>> = {},
): Promise<Readonly<Record<string, unknown>>> => {
  const problem = token === undefined ? undefined : headerProblem(token);
  if (problem !== undefined) throw new Error(`nothing was asked: the token in ROLLCALL_TOKEN ${problem}`);
  const url = new URL(path, server.endsWith('/') ? server : `${server}/`);
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) url.searchParams.set(name, value);
  let answer: Response;
  try {
    answer = await fetch(url, {
      signal: AbortSignal.timeout(PATIENCE),
      redirect: 'error',
      headers: {accept: 'application/json', ...(token !== undefined && {authorization: `Bearer ${token}`})},
    });
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    throw new Error(`${url.origin} does not answer: ${whyNot(cause)}`);
  }
  const body: unknown = await answer.json().catch(() => undefined);
  if (answer.ok && isRecord(body)) return body;
  throw refusal(url.origin, answer.status, body, token);
};
