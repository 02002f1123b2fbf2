import {spawnSync} from 'node:child_process';
import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {describe, expect, it} from 'vitest';
import {codeCache} from '../../src/config/cache.ts';
import {VERBS} from '../support/command.ts';
import {temporaryFolder} from '../support/temp.ts';

const pathOf = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const MAIN = pathOf('../../src/main.ts');
const TOLD = pathOf('../support/told-modules.ts');

const start = (args: readonly string[], cache: string) =>
  spawnSync(process.execPath, ['--import', TOLD, MAIN, ...args], {
    encoding: 'utf8',
    env: {PATH: process.env['PATH'], XDG_CACHE_HOME: cache},
  });

describe('a start of the program', () => {
  it('loads nothing but what reads the command line, until a verb is to run', () => {
    const {stderr, stdout} = start(['--help'], temporaryFolder());
    expect(stderr).toBe('commander\n');
    for (const verb of VERBS) expect(stdout).toContain(`  ${verb}`);
  });
  it('keeps its compiled code for the next one', () => {
    const cache = temporaryFolder();
    start(['--version'], cache);
    expect(readdirSync(join(cache, 'rollcall', 'code'))).not.toEqual([]);
  });
  it.each(['/dev/null', '/proc/nowhere'])('goes on where it cannot keep it: %s', cache => {
    expect(start(['--version'], cache)).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^\d/),
    });
  });
  it('never takes it from a folder of everybody', () => {
    expect(codeCache({HOME: '/nonexistent'})).toBeUndefined();
    expect(codeCache({HOME: '/home/ops'})).toBe('/home/ops/.cache/rollcall/code');
  });
});
