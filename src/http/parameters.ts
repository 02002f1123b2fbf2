import type {Context} from 'hono';
import {LABEL} from '../domain/label.ts';
import {momentIn} from '../domain/local-time.ts';
import {problem} from './problem.ts';

/** How many items an answer has where nobody says, and how many it may have. */
export const DEFAULT_LIMIT = 100;
export const HIGHEST_LIMIT = 1000;

/** A request that asks for what there cannot be. */
export class BadRequest extends Error {}

/** What is asked for behind the path. */
export const askedOf = (context: Context): URLSearchParams => new URL(context.req.url).searchParams;

/** The parameters that are asked for, each given once, and none but those that are known. Throws `BadRequest`. */
export const parametersOf = <P extends string>(
  asked: URLSearchParams,
  known: readonly P[],
): Partial<Record<P, string>> => {
  const given: Partial<Record<P, string>> = {};
  for (const [name, value] of asked) {
    const parameter = known.find(one => one === name);
    if (parameter === undefined)
      throw new BadRequest(`there is no parameter ${JSON.stringify(name)}: there are ${known.join(', ')}`);
    if (given[parameter] !== undefined) throw new BadRequest(`${name} is given more than once`);
    given[parameter] = value;
  }
  return given;
};

/** What a form asks for: a field that was left empty asks for nothing. */
export const filledOf = (context: Context): URLSearchParams =>
  new URLSearchParams([...askedOf(context)].filter(([, value]) => value !== ''));

/** How many items an answer may have. Throws `BadRequest`. */
export const limitOf = (text: string | undefined): number => {
  if (text === undefined) return DEFAULT_LIMIT;
  const limit = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= HIGHEST_LIMIT) return limit;
  throw new BadRequest(`limit must be a whole number from 1 to ${HIGHEST_LIMIT}`);
};

/** The name of a workspace. Throws `BadRequest`. */
export const workspaceOf = (text: string | undefined): string | undefined => {
  if (text === undefined || LABEL.test(text)) return text;
  throw new BadRequest('workspace must be the name of a workspace, as the configuration has it');
};

/** A time. Throws `BadRequest`. */
export const timeOf = (name: string, text: string | undefined): number | undefined => {
  if (text === undefined) return undefined;
  const time = momentIn(text);
  if (time !== undefined) return time;
  const plus = text.includes(' ') ? '; in a URL + stands for a space: write it as %2B' : '';
  throw new BadRequest(
    `${name} must be a time as RFC 3339 has it, such as 2026-11-26T00:00:00Z, or a day${plus}`,
  );
};

/** Whether only what this replica leads is asked for. Throws `BadRequest`. */
export const isLocalScope = (text: string | undefined): boolean => {
  if (text === undefined || text === 'replica') return text !== undefined;
  throw new BadRequest('scope must be replica, or be left out');
};

/** Text as a cursor, which whoever asks gives back as it is. */
export const toCursor = (text: string): string => Buffer.from(text, 'utf8').toString('base64url');

/** The text that a cursor of this server's holds; throws `BadRequest` for one that it has not given out. */
export const fromCursor = (cursor: string, isOne: (text: string) => boolean): string => {
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  if (isOne(text) && toCursor(text) === cursor) return text;
  throw new BadRequest(
    'cursor must be the value of next from an earlier answer to the same question, as it was',
  );
};

/** Answers, or says what is wrong with the request. */
export const answered = async (context: Context, answer: () => Promise<Response>): Promise<Response> => {
  try {
    return await answer();
  } catch (error) {
    if (error instanceof BadRequest) return problem(context, 400, error.message);
    throw error;
  }
};
