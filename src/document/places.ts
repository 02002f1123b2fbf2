import {type Document, isMap, isNode, isScalar, type LineCounter, type ParsedNode} from 'yaml';
import {START} from './problem.ts';

/** A document as the parser has it. */
export type YamlDocument = Document.Parsed<ParsedNode>;

/** Where the value at a path begins, or the nearest parent that exists. */
export const startOf = (document: YamlDocument, path: readonly PropertyKey[]): number => {
  for (let length = path.length; length >= 0; length--) {
    const node: unknown = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return document.range[0];
};

/** An offset as line and column, from 1. */
export const placeIn = (lines: LineCounter, offset: number): {line: number; column: number} => {
  const {line, col} = lines.linePos(offset);
  return line === 0 ? START : {line, column: Math.max(1, col)};
};

/** Where a key of the mapping at a path begins. */
export const keyOffset = (document: YamlDocument, path: readonly PropertyKey[], key: string): number => {
  const parent: unknown = path.length === 0 ? document.contents : document.getIn(path, true);
  const pair = isMap(parent)
    ? parent.items.find(item => isScalar(item.key) && item.key.value === key)
    : undefined;
  const range = isNode(pair?.key) ? pair.key.range : undefined;
  return range ? range[0] : startOf(document, path);
};
