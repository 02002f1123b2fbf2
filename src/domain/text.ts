/**
 * Characters that show nothing, end a line, or change the direction of what follows. The two joiners of Indic and
 * Arabic scripts (U+200C, U+200D) are letters' own business and stay.
 */
const UNPRINTABLE = /(?:[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]|(?![\u200C\u200D])\p{Cf})/gu;
const UNPRINTABLE_RUN = new RegExp(`${UNPRINTABLE.source}+`, 'gu');

/** Text from outside as one line that shows what it holds: a run of unprintable characters becomes a space. */
export const oneLine = (text: string): string => text.replace(UNPRINTABLE_RUN, ' ');

/** The same, one space for each character, so that columns stay where they are. */
export const sameColumns = (text: string): string => text.replace(UNPRINTABLE, ' ');

const codeUnit = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** Escapes the unprintable characters in a JSON text; line breaks between its parts stay. */
export const escapeJson = (json: string): string =>
  json.replace(UNPRINTABLE, character =>
    character === '\n' ? character : character.split('').map(codeUnit).join(''),
  );

/** JSON in which every character is printable ASCII or shows itself: nothing in it moves a terminal's cursor. */
export const toJson = (value: unknown, indent?: number): string =>
  escapeJson(JSON.stringify(value, undefined, indent));

/** `1 campaign`, `2 campaigns`. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;

/** A share from 0 to 1 as people write it: `30%`. */
export const percent = (share: number): string => `${Number((share * 100).toFixed(2))}%`;

/** What a thrown value says. */
export const errorText = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** What stands where a secret was. */
export const REDACTED = '[redacted]';

/** Takes every secret out of a text. */
export const redact = (text: string, secrets: readonly string[]): string =>
  secrets.reduce((rest, secret) => rest.replaceAll(secret, REDACTED), text);

/** Text cut to at most `longest` UTF-16 code units, with a mark where something is missing. */
export const cutText = (text: string, longest: number): string =>
  text.length <= longest ? text : `${text.slice(0, longest - 1).toWellFormed()}…`;

/** What a header of HTTP can carry (RFC 9110, 5.5), without spaces. */
const HEADER_VALUE = /^[\x21-\x7e]+$/;

/** Why a secret is of no use in a header of HTTP; undefined where it can be sent. */
export const headerProblem = (secret: string): string | undefined =>
  HEADER_VALUE.test(secret)
    ? undefined
    : 'holds a character that no header can carry, such as a space or a line break in the middle';
