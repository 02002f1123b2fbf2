/** The longest RFC 1123 label. */
const LONGEST = 63;

/** Text as an RFC 1123 label, as near to it as such a label can be; empty where nothing of it can stand there. */
export const toLabel = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, LONGEST)
    .replace(/^-+|-+$/g, '');

const joined = (base: string, suffix: string): string =>
  toLabel(`${base.slice(0, LONGEST - suffix.length - 1)}-${suffix}`);

/**
 * A label that is not taken yet: the campaign's name; with its id where the name is taken or says nothing; with
 * a number where even that is taken.
 */
export const uniqueLabel = (name: string, id: string, isTaken: (label: string) => boolean): string => {
  const [fromName, fromId] = [toLabel(name), toLabel(id) || 'campaign'];
  const base = fromName ? joined(fromName, fromId.slice(-30).replace(/^-+/, '')) : fromId;
  const numbered = (n: number): string => joined(base, String(n));
  const first = [fromName, base].find(label => label !== '' && !isTaken(label));
  if (first !== undefined) return first;
  let n = 2;
  while (isTaken(numbered(n))) n += 1;
  return numbered(n);
};
