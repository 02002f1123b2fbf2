import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import pino from 'pino';
import {expect, it} from 'vitest';
import {longSecret, Secrets} from '../../src/cli/secrets.ts';
import {temporaryFolder} from '../support/temp.ts';

const opened = () => {
  const file = join(temporaryFolder(), 'secret');
  const lines: string[] = [];
  const log = pino({}, {write: (line: string) => void lines.push(JSON.parse(line).msg)});
  const read = longSecret(
    {file, key: 'source.git.webhook.secretFile', without: 'no push is taken by webhook'},
    {log, secrets: new Secrets({})},
  );
  return {file, lines, read};
};

it('lets nobody in by a secret that is not there or can be guessed, and says each of it once', () => {
  const {file, lines, read} = opened();
  expect([read(), read()]).toEqual([undefined, undefined]);
  writeFileSync(file, 'a\n');
  expect([read(), read()]).toEqual([undefined, undefined]);
  expect(lines).toEqual([
    `no push is taken by webhook: the file ${file} (source.git.webhook.secretFile) is not there, cannot be read, or is empty`,
    `no push is taken by webhook: the file ${file} (source.git.webhook.secretFile) has less than 16 characters`,
  ]);
});

it('lets in by a secret that was mended, and says so again when it is gone again', () => {
  const {file, lines, read} = opened();
  writeFileSync(file, 'short');
  read();
  writeFileSync(file, ' sixteen-and-more\n');
  expect(read()).toBe('sixteen-and-more');
  writeFileSync(file, 'short');
  expect(read()).toBeUndefined();
  expect(lines).toHaveLength(2);
});

it('lets nobody in by a secret of two lines, and says so', () => {
  const {file, lines, read} = opened();
  writeFileSync(file, 'sixteen-and-more\nand-another-one\n');
  expect(read()).toBeUndefined();
  expect(lines).toEqual([expect.stringMatching(/has more than one line$/)]);
});
