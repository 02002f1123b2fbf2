import {sharedLabels, sharedText} from '../document/own-text.ts';
import type {ParsedDocument} from '../domain/conflicts.ts';
import type {ParsedFile} from '../domain/declarations.ts';
import type {Diagnostic} from '../domain/diagnostic.ts';

/** What a file came to, without its path, as it is kept and handed over. */
export type ParsedText = readonly [
  readonly ParsedDocument[],
  readonly Diagnostic[],
  Pick<ParsedFile, 'allowances' | 'calendars' | 'freezes'>?,
];

/** The same as JSON. */
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

/** What a file came to, from what was kept or handed over. */
export const restored = (file: string, [documents, diagnostics, others]: ParsedText): ParsedFile => ({
  file,
  documents: documents.map(one => lean(one, file)),
  diagnostics,
  ...others,
});
