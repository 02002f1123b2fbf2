import {readFileSync, statSync, truncateSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {DatabaseSync} from 'node:sqlite';
import {describe, expect, it} from 'vitest';
import {DeclaredFiles} from '../../src/source/declared-files.ts';
import {FilesOnDisk} from '../../src/source/kept-files.ts';
import {parseFile} from '../../src/source/parse.ts';
import {claimsByKey} from '../support/claims.ts';
import {yaml} from '../support/fixtures.ts';
import {oddTexts} from '../support/odd-texts.ts';
import {temporaryFolder} from '../support/temp.ts';

const WORKSPACES = new Set(['collections']);
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The files of a source, by their text; its content's identity is the text itself. */
type Files = Readonly<Record<string, string>>;

const TWO: Files = {'a.yaml': yaml(), 'b.yaml': yaml({name: 'q2', campaignId: 'camp-2'})};

/** Starts anew on the files of a folder: what is declared, and the files that had to be read. */
const start = async (folder: string, files: Files, parser?: string) => {
  const kept = new FilesOnDisk(folder, parser);
  const declared = new DeclaredFiles(WORKSPACES, kept);
  const read: string[] = [];
  const take = async (now: Files): Promise<void> => {
    const entries = Object.entries(now).map(([file, text]) => ({file, contentId: text}));
    const contents = async (ids: readonly string[]) => {
      read.push(...ids);
      return new Map(ids.map(id => [id, bytes(id)]));
    };
    await declared.take(await declared.compare(entries), contents, WORKSPACES);
    await kept.idle();
  };
  await take(files);
  const {counts, diagnostics} = declared.declarations;
  return {claims: claimsByKey(declared.declarations), counts, diagnostics: [...diagnostics], read, take};
};

const database = (folder: string): string => join(folder, 'parsed.sqlite');

const change = (folder: string, sql: string): void => {
  const opened = new DatabaseSync(database(folder));
  opened.exec(sql);
  opened.close();
};

const rows = (folder: string): number => {
  const opened = new DatabaseSync(database(folder));
  const counted = opened.prepare('SELECT count(*) AS n FROM files').get();
  opened.close();
  return Number(counted?.['n']);
};

describe('a second start', () => {
  it('reads no file that is as it was, and declares the same', async () => {
    const folder = temporaryFolder();
    const files = {...TWO, 'bad.yaml': 'kind: Campaign\n', 'empty.yaml': '# nothing\n'};
    const first = await start(folder, files);
    const {read, take: _, ...second} = await start(folder, files);
    expect(read).toEqual([]);
    expect(second).toEqual({claims: first.claims, counts: first.counts, diagnostics: first.diagnostics});
    expect(first.read).toHaveLength(4);
  });

  it('reads what has changed since, what is new, and forgets what is gone', async () => {
    const folder = temporaryFolder();
    await start(folder, {...TWO, 'c.yaml': yaml({name: 'q3', campaignId: 'camp-3'})});
    const changed = yaml({desired: 'paused'});
    const {claims, read} = await start(folder, {...TWO, 'a.yaml': changed});
    expect(read).toEqual([changed]);
    expect([...claims.keys()]).toEqual(['collections/camp-2', 'collections/camp-1']);
    expect(rows(folder)).toBe(2);
  });

  it('knows what changed while the program ran', async () => {
    const folder = temporaryFolder();
    const {take} = await start(folder, TWO);
    const changed = yaml({desired: 'paused'});
    await take({'a.yaml': changed});
    expect(rows(folder)).toBe(1);
    expect((await start(folder, {'a.yaml': changed})).read).toEqual([]);
  });

  it('takes the same content under another path for another file', async () => {
    const folder = temporaryFolder();
    await start(folder, {'a.yaml': yaml()});
    const {claims, read} = await start(folder, {'moved.yaml': yaml()});
    expect(read).toHaveLength(1);
    expect(claims.get('collections/camp-1')).toMatchObject({declaration: {source: {file: 'moved.yaml'}}});
  });

  it('trusts nothing that another parser kept', async () => {
    const folder = temporaryFolder();
    await start(folder, TWO, 'one');
    expect((await start(folder, TWO, 'two')).read).toHaveLength(2);
    expect((await start(folder, TWO, 'two')).read).toHaveLength(0);
  });

  it.each<[string, (folder: string) => void]>([
    ['a row that was changed', folder => change(folder, `UPDATE files SET parsed = '[[],[]]'`)],
    ['a row for another content', folder => change(folder, `UPDATE files SET identity = path`)],
    ['a table of another form', folder => change(folder, 'DROP TABLE files; CREATE TABLE files (x)')],
    ['a file cut short', folder => truncateSync(database(folder), 1000)],
    ['an empty file', folder => truncateSync(database(folder), 0)],
    ['a file that is no database', folder => writeFileSync(database(folder), 'x'.repeat(9000))],
    [
      'a damaged page',
      folder => {
        const content = readFileSync(database(folder));
        writeFileSync(database(folder), content.fill(0x5a, 4096));
      },
    ],
  ])('parses again where %s is doubtful, and keeps it anew', async (_, damage) => {
    const folder = temporaryFolder();
    const first = await start(folder, TWO);
    damage(folder);
    const second = await start(folder, TWO);
    expect(second.claims).toEqual(first.claims);
    expect(second.read).toHaveLength(2);
    const third = await start(folder, TWO);
    expect(third.claims).toEqual(first.claims);
    await third.take({});
    expect((await start(folder, TWO)).claims).toEqual(first.claims);
  });

  it('works beside another process that writes to the same database, and where none can be kept', async () => {
    const folder = temporaryFolder();
    await start(folder, TWO);
    const other = new DatabaseSync(database(folder));
    other.exec('BEGIN IMMEDIATE');
    expect((await start(folder, TWO)).claims.size).toBe(2);
    other.close();
    writeFileSync(join(folder, 'file'), '');
    expect((await start(join(folder, 'file'), TWO)).claims.size).toBe(2);
  });

  it('keeps what files came to where nobody else may read it', async () => {
    const folder = join(temporaryFolder(), 'own');
    await start(folder, TWO);
    expect(statSync(folder).mode & 0o077).toBe(0);
  });
});

describe('what is kept of a file', () => {
  it('is what the parser made of it, whatever it holds', async () => {
    const folder = temporaryFolder();
    const files = [...oddTexts(300), yaml()].map((text, i) => parseFile(`${i}.yaml`, bytes(text)));
    const kept = new FilesOnDisk(folder, 'p');
    const identities = new Map(files.map(({file}) => [file, file]));
    kept.keep(files, identities, []);
    const found = await kept.find(identities);
    expect(found.size).toBe(files.length);
    for (const file of files) expect(found.get(file.file)).toEqual(file);
  });
});
