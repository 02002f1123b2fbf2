import fc from 'fast-check';
import {yaml} from './fixtures.ts';

const line = fc.constantFrom(
  ...yaml().split('\n'),
  '---',
  'kind: Other',
  'desired: sometimes',
  '  campaignId: ',
  '\u0007',
  '{',
  'spec: {hold: {reason: x}}',
  'labels: {a: b, __proto__: c}',
);

/** So many files made of lines of declarations, in no order, and of lines that belong in none. */
export const oddTexts = (many: number): readonly string[] =>
  fc.sample(fc.array(line, {maxLength: 14}), {numRuns: many, seed: 1}).map(lines => lines.join('\n'));
