/** No file takes for ever: what a hostile one costs is held against a plain file of the same size. */
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {BOUNDS} from '../../src/document/syntax.ts';
import {declarationIn} from '../../src/domain/conflicts.ts';
import {parseFile} from '../../src/source/parse.ts';
import {parseAside} from '../../src/source/parse-aside.ts';
import {yaml} from '../support/fixtures.ts';

const MIB = 1024 * 1024;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text).subarray(0, MIB);
const filled = (unit: string, before = '', after = ''): string =>
  before + unit.repeat(Math.floor((MIB - before.length - after.length) / unit.length)) + after;

const parse = (text: string) => {
  const startedAt = performance.now();
  const parsed = parseFile('hostile.yaml', bytes(text));
  return {...parsed, took: performance.now() - startedAt};
};

/** As many plain declarations as a file may hold: what an honest file costs here and now. */
const PLAIN = Array.from({length: BOUNDS.documents}, (_, i) =>
  yaml({name: `q${i}`, campaignId: `c${i}`}),
).join('---\n');

/** Twice what an honest file of the same size costs on this machine, measured once when it is warm. */
const allowed = (() => {
  let plain: number | undefined;
  return (): number => {
    if (plain === undefined) parse(PLAIN);
    plain ??= parse(PLAIN).took;
    return Math.max(plain * 2, 500);
  };
})();

