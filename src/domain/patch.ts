/** How many lines around a change are shown with it. */
const AROUND = 3;

/** The lines of a text, each with what ends it. */
const linesOf = (text: string): readonly string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

const commonLength = (a: readonly string[], b: readonly string[]): number => {
  const shorter = Math.min(a.length, b.length);
  for (let at = 0; at < shorter; at++) if (a[at] !== b[at]) return at;
  return shorter;
};

const marked = (mark: string, lines: readonly string[]): readonly string[] =>
  lines.map(line => `${mark}${line}${line.endsWith('\n') ? '' : '\n\\ No newline at end of file\n'}`);

const place = (start: number, count: number): string => `${count === 0 ? start : start + 1},${count}`;

/** A path as Git writes it in a patch: quoted where it has what could be taken for something else. */
const pathText = (side: string, file: string): string => {
  const path = `${side}/${file}`;
  return /^[\x21\x23-\x5b\x5d-\x7e ]*$/.test(path) && !/^ | $/.test(path) ? path : JSON.stringify(path);
};

/** How one change in the middle of a file looks as `git apply` takes it; empty where nothing changes. */
export const patchOf = (file: string, before: string, after: string): string => {
  const [old, fresh] = [linesOf(before), linesOf(after)];
  const head = commonLength(old, fresh);
  if (head === old.length && head === fresh.length) return '';
  const tail = commonLength(old.slice(head).reverse(), fresh.slice(head).reverse());
  const start = Math.max(0, head - AROUND);
  const [oldEnd, freshEnd] = [old.length - tail, fresh.length - tail];
  const rest = old.slice(oldEnd, oldEnd + AROUND);
  const [oldCount, freshCount] = [oldEnd + rest.length - start, freshEnd + rest.length - start];
  return [
    `--- ${pathText('a', file)}\n+++ ${pathText('b', file)}\n`,
    `@@ -${place(start, oldCount)} +${place(start, freshCount)} @@\n`,
    ...marked(' ', old.slice(start, head)),
    ...marked('-', old.slice(head, oldEnd)),
    ...marked('+', fresh.slice(head, freshEnd)),
    ...marked(' ', rest),
  ].join('');
};
