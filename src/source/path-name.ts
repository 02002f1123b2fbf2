import {isUtf8} from 'node:buffer';
import {type Problem, START} from '../document/problem.ts';
import {oneLine} from '../domain/text.ts';

/** A path as people are shown it, and what is wrong with it where it cannot be shown as it is. */
export interface PathName {
  readonly file: string;
  readonly problem?: Problem;
}

const octal = (byte: number): string => `\\${byte.toString(8).padStart(3, '0')}`;

/** As Git quotes names: every byte that is no printable ASCII by its number. Two names that differ stay apart. */
const quoted = (bytes: Uint8Array): string =>
  [...bytes]
    .map(byte => (byte < 0x20 || byte > 0x7e || byte === 0x5c ? octal(byte) : String.fromCharCode(byte)))
    .join('');

const WHY = {
  backslash: 'it holds a backslash, by which other names are shown',
  unseen: 'it holds characters that cannot be seen',
};

/** The name of a path, whatever bytes it has. */
export const pathName = (bytes: Uint8Array): PathName => {
  const text = isUtf8(bytes) ? new TextDecoder('utf-8', {ignoreBOM: true}).decode(bytes) : undefined;
  if (text !== undefined && oneLine(text) === text && !text.includes('\\')) return {file: text};
  const why = text === undefined ? 'it is not UTF-8' : WHY[text.includes('\\') ? 'backslash' : 'unseen'];
  const message = `the name of this file cannot be shown as it is: ${why}`;
  return {
    file: quoted(bytes),
    problem: {code: 'unshowable-name', message, hint: 'give it a name in plain letters', ...START},
  };
};