describe('a file that would take for ever', () => {
  it.each([
    ['braces and their ends', '{'.repeat(200) + '}'.repeat(200), 'too-deep'],
    ['braces', filled('{'), 'too-deep'],
    ['brackets', filled('['), 'too-deep'],
    ['both, in turn', filled('[{'), 'too-deep'],
    ['lists in lists', filled('- '), 'too-deep'],
    ['explicit keys', filled('? '), 'too-deep'],
    ['growing indentation', Array.from({length: 900}, (_, i) => `${' '.repeat(i)}a:`).join('\n'), 'too-deep'],
    ['commas', filled(',', '['), 'too-complex'],
    ['a wide list', filled('a,', '[', ']'), 'too-complex'],
    ['60,000 keys', Array.from({length: 60_000}, (_, i) => `k${i}: 1`).join('\n'), 'too-complex'],
    ['2,000 keys', Array.from({length: 2_000}, (_, i) => `k${i}: 1`).join('\n'), 'too-many-keys'],
    ['one key again and again', filled('k: 1\n'), 'too-complex'],
    ['colons', filled(':\n'), 'too-complex'],
    ['documents', filled('---\n'), 'too-many-documents'],
    ['ends of documents', filled('a\n...\n'), 'too-many-documents'],
    ['anchors', filled('- &a x\n'), 'too-complex'],
    ['aliases', filled('- *a\n', '- &a x\n'), 'too-complex'],
    ['101 aliases', `- &a x\n${'- *a\n'.repeat(101)}`, 'bad-alias'],
    ['comments', filled('# c\n'), 'too-complex'],
    ['blank lines', filled('\n'), 'too-complex'],
    ['comments after blank lines', filled('  #\n', `a: |\n    x\n${'\n'.repeat(200)}`), 'too-complex'],
    ['ends without a beginning', filled(']'), 'too-complex'],
    ['tags', filled('- !a x\n'), 'too-complex'],
    ['directives', filled('%TAG ! x\n'), 'too-complex'],
  ])('is refused at a bound, at once: %s', (_name, text, code) => {
    const {diagnostics, documents, took} = parse(text);
    expect(diagnostics.map(one => one.code)).toEqual([code]);
    expect(documents.every(one => declarationIn(one) === undefined)).toBe(true);
    expect(took).toBeLessThan(allowed());
  });

  it.each([
    ['one long scalar', filled('x', 'a: ')],
    ['one long quoted scalar', filled('\\n', 'a: "', '"')],
    ['one long block', filled('  x\n', 'a: |\n')],
    ['quotes without an end', filled('"a\n')],
    ['tabs', filled('\ta\n')],
    ['carriage returns', filled('a: b\r')],
    [
      'very many keys that there are not',
      Array.from({length: 12}, (_, d) =>
        Array.from({length: 990}, (_, i) => `${'desiredStatus'.repeat(4)}${d}x${i}: 1`).join('\n'),
      ).join('\n---\n'),
    ],
    ['an id of a megabyte', yaml({campaignId: 'x'.repeat(900_000), desired: 'cancelled'})],
    ['a number of a megabyte', yaml({campaignId: '1'.repeat(900_000)})],
    ['a workspace of a megabyte', yaml({workspace: 'w'.repeat(900_000)})],
    ['an alias of a megabyte', `a: *${'x'.repeat(900_000)}`],
  ])('is told in a few words where it is only long: %s', (_name, text) => {
    const {diagnostics, took} = parse(text);
    expect(diagnostics.length).toBeLessThanOrEqual(20);
    expect(JSON.stringify(diagnostics).length).toBeLessThan(20_000);
    expect(took).toBeLessThan(allowed());
  });

  it('is not made anything of where aliases would unfold it, or lead in a circle', () => {
    const levels = Array.from(
      {length: 10},
      (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(', ')}]`,
    );
    const laugh = parse(['a0: &a0 [x, x, x]', ...levels].join('\n'));
    expect(laugh.diagnostics.map(({code}) => code)).toEqual(['bad-alias']);
    expect(parse('a: &a [*a]\n').diagnostics.map(({code}) => code)).toEqual(['bad-alias']);
  });

  it('tells at most twenty problems, and how many more there are', () => {
    const {diagnostics} = parse(`${'bad: 1\n---\n'.repeat(500)}`);
    expect(diagnostics).toHaveLength(20);
    expect(diagnostics.at(-1)?.hint).toMatch(/and \d+ more problems in this file$/);
    const repeated = parse(Array.from({length: 900}, () => 'k: 1').join('\n'));
    expect(repeated.diagnostics).toHaveLength(20);
  });

  it('costs no more than a plain file of the same size does, a few times over, whatever it is made of', () => {
    const plain = allowed() / 2;
    const piece = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ': ',
      '? ',
      '- ',
      '\n',
      '  ',
      '#x\n',
      '&a ',
      '*a ',
      '!t ',
      '"',
      "'",
      '|\n',
      '>\n',
      '---\n',
      '...\n',
      'a: ',
      '%Y\n',
      '\t',
      '<<: ',
      'k',
      '\r',
      '\\',
    );
    fc.assert(
      fc.property(
        fc.array(piece, {minLength: 1, maxLength: 12}),
        fc.integer({min: 1, max: 3}),
        (pieces, times) => {
          const unit = pieces.join('').repeat(times);
          const {took} = parse(filled(unit).slice(0, 256 * 1024));
          expect(took).toBeLessThan(plain * 4);
        },
      ),
      {numRuns: 60},
    );
  });

  it('lets the event loop go on while a large file is parsed', async () => {
    await parseAside('warm.yaml', bytes(PLAIN));
    let [longest, last, over] = [0, performance.now(), false];
    const watch = (): void => {
      const now = performance.now();
      longest = Math.max(longest, now - last);
      last = now;
      if (!over) setImmediate(watch);
    };
    setImmediate(watch);
    const {documents} = await parseAside('plain.yaml', bytes(PLAIN));
    over = true;
    expect(documents).toHaveLength(BOUNDS.documents);
    expect(longest).toBeLessThan(allowed() / 2);
  });
});

describe('text that is nearly YAML', () => {
  const problem = (content: string | Uint8Array) => {
    const [first] = parseFile('a.yaml', typeof content === 'string' ? bytes(content) : content).diagnostics;
    return first && [first.code, first.line, first.column];
  };
  it('is placed at the quote that is never closed', () => {
    expect(problem(`${yaml().replace('name: q1', 'name: "q1')}\n${'# more\n'.repeat(50)}`)).toEqual([
      'missing-char',
      4,
      9,
    ]);
  });
  it('tells a merge key once', () => {
    const {diagnostics} = parse(yaml({extra: '<<: {mode: detect}'}));
    expect(diagnostics.map(({code}) => code)).toEqual(['merge-key']);
  });
  it('is placed at the bracket that is never closed', () => {
    expect(problem(yaml().replace('name: q1', 'name: [q1'))).toEqual(['missing-char', 4, 9]);
  });
  it.each([
    [
      'a pointer of Git LFS',
      'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12\n',
      ['lfs-pointer', 1, 1],
    ],
    ['a merge key', yaml({extra: '<<: {mode: detect}'}), ['merge-key', 9, 3]],
    [
      'a byte order mark at a second document',
      `${yaml()}---\n\uFEFF${yaml({campaignId: 'c2', name: 'b'})}`,
      ['byte-order-mark', 10, 1],
    ],
    ['Windows-1252', Buffer.from(yaml({extra: 'reason: M\xfcller'}), 'latin1'), ['not-utf-8', 9, 12]],
    ['UTF-16', Buffer.from(`\uFEFF${yaml()}`, 'utf16le'), ['not-utf-8', 1, 1]],
    ['a directive', `%YAML 1.1\n---\n${yaml()}`, ['directive', 1, 1]],
  ])('has a name of its own: %s', (_name, content, expected) => {
    expect(problem(content)).toEqual(expected);
  });
  it('may begin with a byte order mark, and have any line ends', () => {
    for (const text of [`\uFEFF${yaml()}`, yaml().replaceAll('\n', '\r\n'), `%YAML 1.2\n---\n${yaml()}`])
      expect(parseFile('a.yaml', bytes(text)).diagnostics).toEqual([]);
  });
});
