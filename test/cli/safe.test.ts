import fc from 'fast-check';
import {marked} from 'marked';
import {describe, expect, it} from 'vitest';
import {safeCode, safeText} from '../../src/cli/plan/safe.ts';
import {plain} from '../../src/cli/render.ts';

const hostile = fc.oneof(
  fc.string({unit: 'grapheme', maxLength: 80}),
  fc.string({unit: fc.constantFrom(...'`*_[](){}<>|\\#@!:&~$-+= \n\t"\'./wahtp0'), maxLength: 60}),
  fc.constantFrom(
    'https://x.example',
    'www.x.example',
    'a@b.example',
    '<b>',
    '&amp;',
    '![x](y)',
    '| a | b |',
    '##[error]x',
    '::error::x',
    '\u202E',
  ),
);

const NAMED: Readonly<Record<string, string>> = {lt: '<', gt: '>', quot: '"', amp: '&'};

/** The text that a reader sees: tags taken away, entities read, once. */
const seen = (html: string): string =>
  html
    .replace(/<[^>]*>/g, '')
    .replace(/&(?:#(\d+)|(\w+));/g, (all, code: string | undefined, name: string | undefined) =>
      code === undefined ? (NAMED[name ?? ''] ?? all) : String.fromCharCode(Number(code)),
    );

describe.each([
  ['as text', safeText, ''],
  ['as code', safeCode, 'code'],
])('text from outside, %s', (_name, safe, wrapper) => {
  it('shows what it says, in one cell, with no element of its own', () => {
    fc.assert(
      fc.property(hostile, text => {
        const html = marked.parse(`| a | b |\n|---|---|\n| ${safe(text)} | end |\n`, {
          async: false,
          gfm: true,
        });
        const tags = new Set([...html.matchAll(/<([a-z0-9]+)/g)].map(([, tag]) => tag));
        for (const tag of ['table', 'thead', 'tbody', 'tr', 'th', 'td', wrapper]) tags.delete(tag);
        expect([...tags]).toEqual([]);
        expect(html.match(/<td>/g)).toHaveLength(2);
        const shown = seen(html.split('<tbody>')[1] ?? '').replaceAll('\u200B', '');
        const expected = plain(text).trim();
        expect(shown.replace(/\s+/g, ' ').trim()).toBe(`${expected} end`.replace(/\s+/g, ' ').trim());
      }),
      {numRuns: 500},
    );
  });
  it('is cut between two characters, as a reader sees them', () => {
    const family = '👩‍👩‍👧‍👦';
    expect(seen(safe(family.repeat(3), 9).replace(/<\/?code>/g, ''))).not.toContain('\uFFFD');
    expect(seen(safe('abcdef', 4))).toBe('abc…');
  });
});

describe('text from outside', () => {
  it.each([
    ['GH-12', 'GH\u200B-12'],
    ['as in 0a1b2c3d4e', 'as in 0\u200Ba1b2c3d4e'],
    [`commit ${'ab12'.repeat(10)}`, `commit a\u200B${'ab12'.repeat(10).slice(1)}`],
    ['campaign-2026112513, effaced, 12 GHz', 'campaign-2026112513, effaced, 12 GHz'],
  ])('makes no link of what GitHub takes for an issue or a commit: %s', (text, shown) => {
    expect(seen(safeText(text))).toBe(shown);
  });
});
