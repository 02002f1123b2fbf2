/** What a folder or a repository may hold, and what of it is read. */
import {execFileSync, spawn} from 'node:child_process';
import {chmodSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it, onTestFinished} from 'vitest';
import type {SourceReading} from '../../src/controller/ports.ts';
import {DirectorySource} from '../../src/source/directory.ts';
import {Checkout} from '../../src/source/git/checkout.ts';
import {lockFolder} from '../../src/source/git/lock.ts';
import {GitSource, type GitSourceOptions} from '../../src/source/git/source.ts';
import {claimsByKey} from '../support/claims.ts';
import {yaml} from '../support/fixtures.ts';
import {Repository} from '../support/repository.ts';
import {temporaryFolder} from '../support/temp.ts';
import {eventually} from '../support/wait.ts';

const NEVER = new AbortController().signal;
const WORKSPACES = new Set(['collections']);

const claims = (reading: SourceReading): string[] =>
  reading.kind === 'read'
    ? [...claimsByKey(reading.declarations).keys()].toSorted()
    : [JSON.stringify(reading)];
const codes = (reading: SourceReading): string[] =>
  reading.kind === 'read' ? reading.declarations.diagnostics.map(({code, file}) => `${file}: ${code}`) : [];

const folderSource = (path: string, settle = 50): DirectorySource =>
  new DirectorySource({path, workspaces: WORKSPACES, settle, now: Date.now});

describe('a link in a folder', () => {
  it.each(['/proc/kmsg', '/etc/passwd', '/proc/self/environ', '/dev/zero', '/dev/stdin'])(
    'to %s is followed by nobody, and shown as what it is',
    async target => {
      const folder = temporaryFolder();
      writeFileSync(join(folder, 'a.yaml'), yaml());
      symlinkSync(target, join(folder, 'b.yaml'));
      const reading = await folderSource(folder).read(NEVER);
      expect([claims(reading), codes(reading)]).toEqual([['collections/camp-1'], ['b.yaml: link-outside']]);
      expect(JSON.stringify(reading)).not.toContain('root:');
    },
  );
  it('that leads nowhere says so, and a pipe is no file', async () => {
    const folder = temporaryFolder();
    symlinkSync('nowhere', join(folder, 'a.yaml'));
    execFileSync('mkfifo', [join(folder, 'b.yaml')]);
    const reading = await folderSource(folder).read(NEVER);
    expect(codes(reading)).toEqual(['a.yaml: link-outside', 'b.yaml: not-a-file']);
    expect(JSON.stringify('declarations' in reading && reading.declarations.diagnostics)).toContain(
      'leads nowhere',
    );
  });
  it('to a file below the folder is followed, however it is written', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, '..data'));
    writeFileSync(join(folder, '..data/real.yaml'), yaml());
    symlinkSync(join('..data', 'real.yaml'), join(folder, 'a.yaml'));
    expect(claims(await folderSource(folder).read(NEVER))).toEqual(['collections/camp-1']);
  });
  it('to a neighbour whose name begins alike is not below it', async () => {
    const top = temporaryFolder();
    for (const name of ['in', 'in-secret']) mkdirSync(join(top, name));
    writeFileSync(join(top, 'in-secret/x.yaml'), yaml());
    symlinkSync('../in-secret/x.yaml', join(top, 'in/a.yaml'));
    expect(codes(await folderSource(join(top, 'in')).read(NEVER))).toEqual(['a.yaml: link-outside']);
  });
});

describe('a name that is no UTF-8', () => {
  const first = Buffer.from([0x61, 0xff, 0x2e, 0x79, 0x61, 0x6d, 0x6c]);
  const second = Buffer.from([0x61, 0xfe, 0x2e, 0x79, 0x61, 0x6d, 0x6c]);

  it('is a diagnostic on that file, and falls together with no other, in a folder', async () => {
    const folder = temporaryFolder();
    for (const [index, name] of [first, second].entries())
      writeFileSync(
        Buffer.concat([Buffer.from(`${folder}/`), name]),
        yaml({name: `q${index}`, campaignId: `c${index}`}),
      );
    const reading = await folderSource(folder).read(NEVER);
    expect(claims(reading)).toEqual(['collections/c0', 'collections/c1']);
    expect(codes(reading)).toEqual(['a\\376.yaml: unshowable-name', 'a\\377.yaml: unshowable-name']);
  });
  it('is so in a commit, too', async () => {
    const {repository, source} = openGit();
    for (const [index, name] of [first, second].entries()) {
      const folder = Buffer.from(`${repository.path}/campaigns/`);
      mkdirSync(join(repository.path, 'campaigns'), {recursive: true});
      writeFileSync(Buffer.concat([folder, name]), yaml({name: `q${index}`, campaignId: `c${index}`}));
    }
    repository.commit({});
    const reading = await source.read(NEVER);
    expect(claims(reading)).toEqual(['collections/c0', 'collections/c1']);
    expect(codes(reading)).toHaveLength(2);
  });
});

