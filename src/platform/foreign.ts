import {oneLine, redact} from '../domain/text.ts';

/** Makes text of the platform's harmless: one line, at most `longest` characters, and no secret in it. */
export type Clean = (text: string, longest: number) => string;

/** How much of a text is looked at: far more than any text that is shown. */
const LOOKED_AT = 65_536;

/** The beginning of a text, without the part of a secret that the cut may have left at its end. */
const beginningOf = (text: string, secrets: readonly string[]): string => {
  if (text.length <= LOOKED_AT) return text;
  const longest = secrets.reduce((most, {length}) => Math.max(most, length), 0);
  const beginning = text.slice(0, LOOKED_AT);
  return beginning.slice(0, Math.max(0, beginning.length - longest));
};

/** @param secrets those in use at the moment, of all workspaces: one may show in the answer to another */
export const cleaner =
  (secrets: () => readonly string[]): Clean =>
  (text, longest) => {
    const known = secrets();
    const clean = redact(oneLine(redact(beginningOf(text, known), known)), known).trim();
    const characters = [...clean];
    return characters.length <= longest ? clean : `${characters.slice(0, longest - 1).join('')}…`;
  };
