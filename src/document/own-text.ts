/** What V8 copies in any case; a longer text that is cut from another one holds on to all of it. Characters. */
const COPIED = 12;
/** So many texts that many campaigns have in common are kept once. */
const MOST_SHARED = 10_000;

const shared = new Map<string, string>();

/** The same text, which holds on to nothing of the file that it was read from. */
export const ownText = (text: string): string =>
  text.length > COPIED ? (JSON.parse(JSON.stringify(text)) as string) : text;

/** The same for a text that many campaigns have in common, such as the name of their workspace: it is kept once. */
export const sharedText = (text: string): string => {
  const known = shared.get(text);
  if (known !== undefined) return known;
  const own = ownText(text);
  if (shared.size < MOST_SHARED) shared.set(own, own);
  return own;
};

/** The same for all labels of a campaign. */
export const sharedLabels = (labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(labels).map(([key, value]) => [sharedText(key), sharedText(value)]));
