/** Characters that take two cells of a terminal, and such as take none. */
const WIDE =
  /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|\p{Emoji_Presentation}/u;
const NO_WIDTH = /\p{Mn}|\p{Me}|[\u200C\u200D]/u;

const PLAIN = /^[\x20-\x7e]*$/;

const widthOf = (character: string): number => {
  if (NO_WIDTH.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
};

/** How many cells of a terminal a line of text takes. */
export const cells = (text: string): number => {
  if (PLAIN.test(text)) return text.length;
  let sum = 0;
  for (const character of text) sum += widthOf(character);
  return sum;
};

/** Text with spaces after it, so that it takes `width` cells. */
export const padded = (text: string, width: number): string =>
  text + ' '.repeat(Math.max(0, width - cells(text)));

/** Text cut to at most `width` cells, with a mark where something is missing. */
export const cutTo = (text: string, width: number): string => {
  if (cells(text) <= width) return text;
  let [kept, used] = ['', 0];
  for (const character of text) {
    used += widthOf(character);
    if (used > width - 1) break;
    kept += character;
  }
  return `${kept.trimEnd()}…`;
};
