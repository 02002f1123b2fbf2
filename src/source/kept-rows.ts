import {crc32} from 'node:zlib';
import {sharedLabels, sharedText} from '../document/own-text.ts';
import type {ParsedDocument} from '../domain/conflicts.ts';
import type {ParsedFile} from '../domain/declarations.ts';
import type {Diagnostic} from '../domain/diagnostic.ts';

/** The sum by which a row is known to be whole. */
export const sumOf = (path: string, identity: string, parsed: string): number =>
  crc32(`${path}\n${identity}\n${parsed}`);

/** What a file came to, as a row has it. */
export const textOf = ({allowances, calendars, diagnostics, documents, freezes}: ParsedFile): string => {
  const others = freezes || calendars || allowances ? [{freezes, calendars, allowances}] : [];
  return JSON.stringify([documents, diagnostics, ...others]);
};

/** A document that was read, with what it has in common with others kept once. */
const lean = (document: ParsedDocument, file: string): ParsedDocument => {
  const {source, workspace} = document;
  return {
    ...document,
    ...('labels' in document && {labels: sharedLabels(document.labels)}),
    ...(workspace !== undefined && {workspace: sharedText(workspace)}),
    source: {file, line: source.line},
  };
};

const ofText = (file: string, text: string): ParsedFile => {
  const [documents, diagnostics, others] = JSON.parse(text) as [
    readonly ParsedDocument[],
    readonly Diagnostic[],
    Pick<ParsedFile, 'allowances' | 'calendars' | 'freezes'>?,
  ];
  return {file, documents: documents.map(one => lean(one, file)), diagnostics, ...others};
};

/** What rows hold that count, by path; one row a step. */
export function* reading(
  rows: Iterable<readonly unknown[]>,
  identities: ReadonlyMap<string, string>,
  found: Map<string, ParsedFile>,
): Generator<void, void> {
  for (const [path, identity, sum, parsed] of rows) {
    const [file, text] = [String(path), String(parsed)];
    if (identities.get(file) === identity && sum === sumOf(file, String(identity), text))
      found.set(file, ofText(file, text));
    yield;
  }
}
