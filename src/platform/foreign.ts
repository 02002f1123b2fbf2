import {oneLine} from '../domain/text.ts';

/** Makes text of the platform's harmless: one line, at most `longest` characters, and no secret in it. */
export type Clean = (text: string, longest: number) => string;

/** How much of a text is looked at: more than any text that is shown, and any secret, together. */
const LOOKED_AT = 16_384;
const REDACTED = '[redacted]';

/** Takes every secret out of a text. */
export const redact = (text: string, secrets: readonly string[]): string =>
  secrets.reduce((rest, secret) => rest.replaceAll(secret, REDACTED), text);

/** @param secrets those in use at the moment, of all workspaces: one may show in the answer to another */
export const cleaner =
  (secrets: () => readonly string[]): Clean =>
  (text, longest) => {
    const clean = redact(oneLine(text.slice(0, LOOKED_AT)), secrets()).trim();
    const characters = [...clean];
    return characters.length <= longest ? clean : `${characters.slice(0, longest - 1).join('')}…`;
  };
