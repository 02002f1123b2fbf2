import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {parseYaml} from '../../src/document/parse.ts';
import {parsePlain} from '../../src/document/plain.ts';
import {parseFile, parseFully} from '../../src/source/parse.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const isAlike = (text: string): void => {
  expect(parseFile('f.yaml', bytes(text)), JSON.stringify(text)).toEqual(parseFully('f.yaml', bytes(text)));
  const quick = parsePlain(text);
  if (!quick) return;
  const full = parseYaml(bytes(text));
  expect(full.problems).toEqual([]);
  expect(quick, JSON.stringify(text)).toEqual(full.documents.map(({line, value}) => ({line, value})));
};

const word = fc.constantFrom(
  'q1-reminders',
  'active',
  'paused',
  'ended',
  'cancelled',
  'scheduled',
  'true',
  'null',
  'No',
  'yes',
  '0123',
  '1e3',
  '0x1f',
  '.inf',
  '~',
  'a b',
  "don't",
  "'quoted'",
  '"quoted"',
  '"a\\nb"',
  "'it''s'",
  '550e8400-e29b-41d4-a716-446655440000',
  '12345678-1234-1234-1234-123456789012',
  '- a',
  '{a: b}',
  '[x]',
  '|',
  '>-',
  '&a x',
  '*a',
  '!t x',
  'a: b',
  'a #b',
  'x#y',
  'a:b',
  '2026-01-01',
  'हिन्दी',
  'é',
  'a\u0085b',
  'a\u2028b',
  'x ',
  '"x" ',
  '',
  '@x',
  '`x',
  '%x',
  '?',
  '-',
  'rollcall.dev/v1',
  'a, (b) = c; d! e? 5%',
  '"',
  "'",
  '# c',
  '\ta',
);
const key = fc.constantFrom(
  'apiVersion',
  'kind',
  'metadata',
  'name',
  'labels',
  'team',
  'spec',
  'workspace',
  'campaignId',
  'desiredStatus',
  'reason',
  'mode',
  'hold',
  'until',
  'confirmCancel',
  'true',
  'null',
  '<<',
  '? x',
  '"spec"',
  '__proto__',
  'constructor',
  'a/b.c-d',
  '1',
);

const plain = fc
  .record({
    id: word,
    name: word,
    reason: word,
    desired: word,
    label: word,
    comment: fc.boolean(),
    quote: fc.constantFrom('', '"', "'"),
  })
  .map(({comment, desired, id, label, name, quote, reason}) =>
    [
      ...(comment ? ['# for the winter'] : []),
      'apiVersion: rollcall.dev/v1',
      'kind: Campaign',
      'metadata:',
      `  name: ${name}`,
      '  labels:',
      ...(comment ? ['    # whose it is', ''] : []),
      `    team: ${label}`,
      'spec:',
      '  workspace: collections',
      `  campaignId: ${quote}${id}${quote}`,
      `  desiredStatus: ${desired}`,
      `  reason: ${reason}`,
    ].join('\n'),
  );

/** Mappings in one line, as examples write labels and holds. */
const flow = fc
  .record({
    a: fc.oneof(key, word),
    b: word,
    c: key,
    d: word,
    indent: fc.constantFrom('', '  ', '    '),
    more: fc.constantFrom('', 'x: y', '  x: y', '    x: y', '      x: y'),
  })
  .map(({a, b, c, d, indent, more}) =>
    [
      'kind: Campaign',
      'metadata:',
      `${indent}labels: {${a}: ${b}, ${c}: ${d}}`,
      more,
      'spec: {mode: detect}',
    ].join('\n'),
  );

