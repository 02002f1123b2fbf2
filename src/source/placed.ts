import {parseYaml} from '../document/parse.ts';
import type {Diagnostic} from '../domain/diagnostic.ts';

/** The key that a problem is about which only shows beside other documents: of the document all that is kept is its first line. */
const KEYS: Readonly<Partial<Record<string, readonly string[]>>> = {
  'unknown-workspace': ['spec', 'workspace'],
  'unknown-calendar': ['spec', 'timetable', 'calendar'],
  'duplicate-campaign': ['spec', 'campaignId'],
  'duplicate-name': ['metadata', 'name'],
};

/** In so many files the key is looked for: each is parsed once more. */
const MOST_FILES = 100;

/**
 * Puts problems at the key that they are about, where that can be found.
 *
 * @param bytesOf what a file holds; undefined where it cannot be read any more
 */
export const placed = (
  diagnostics: readonly Diagnostic[],
  bytesOf: (file: string) => Uint8Array | undefined,
): readonly Diagnostic[] => {
  const files = new Set(diagnostics.flatMap(({code, file}) => (KEYS[code] ? file : [])));
  const documents = new Map(
    [...files].slice(0, MOST_FILES).flatMap(file => {
      const bytes = bytesOf(file);
      return bytes ? [[file, parseYaml(bytes).documents] as const] : [];
    }),
  );
  return diagnostics.map(one => {
    const key = KEYS[one.code];
    const found = key && documents.get(one.file)?.find(({line}) => line === one.line);
    return key && found ? {...one, ...found.placeOf(key)} : one;
  });
};
