import {setFlagsFromString} from 'node:v8';
import {runInNewContext} from 'node:vm';
import {describe, expect, it} from 'vitest';
import {parseFile} from '../../src/source/parse.ts';
import {yaml} from '../support/fixtures.ts';

const MEGABYTE = 1024 * 1024;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const used = (): number => {
  collect();
  return process.memoryUsage().heapUsed;
};

describe('what a file came to', () => {
  it.each([
    ['a plain', ''],
    ['any other', '# ü\n'],
  ])('holds on to nothing of the text of %s file', (_kind, line) => {
    const long = 'a comment that somebody wrote\n# '.repeat(1_500);
    const id = '0b8f1c8e-3d0a-4d0e-9b7a-2f1d7c6a5e40';
    const reason = 'reason: until the fifteenth of April';
    const text = `${line}# ${long}\n${yaml({campaignId: id, extra: reason})}`;
    parseFile('a.yaml', Buffer.from(text));
    const before = used();
    const kept = Array.from({length: 500}, (_, i) => parseFile(`${i}.yaml`, Buffer.from(text)));
    expect((used() - before) / MEGABYTE).toBeLessThan(5);
    expect(kept[0]?.documents[0]).toMatchObject({campaignId: id});
  });
});
