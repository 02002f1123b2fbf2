import {plain} from '../render.ts';

const LONGEST = 300;

const graphemes = new Intl.Segmenter('en', {granularity: 'grapheme'});

/** Cuts text from outside to a length that a table bears, between two characters as a reader sees them. */
const cut = (text: string, longest: number): string => {
  if (text.length <= longest) return text;
  let end = 0;
  for (const {index, segment} of graphemes.segment(text.slice(0, longest * 2))) {
    if (index + segment.length > longest - 1) break;
    end = index + segment.length;
  }
  return `${text.slice(0, end)}…`;
};

/** Every character that means something in Markdown, HTML or GitHub's additions to them. */
const SPECIAL = /[&<>`*_[\]~|\\#@$]|:(?=[\w/])|(?<=\bwww)\./gi;
const ZERO_WIDTH_SPACE = '&#8203;';

/** What GitHub makes a link of without any mark: an issue as `GH-12`, and letters and digits that may be the hash of a commit. */
const UNMARKED = /\b(?:GH(?=-\d)|(?=[0-9a-f]{7,40}\b)(?=\d*[a-f])(?=[a-f]*\d)[0-9a-f])/gi;

const encoded = (text: string): string => text.replace(SPECIAL, character => `&#${character.charCodeAt(0)};`);

/**
 * Text from outside as Markdown that shows just this text: nothing in it is read as Markdown or HTML, it
 * mentions nobody, refers to no issue, links nowhere, and stays on its line and in its cell.
 */
export const safeText = (text: string, longest = LONGEST): string =>
  encoded(cut(plain(text).trim(), longest))
    .replace(UNMARKED, start => start + ZERO_WIDTH_SPACE)
    .replace(/&#(?:35|64);/g, mark => mark + ZERO_WIDTH_SPACE);

/** The same in the type of code, for names, places and statuses. */
export const safeCode = (text: string, longest = LONGEST): string =>
  `<code>${encoded(cut(plain(text).trim(), longest)) || ' '}</code>`;