describe('a folder that is being written', () => {
  it('is read when it has been still for a moment: half a file is no declaration', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'a.yaml'), yaml());
    const source = folderSource(folder, 600);
    await source.read(NEVER);
    const whole = yaml({
      name: 'b',
      campaignId: 'camp-2',
      desired: 'cancelled',
      extra: 'confirmCancel: camp-2',
    });
    writeFileSync(join(folder, 'b.yaml'), whole.slice(0, whole.indexOf('  confirmCancel')));
    setTimeout(() => writeFileSync(join(folder, 'b.yaml'), whole), 300);
    const reading = await source.read(NEVER);
    expect(reading.kind === 'read' && reading.declarations.diagnostics).toEqual([]);
    expect(claims(reading)).toEqual(['collections/camp-1', 'collections/camp-2']);
  });
  it('is waited for only so long, and the reason names the setting', async () => {
    const folder = temporaryFolder();
    let n = 0;
    /** Whenever the source looks at its clock, somebody has written again. */
    const now = (): number => {
      writeFileSync(join(folder, 'a.yaml'), yaml({campaignId: `c${n++}`}));
      return Date.now() - 3_600_000;
    };
    const source = new DirectorySource({path: folder, workspaces: WORKSPACES, settle: 10, now});
    const reading = await source.read(NEVER);
    expect(reading.kind === 'failed' && reading.trouble.message).toContain('source.directory.settle');
  });
  it('blames a subfolder that cannot be read on itself', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'sub'));
    chmodSync(join(folder, 'sub'), 0);
    chmodSync(folder, 0o755);
    const main = new URL('../../src/main.ts', import.meta.url).pathname;
    const child = spawn(process.execPath, [main, 'validate', folder], {
      ...(process.getuid?.() === 0 && {uid: 65_534, gid: 65_534}),
      cwd: '/',
      env: {PATH: process.env['PATH'] ?? ''},
    });
    let out = '';
    child.stdout.on('data', chunk => {
      out += chunk;
    });
    const code = await new Promise(resolve => child.once('close', resolve));
    chmodSync(join(folder, 'sub'), 0o755);
    expect([code, out]).toEqual([
      1,
      expect.stringContaining(`${folder}/sub:1:1: error: the folder ${folder}/sub could not be read`),
    ]);
  });
});

const openGit = (options: Partial<GitSourceOptions> = {}) => {
  const folder = temporaryFolder();
  const repository = new Repository(join(folder, 'repository'));
  const cacheDirectory = join(folder, 'cache');
  const create = (more: Partial<GitSourceOptions> = {}): GitSource =>
    new GitSource({
      url: repository.path,
      path: 'campaigns',
      cacheDirectory,
      timeout: 10_000,
      workspaces: WORKSPACES,
      secrets: () => [],
      ...options,
      ...more,
    });
  return {folder, repository, cacheDirectory, create, source: create()};
};

const mirrorIn = (cacheDirectory: string): string => {
  const [name = ''] = readdirSync(join(cacheDirectory, 'git'));
  return join(cacheDirectory, 'git', name, 'mirror.git');
};

const problem = (reading: SourceReading): [string, string] | undefined =>
  reading.kind === 'failed' ? [reading.trouble.reason, reading.trouble.message] : undefined;

