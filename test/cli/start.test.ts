import {spawnSync} from 'node:child_process';
import {chmodSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {describe, expect, it} from 'vitest';
import {codeFolder} from '../../src/disk/code-cache.ts';
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
  it('goes on where its compiled code cannot be kept', () => {
    expect(start(['--version'], '/dev/null')).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^\d/),
    });
  });
});

describe('the folder in which compiled code is kept', () => {
  const uid = process.getuid?.() ?? 0;
  const openHome = (): string => {
    const home = temporaryFolder();
    chmodSync(home, 0o700);
    return home;
  };
  it('is in the home of the user, for nobody else', () => {
    const homedir = openHome();
    const folder = codeFolder({homedir, uid}, {HOME: homedir}) ?? '';
    expect(folder).toBe(join(homedir, '.cache/rollcall/code'));
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });
  it.each([
    ['the environment names another home', (homedir: string) => ({HOME: `${homedir}/other`})],
    [
      'the environment names another cache',
      (homedir: string) => ({XDG_CACHE_HOME: `${homedir}/elsewhere/.cache`}),
    ],
  ])('is none where %s', (_name, env) => {
    const homedir = openHome();
    expect(codeFolder({homedir, uid}, env(homedir))).toBeUndefined();
  });
  it.each(['', '.cache', '.cache/rollcall', '.cache/rollcall/code'])(
    'is none where others may write to the home’s %j',
    path => {
      const homedir = openHome();
      codeFolder({homedir, uid}, {});
      chmodSync(join(homedir, path), 0o777);
      expect(codeFolder({homedir, uid}, {})).toBeUndefined();
    },
  );
  it('is none where the home is somebody else’s', () => {
    expect(codeFolder({homedir: openHome(), uid: uid + 1}, {})).toBeUndefined();
  });
});
