/** Many files are parsed in threads of their own: real ones. */
import {describe, expect, it} from 'vitest';
import {parseFile} from '../../src/source/parse.ts';
import {parseEntries} from '../../src/source/parse-entries.ts';
import {ParseThreads} from '../../src/source/parse-threads.ts';
import {yaml} from '../support/fixtures.ts';
import {oddTexts} from '../support/odd-texts.ts';

const FREEZE = `apiVersion: rollcall.dev/v1
kind: Freeze
metadata: {name: holidays}
spec:
  until: 2026-12-27T00:00:00Z
  reason: Nobody is called
`;
const odd = [
  '',
  FREEZE,
  yaml().replace('spec:', 'spec:\n  reason: किसी को फ़ोन नहीं 🛑'),
  `# ${'x'.repeat(9_000)}\n${yaml()}`,
  Array.from({length: 30}, (_, i) => yaml({name: `q${i}`, campaignId: `c${i}`})).join('---\n'),
  `\uFEFF${yaml()}`,
];
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const CONTENTS: readonly Uint8Array[] = [
  ...oddTexts(600).map(bytes),
  ...odd.map(bytes),
  Uint8Array.of(0xff, 0xfe, 0x41),
  new Uint8Array(1024 * 1024 + 1),
];

const MANY = 15_500;
const PLAIN = String(CONTENTS.length);
const problem = {code: 'name-not-utf-8', message: 'the name is no UTF-8', line: 1, column: 1};
const entries = Array.from({length: MANY}, (_, i) => ({
  file: `campaigns/${i}.yaml`,
  contentId: i % 10 === 0 ? String((i / 10) % CONTENTS.length) : PLAIN,
  ...(i === MANY - 1 && {problem}),
}));
const read = async (ids: readonly string[]) =>
  new Map(ids.map(id => [id, CONTENTS[Number(id)] ?? bytes(yaml())]));
const alone = entries.map(({contentId, file}) =>
  parseFile(file, CONTENTS[Number(contentId)] ?? bytes(yaml())),
);

describe('many files', () => {
  it('come to what each of them comes to alone, in their order, with what is wrong with their names', async () => {
    const parsed = await parseEntries(entries, read);
    expect(parsed.slice(0, -1)).toEqual(alone.slice(0, -1));
    const {diagnostics = [], file = ''} = alone.at(-1) ?? {};
    expect(parsed.at(-1)).toEqual({...alone.at(-1), diagnostics: [{...problem, file}, ...diagnostics]});
  });

  it('are not taken for what they are where one of them could not be read', async () => {
    const lacking = async (ids: readonly string[]) => new Map([...(await read(ids))].slice(1));
    await expect(parseEntries(entries, lacking)).rejects.toThrow(
      'the content of campaigns/0.yaml could not be read',
    );
  });
});

describe.skipIf(ParseThreads.available === 0)('a thread', () => {
  const batch = entries.slice(0, 40).map(({contentId, file}) => ({
    file,
    bytes: CONTENTS[Number(contentId)] ?? bytes(yaml()),
  }));

  it('that has ended is made up for', async () => {
    const threads = new ParseThreads();
    await threads.close();
    expect(await threads.parse(batch)).toEqual(alone.slice(0, 40));
  });

  it('that ends over its work is made up for', async () => {
    const threads = new ParseThreads();
    const parsed = Promise.all(Array.from({length: 20}, () => threads.parse(batch)));
    await threads.close();
    for (const one of await parsed) expect(one).toEqual(alone.slice(0, 40));
  });
});