describe('a mirror', () => {
  /** A stand-in for Git on the PATH that breaks a fetch as a dropped connection does, when it is told to. */
  const droppingGit = (folder: string): {path: string; flag: string} => {
    const flag = join(folder, 'drop');
    const real = execFileSync('which', ['git'], {encoding: 'utf8'}).trim();
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    const said = [
      'error: RPC failed; curl 18 transfer closed with outstanding read data remaining',
      'fetch-pack: unexpected disconnect while reading sideband packet',
      'fatal: early EOF',
      'fatal: fetch-pack: invalid index-pack output',
    ];
    const script = `#!/bin/sh\nif [ -e ${flag} ]; then case "$*" in *fetch*) printf '%s\\n' ${said.map(line => `'${line}'`).join(' ')} >&2; exit 128;; esac; fi\nexec ${real} "$@"\n`;
    writeFileSync(join(bin, 'git'), script, {mode: 0o755});
    return {path: `${bin}:${process.env['PATH']}`, flag};
  };

  it('stays where a connection was dropped in the middle of a fetch, and the next fetch goes on', async () => {
    const {cacheDirectory, folder, repository, source} = openGit();
    repository.commit({'campaigns/a.yaml': yaml()});
    await source.read(NEVER);
    const marker = join(mirrorIn(cacheDirectory), 'still-the-same');
    writeFileSync(marker, '');
    const {flag, path} = droppingGit(folder);
    const before = process.env['PATH'];
    onTestFinished(() => {
      process.env['PATH'] = before;
    });
    process.env['PATH'] = path;
    writeFileSync(flag, '');
    repository.commit({'campaigns/b.yaml': yaml({name: 'b', campaignId: 'camp-2'})});
    const failed = await source.read(NEVER);
    expect(problem(failed)?.[0]).toBe('RemoteUnreachable');
    expect(problem(failed)?.[1]).toContain('; fatal: early EOF; ');
    expect(existsSync(marker)).toBe(true);
    process.env['PATH'] = before;
    expect(claims(await source.read(NEVER))).toEqual(['collections/camp-1', 'collections/camp-2']);
    expect(existsSync(marker)).toBe(true);
  });

  it('is of the hash that the repository has, and follows it to another', async () => {
    const {cacheDirectory, create, folder} = openGit();
    const path = join(folder, 'sha256');
    const git = (...args: string[]): void => {
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {
        cwd: path,
        stdio: 'ignore',
      });
    };
    mkdirSync(join(path, 'campaigns'), {recursive: true});
    git('init', '--quiet', '--object-format=sha256', '--initial-branch=main');
    writeFileSync(join(path, 'campaigns/a.yaml'), yaml());
    git('add', '--all');
    git('commit', '--quiet', '--message', 'one');
    const source = create({url: path});
    expect(claims(await source.read(NEVER))).toEqual(['collections/camp-1']);
    writeFileSync(join(path, 'campaigns/b.yaml'), yaml({name: 'b', campaignId: 'camp-2'}));
    git('add', '--all');
    git('commit', '--quiet', '--message', 'two');
    expect(claims(await source.read(NEVER))).toEqual(['collections/camp-1', 'collections/camp-2']);
    expect(existsSync(mirrorIn(cacheDirectory))).toBe(true);
  });

  it('is cleaned at the start of what a killed Git has left', async () => {
    const {cacheDirectory, create, repository, source} = openGit();
    repository.commit({'campaigns/a.yaml': yaml()});
    await source.read(NEVER);
    const mirror = mirrorIn(cacheDirectory);
    const leftovers = [
      'objects/pack/tmp_pack_Ab12',
      'refs/rollcall/desired.lock',
      'packed-refs.lock',
      'gc.pid',
    ];
    for (const name of leftovers) writeFileSync(join(mirror, name), 'x');
    mkdirSync(join(mirror, '..', 'new-XYZ'));
    repository.commit({'campaigns/b.yaml': yaml({name: 'b', campaignId: 'camp-2'})});
    expect(claims(await create().read(NEVER))).toEqual(['collections/camp-1', 'collections/camp-2']);
    expect(leftovers.filter(name => existsSync(join(mirror, name)))).toEqual([]);
    expect(existsSync(join(mirror, '..', 'new-XYZ'))).toBe(false);
  });

  it.each([
    ['an empty ref', (mirror: string) => writeFileSync(join(mirror, 'refs/rollcall/desired'), '')],
    [
      'a ref of zeroes',
      (mirror: string) => writeFileSync(join(mirror, 'refs/rollcall/desired'), '\0'.repeat(41)),
    ],
    [
      'packed refs that were cut off',
      (mirror: string) => writeFileSync(join(mirror, 'packed-refs'), '# pack-refs with: peeled\n0123'),
    ],
    ['a shallow file of garbage', (mirror: string) => writeFileSync(join(mirror, 'shallow'), 'garbage\n')],
    [
      'a configuration of the future',
      (mirror: string) => writeFileSync(join(mirror, 'config'), '[core]\n\trepositoryformatversion = 99\n'),
    ],
    ['no HEAD', (mirror: string) => writeFileSync(join(mirror, 'HEAD'), '')],
  ])('that is broken is made anew: %s', async (_name, breakIt) => {
    const {cacheDirectory, create, repository, source} = openGit();
    repository.commit({'campaigns/a.yaml': yaml()});
    await source.read(NEVER);
    breakIt(mirrorIn(cacheDirectory));
    repository.commit({'campaigns/b.yaml': yaml({name: 'b', campaignId: 'camp-2'})});
    expect(claims(await create().read(NEVER))).toEqual(['collections/camp-1', 'collections/camp-2']);
  });

  it('that cannot be kept says which setting to change, and does not hang', async () => {
    const {create, repository} = openGit();
    repository.commit({'campaigns/a.yaml': yaml()});
    expect(problem(await create({cacheDirectory: '/proc/1/x'}).read(NEVER))).toEqual([
      'CacheUnusable',
      expect.stringContaining('source.git.cacheDirectory'),
    ]);
  });
});

