import {isMap, isScalar, parseAllDocuments, type YAMLMap} from 'yaml';
import type {Declaration, SourceLocation} from '../domain/campaign.ts';
import {declarationIn} from '../domain/conflicts.ts';
import {HOUR, rfc3339} from '../domain/time.ts';
import {parseFile} from './parse.ts';

/** What somebody may want of a campaign that is declared: that it stops, goes on, stays as it is, or is let go again. */
const EDIT_KINDS = ['pause', 'resume', 'hold', 'release'] as const;
export type EditKind = (typeof EDIT_KINDS)[number];

/** A file as it would be after a change to one declaration. */
export interface Edit {
  readonly kind: EditKind;
  readonly before: string;
  readonly after: string;
}

/** The `spec` of a document, in its text. */
interface Place {
  readonly text: string;
  readonly spec: YAMLMap.Parsed;
  /** From where to where the value of `desiredStatus` stands. */
  readonly status: readonly [number, number];
}

/** A file that is longer is for whoever made it to change: what is shown of it would be long, too. Characters. */
const LARGEST = 64 * 1024;
/** For how long a hold is proposed: whoever takes it over may change that. Milliseconds. */
const HELD_FOR = 24 * HOUR;
const REASON = 'say why, and who knows more';

/** A line that begins or ends a document: within one no line begins so. */
const MARKER = /^(---|\.\.\.)(?=[ \t\r]|$)/;

/** From where to where the document stands that is declared at a line, and which line of it that is. */
const documentAround = (text: string, line: number): {from: number; to: number; line: number} => {
  let [from, first, at] = [0, 1, 0];
  for (const [index, content] of text.split('\n').entries()) {
    const isMarker = MARKER.test(content);
    if (isMarker && index >= line) return {from, to: at, line: line - first + 1};
    if (isMarker) [from, first] = [at, index + 1];
    at += content.length + 1;
  }
  return {from, to: text.length, line: line - first + 1};
};

const placeIn = (text: string): Place | undefined => {
  const [document, ...others] = [parseAllDocuments(text, {uniqueKeys: false, version: '1.2'})].flat();
  if (others.length > 0) return undefined;
  const spec = document?.get('spec', true);
  const status = document?.getIn(['spec', 'desiredStatus'], true);
  if (!isMap(spec) || !isScalar(status) || !status.range) return undefined;
  return {text, spec: spec as YAMLMap.Parsed, status: [status.range[0], status.range[1]]};
};

const replaced = (text: string, [from, to]: readonly [number, number], by: string): string =>
  text.slice(0, from) + by + text.slice(to);

const indentAt = (text: string, at: number): string => {
  const line = text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
  return /^ */.exec(line)?.[0] ?? '';
};

const withStatus = ({status, text}: Place, desired: string): string => replaced(text, status, desired);

const withHold = ({spec, status, text}: Place, now: number): string => {
  const until = rfc3339(Math.ceil((now + HELD_FOR) / HOUR) * HOUR).replace('.000', '');
  const [, end] = status;
  if (spec.flow) return replaced(text, [end, end], `, hold: {reason: "${REASON}", until: "${until}"}`);
  const newline = text.indexOf('\n', end);
  const at = newline === -1 ? text.length : newline + 1;
  const ending = text.includes('\r\n') ? '\r\n' : '\n';
  const indent = indentAt(text, status[0]);
  const lines = ['hold:', `  reason: ${REASON}`, `  until: ${until}`].map(
    line => `${indent}${line}${ending}`,
  );
  return replaced(text, [at, at], `${newline === -1 ? ending : ''}${lines.join('')}`);
};

const withoutHold = ({spec, text}: Place): string | undefined => {
  const pair = spec.items.find(({key}) => isScalar(key) && key.value === 'hold');
  const [from, to] = [pair?.key.range?.[0], pair?.value?.range?.[2]];
  if (spec.flow || from === undefined || to === undefined) return undefined;
  const start = text.lastIndexOf('\n', from - 1) + 1;
  return text.slice(start, from).trim() === '' ? replaced(text, [start, to], '') : undefined;
};

/** What is wished for, and what must be so of the declaration afterwards. */
interface Wish {
  readonly kind: EditKind;
  readonly make: (place: Place, now: number) => string | undefined;
  readonly holds: (before: Declaration, after: Declaration) => boolean;
}

const WISHES: readonly Wish[] = [
  {
    kind: 'pause',
    make: place => withStatus(place, 'paused'),
    holds: (before, after) => before.desired !== 'paused' && after.desired === 'paused',
  },
  {
    kind: 'resume',
    make: place => withStatus(place, 'active'),
    holds: (before, after) => before.desired === 'paused' && after.desired === 'active',
  },
  {kind: 'hold', make: withHold, holds: (before, after) => !before.hold && after.hold?.reason === REASON},
  {kind: 'release', make: withoutHold, holds: (before, after) => before.hold !== undefined && !after.hold},
];

/** The declaration of a text that holds one document. */
const declarationOf = (file: string, text: string): Declaration | undefined => {
  const {documents} = parseFile(file, Buffer.from(text));
  return documents.length === 1 && documents[0] ? declarationIn(documents[0]) : undefined;
};

/** All that a declaration says, but for what a wish may change, and where it stands. */
const rest = ({desired, hold, source, ...others}: Declaration): string => JSON.stringify(others);

/**
 * The changes to one declaration that somebody may want, each as the whole text of its file; only those are given that,
 * read again, say what they should and nothing else. Nothing is proposed for what must never dial again, nor in a very long file.
 */
export const editsOf = (text: string, {file, line}: SourceLocation, now: number): readonly Edit[] => {
  if (text.length > LARGEST) return [];
  const {from, line: at, to} = documentAround(text, line);
  const document = text.slice(from, to);
  const old = declarationOf(file, document);
  if (!old || old.source.line !== at || old.desired === 'cancelled' || old.desired === 'ended') return [];
  const place = placeIn(document);
  if (!place) return [];
  return WISHES.flatMap(({holds, kind, make}) => {
    const edited = make(place, now);
    if (edited === undefined || edited === document) return [];
    const fresh = declarationOf(file, edited);
    const isRight = fresh !== undefined && holds(old, fresh) && rest(old) === rest(fresh);
    return isRight ? [{kind, before: text, after: replaced(text, [from, to], edited)}] : [];
  });
};
