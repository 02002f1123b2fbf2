import {oneLine} from '../domain/text.ts';
import type {Clean} from './foreign.ts';

const LONGEST_REASON = 300;
/** How much of an answer's data a reason tells. */
const MOST_PARTS = 12;
const DEEPEST = 6;

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const textAt = (fields: Fields, ...names: readonly string[]): string | undefined => {
  const found = names
    .map(name => fields[name])
    .find(value => typeof value === 'string' && value.trim() !== '');
  return found === undefined ? undefined : String(found);
};

/** `body.action: Input should be pause`: one entry of FastAPI's `detail`, or of a list of problems like it. */
const problemText = (fields: Fields): string | undefined => {
  const message = textAt(fields, 'msg', 'message', 'reason', 'detail', 'error');
  if (message === undefined) return undefined;
  const {loc} = fields;
  const place = Array.isArray(loc) ? loc.join('.') : textAt(fields, 'loc', 'field', 'path', 'param');
  return place ? `${place}: ${message}` : message;
};

/** Everything that a value says, part by part, without its structure. */
const parts = (value: unknown, depth = 0): string[] => {
  if (typeof value === 'string') return value.trim() === '' ? [] : [value];
  if (typeof value === 'number' || typeof value === 'boolean') return [String(value)];
  if (depth >= DEEPEST) return [];
  if (Array.isArray(value)) return value.slice(0, MOST_PARTS).flatMap(item => parts(item, depth + 1));
  if (!isFields(value)) return [];
  const whole = problemText(value);
  if (whole !== undefined) return [whole];
  return Object.entries(value)
    .slice(0, MOST_PARTS)
    .flatMap(([name, inner]) => parts(inner, depth + 1).map(text => `${name}: ${text}`));
};

const listed = (value: unknown): string | undefined => {
  const texts = [...new Set(parts(value).slice(0, MOST_PARTS))];
  return texts.length === 0 ? undefined : texts.join('; ');
};

/** The documented envelope: a message for machines, and in `data.details` what a person needs. */
const ofEnvelope = (error: Fields): string | undefined => {
  const message = textAt(error, 'message', 'msg', 'title') ?? listed(error['message']);
  const {data, details} = error;
  const more = listed(isFields(data) ? (data['details'] ?? data) : (data ?? details));
  if (message === undefined) return more ?? textAt(error, 'code');
  return more === undefined || more === message ? message : `${message}: ${more}`;
};

const ofFields = (body: Fields): string | undefined => {
  const {detail, error, errors} = body;
  if (isFields(error)) return ofEnvelope(error);
  const title = textAt(body, 'message', 'title', 'reason') ?? (typeof error === 'string' ? error : undefined);
  const more = listed(
    detail ?? errors ?? body['data'] ?? (title === undefined ? body['message'] : undefined),
  );
  return title !== undefined && more !== undefined && more !== title ? `${title}: ${more}` : (more ?? title);
};

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
  nbsp: ' ',
};

/** A page of HTML as the line that it shows: its title, or else its text. */
const ofHtml = (html: string): string => {
  const [, title] = /<title[^>]*>([^<]*)/i.exec(html) ?? [];
  const shown =
    title?.trim() ||
    html
      .replace(/<!--[\s\S]*?-->/g, ' ')
      .replace(/<(script|style)\b[^>]*>[\s\S]*?<\/\1>/gi, ' ')
      .replace(/<[^>]*>/g, ' ');
  return shown.replace(/&(amp|lt|gt|quot|#39|nbsp);/g, (_, name: string) => ENTITIES[name] ?? '');
};

/** How much of a page is looked at. */
const LOOKED_AT = 2_048;

const ofText = (text: string, clean: Clean): string => {
  const start = clean(text, LOOKED_AT);
  return /^\s*<(?:!--|!doctype|[a-z?])/i.test(start) ? ofHtml(start) : start;
};

/**
 * The platform's own words for an error, in every shape that it may have them: the documented envelope with its
 * `data.details`, FastAPI's `detail`, a plain `message`, plain text, a page of HTML. On one line and not too long;
 * undefined where it gives none.
 *
 * @param body the answer as JSON, or undefined where it is none
 */
export const errorReason = (body: unknown, text: string, clean: Clean): string | undefined => {
  const said = isFields(body)
    ? ofFields(body)
    : (listed(body) ?? (body === undefined ? ofText(text, clean) : undefined));
  const reason = said === undefined ? '' : clean(oneLine(said).replace(/\s+/g, ' '), LONGEST_REASON);
  return reason === '' ? undefined : reason;
};