describe('the folder of a repository', () => {
  it.each([
    ['campaigns', 'link', 'campaigns is a symbolic link'],
    ['campaigns', 'file', 'campaigns is a file'],
    ['campaigns', 'submodule', 'campaigns is a submodule'],
    ['campaigns/deep', 'link', 'campaigns is a symbolic link'],
    ['nowhere', 'file', 'there is no folder nowhere'],
  ])('%s that is a %s stalls with one message, in a commit and on disk', async (path, kind, message) => {
    const {folder, repository, source: _source, create} = openGit();
    repository.commit({'elsewhere/deep/a.yaml': yaml()});
    if (kind === 'link') symlinkSync('elsewhere', join(repository.path, 'campaigns'));
    if (kind === 'file') writeFileSync(join(repository.path, 'campaigns'), 'x');
    if (kind === 'submodule') {
      const other = new Repository(join(folder, 'other'));
      other.commit({'a.yaml': yaml()});
      repository.git(
        '-c',
        'protocol.file.allow=always',
        'submodule',
        '--quiet',
        'add',
        other.path,
        'campaigns',
      );
    }
    repository.commit({});
    const reading = await create({path}).read(NEVER);
    expect(problem(reading)).toEqual(['PathNotFound', expect.stringContaining(message)]);
    expect(reading.kind === 'failed' && reading.trouble.stalls).toBe(true);
    const config = `apiVersion: rollcall.dev/v1\nkind: Controller\nsource: {git: {url: ., path: ${path}}}\nplatform: {baseUrl: "http://127.0.0.1:1"}\nworkspaces: [{name: collections, orgId: o, workspaceId: w, apiKey: {env: KEY}}]\n`;
    writeFileSync(join(repository.path, 'rollcall.yaml'), config);
    const main = new URL('../../src/main.ts', import.meta.url).pathname;
    const {stderr} = await new Promise<{stderr: string}>(resolve => {
      const child = spawn(process.execPath, [main, 'plan'], {
        cwd: repository.path,
        env: {PATH: process.env['PATH'] ?? ''},
      });
      let text = '';
      child.stderr.on('data', chunk => {
        text += chunk;
      });
      child.once('close', () => resolve({stderr: text}));
    });
    expect(stderr).toContain(message);
  });

  it('in a partial clone is told as what it is', async () => {
    const {create, folder, repository} = openGit();
    repository.commit({'campaigns/a.yaml': yaml()});
    repository.git('config', 'uploadpack.allowFilter', 'true');
    const clone = join(folder, 'partial');
    execFileSync(
      'git',
      ['clone', '--quiet', '--filter=blob:none', '--no-checkout', `file://${repository.path}`, clone],
      {stdio: 'ignore'},
    );
    const reading = await create({url: clone}).read(NEVER);
    expect(problem(reading)).toEqual(['PartialClone', expect.stringContaining('clone it without --filter')]);
  });
});

describe('a revision', () => {
  it('that is a branch and a tag means the branch', async () => {
    const {repository} = openGit();
    const tagged = repository.commit({'a.txt': '1'});
    repository.git('tag', 'main');
    const tip = repository.commit({'a.txt': '2'});
    const checkout = await Checkout.open(repository.path);
    if (!checkout) throw new Error('no checkout');
    onTestFinished(() => checkout.close());
    expect(await checkout.resolve('main')).toBe(tip);
    expect(await checkout.resolve('main~1')).toBe(tagged);
    expect(await checkout.resolve('refs/tags/main')).toBe(tagged);
  });
});

describe('a lock', () => {
  it('is held by one, who is named, and dies with whoever holds it', async () => {
    const folder = join(temporaryFolder(), 'a', 'b');
    const module = new URL('../../src/source/git/lock.ts', import.meta.url).href;
    const script = `const {lockFolder} = await import(${JSON.stringify(module)}); lockFolder(${JSON.stringify(folder)}, 'the first'); console.log('held'); setInterval(() => {}, 1e6);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script]);
    let out = '';
    child.stdout.on('data', chunk => {
      out += chunk;
    });
    await eventually(() => out.includes('held'));
    expect(lockFolder(folder, 'the second')).toEqual({holder: 'the first'});
    const gone = new Promise(resolve => child.once('close', resolve));
    child.kill('SIGKILL');
    await gone;
    const lock = lockFolder(folder, 'the second');
    expect('release' in lock).toBe(true);
    expect(lockFolder(folder, 'the third')).toEqual({holder: 'the second'});
    if ('release' in lock) lock.release();
    expect('release' in lockFolder(folder, 'the third')).toBe(true);
  });
});

it('a lock that is damaged is held by nobody knows whom, and the message says what to do', () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'lock.sqlite'), 'no database '.repeat(1_000));
  expect(() => lockFolder(folder, 'a test')).toThrow(
    `the folder ${folder} cannot be locked: file is not a database; if no other Rollcall uses it, delete lock.sqlite there`,
  );
});