const valid = fc
  .record({
    id: fc.constantFrom('c-1', '"12"', '550e8400-e29b-41d4-a716-446655440000'),
    desired: fc.constantFrom('active', 'paused', 'ended'),
  })
  .map(
    ({desired, id}) =>
      `apiVersion: rollcall.dev/v1\nkind: Campaign\nmetadata:\n  name: a\n  labels:\n    team: x\nspec:\n  workspace: w\n  campaignId: ${id}\n  desiredStatus: ${desired}\n  reason: Runs on, and on\n`,
  );

/** One change of a text, as an editor, or somebody who means harm, might make it. */
const edit = fc.oneof(
  fc.record({
    at: fc.nat(400),
    insert: fc.constantFrom(
      ...' \t\r\n:#-\'"\\&*!|>%@`{}[],?~<=.0aé\u0085\u2028\ufeff\u0000'.split(''),
      '---',
      '\n---\n',
      '\n...\n',
      '  ',
      '\n\n',
      ': ',
      ' #',
    ),
  }),
  fc.record({at: fc.nat(400), remove: fc.integer({min: 1, max: 12})}),
  fc.record({
    line: fc.nat(14),
    insertLine: fc
      .tuple(fc.nat(6), key, fc.constantFrom(': ', ':', ':  ', ' : '), word)
      .map(([indent, name, colon, value]) => `${' '.repeat(indent)}${name}${colon}${value}`),
  }),
  fc.record({line: fc.nat(14), indent: fc.integer({min: -2, max: 3})}),
);
type Edit = {
  at?: number;
  insert?: string;
  remove?: number;
  line?: number;
  insertLine?: string;
  indent?: number;
};

const edited = (text: string, {at = 0, indent = 0, insert, insertLine, line, remove = 0}: Edit): string => {
  if (line === undefined) return text.slice(0, at) + (insert ?? '') + text.slice(at + remove);
  const lines = text.split('\n');
  if (insertLine !== undefined) lines.splice(line, 0, insertLine);
  else if (indent > 0) lines[line] = ' '.repeat(indent) + (lines[line] ?? '');
  else lines[line] = (lines[line] ?? '').slice(-indent);
  return lines.join('\n');
};

describe('a file that is as plain as most are', () => {
  it('is read without the full parser', () => {
    fc.assert(
      fc.property(valid, text => {
        expect(parsePlain(text)).toHaveLength(1);
        isAlike(text);
      }),
    );
  });
  it('comes to just what the full parser makes of it, whatever stands in it', () => {
    fc.assert(fc.property(plain, isAlike), {numRuns: 2000});
  });
  it('comes to the same with mappings in one line, which are read without the full parser where they hold words', () => {
    fc.assert(fc.property(flow, isAlike), {numRuns: 4000});
    const example =
      'kind: Campaign\nmetadata:\n  labels: {team: billing, region: north}\nspec:\n  hold: {reason: repair}\n';
    expect(parsePlain(example)?.[0]?.value).toEqual({
      kind: 'Campaign',
      metadata: {labels: {team: 'billing', region: 'north'}},
      spec: {hold: {reason: 'repair'}},
    });
    isAlike(example);
  });
  it('comes to the same, whatever is changed in it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(valid, plain, flow), {minLength: 1, maxLength: 3}),
        fc.array(edit, {maxLength: 3}),
        (texts, edits) => {
          isAlike(edits.reduce<string>((text, one) => edited(text, one), texts.join('---\n')));
        },
      ),
      {numRuns: 4000},
    );
  });
  it('comes to the same in any text of its alphabet', () => {
    const line = fc
      .tuple(fc.constantFrom('', ' ', '  ', '    ', '      '), key, fc.constantFrom(': ', ':'), word)
      .map(parts => parts.join(''));
    const other = fc.constantFrom(
      '---',
      '...',
      '',
      '# x',
      '  # x',
      ' ',
      '- a',
      'x',
      '--- # x',
      '---x',
      '%YAML 1.2',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(line, other, flow), {maxLength: 12}), lines => {
        const text = lines.join('\n');
        isAlike(text);
      }),
      {numRuns: 4000},
    );
  });
});
