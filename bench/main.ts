/**
 * npm run bench [-- --json FILE] [-- --large]: what Rollcall costs, as ratios between things timed in one run on this machine, so that the
 * figures mean the same on another. Lower is better unless a line says otherwise.
 */
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {parseArgs} from 'node:util';
import {parseAllDocuments} from 'yaml';
import {declare} from '../src/domain/declare.ts';
import {parseFile} from '../src/source/parse.ts';
import {benchActing} from './actions.ts';
import {benchCore} from './core.ts';
import {benchReading} from './polls.ts';
import {benchReview} from './review.ts';
import {say, timed, writeRows} from './rows.ts';
import {benchScrape} from './scrape.ts';
import {benchSource, repositoryPath, text} from './source.ts';
import {benchWork} from './work.ts';

const FILES = 10_000;

/** What Rollcall's own checks cost on top of reading YAML at all. */
const benchValidate = async (): Promise<void> => {
  const files = Array.from({length: FILES}, (_, i) => text(i));
  const bytes = files.map(one => Buffer.from(one));
  const yamlOnly = (): void => {
    for (const one of files) for (const document of parseAllDocuments(one)) document.toJS();
  };
  const validate = (): unknown =>
    declare(
      bytes.map((one, i) => parseFile(`q${i}.yaml`, one)),
      undefined,
    );
  yamlOnly();
  validate();
  const plain = await timed(yamlOnly);
  const checked = await timed(validate);
  say(`check of ${FILES} declarations in memory`, checked, 'the YAML parser alone on the same', plain);
};

const {values} = parseArgs({options: {json: {type: 'string'}, large: {type: 'boolean'}}});
const folder = mkdtempSync(join(tmpdir(), 'rollcall-bench-'));
try {
  for (const files of [1_000, FILES, ...(values.large ? [100_000] : [])]) await benchSource(folder, files);
  await benchReview(files => repositoryPath(folder, files), values.large ? 100_000 : FILES);
  await benchActing();
  await benchReading();
  await benchValidate();
  await benchCore();
  await benchWork();
  await benchScrape();
  if (values.json !== undefined) writeRows(values.json);
} finally {
  rmSync(folder, {recursive: true, force: true});
}
