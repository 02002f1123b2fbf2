import {once} from 'node:events';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import {type AddressInfo, createServer} from 'node:net';
import {join} from 'node:path';
import {describe, expect, it, onTestFinished} from 'vitest';
import type {SourceReading} from '../../src/controller/ports.ts';
import {allClaims} from '../../src/domain/declarations.ts';
import {GitSource, type GitSourceOptions} from '../../src/source/git/source.ts';
import {gitTrouble} from '../../src/source/git/trouble.ts';
import {claimsByKey} from '../support/claims.ts';
import {yaml} from '../support/fixtures.ts';
import {Repository} from '../support/repository.ts';
import {canServeHttps, canServeSsh, secretFile, startGitHttps, startSshd} from '../support/servers.ts';
import {temporaryFolder} from '../support/temp.ts';
import {eventually} from '../support/wait.ts';

const signal = new AbortController().signal;
const one = yaml();
const two = yaml({name: 'q2', campaignId: 'camp-2'});

const open = (options: Partial<GitSourceOptions> = {}) => {
  const folder = temporaryFolder();
  const repository = new Repository(join(folder, 'repository'));
  const cacheDirectory = join(folder, 'cache');
  const create = (more: Partial<GitSourceOptions> = {}): GitSource =>
    new GitSource({
      url: repository.path,
      path: 'campaigns',
      cacheDirectory,
      timeout: 10_000,
      workspaces: new Set(['collections']),
      secrets: () => [],
      ...options,
      ...more,
    });
  return {folder, repository, cacheDirectory, create, source: create()};
};

const keys = (reading: SourceReading): string[] =>
  reading.kind === 'read'
    ? [...claimsByKey(reading.declarations).keys()].toSorted()
    : [`${reading.kind}: ${JSON.stringify(reading)}`];

const trouble = (reading: SourceReading): string =>
  reading.kind === 'failed' ? reading.trouble.reason : reading.kind;

/** The one folder of the cache that holds the mirror. */
const mirrorIn = (cacheDirectory: string): string => {
  const [name = ''] = readdirSync(join(cacheDirectory, 'git'));
  return join(cacheDirectory, 'git', name, 'mirror.git');
};

/** How many pipes this process has open, to children of it and of them. */
const pipes = (): number => process.getActiveResourcesInfo().filter(kind => kind === 'PipeWrap').length;

describe('a server that takes a connection and says nothing', () => {
  it('is given up, and what Git started for it keeps nobody from ending', async () => {
    const server = createServer(() => {}).listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const {port} = server.address() as AddressInfo;
    const {source} = open({url: `https://127.0.0.1:${port}/declarations.git`, timeout: 500});
    const before = pipes();
    expect(trouble(await source.read(signal))).toBe('RemoteUnreachable');
    await eventually(() => expect(pipes()).toBeLessThanOrEqual(before));
  });
});

describe('a local repository', () => {
  it('is read at its commit: neither what is not committed, nor what is no regular file', async () => {
    const {folder, repository, source} = open();
    repository.write({
      'campaigns/a.yaml': one,
      'campaigns/.hidden.yaml': two,
      'campaigns/.dir/x.yaml': two,
      'other/b.yaml': two,
      'campaigns/readme.md': 'x',
    });
    secretFile(join(folder, 'outside.yaml'), two);
    symlinkSync(join(folder, 'outside.yaml'), join(repository.path, 'campaigns/link.yaml'));
    const commit = repository.commit({});
    repository.write({'campaigns/dirty.yaml': two});
    const reading = await source.read(signal);
    expect(keys(reading)).toEqual(['collections/camp-1']);
    expect(reading).toMatchObject({revision: {id: commit, subject: 'change'}});
  });

  it('that was cloned with a depth is refused, with what to do', async () => {
    const {folder, repository} = open();
    repository.commit({'campaigns/a.yaml': one});
    repository.commit({'campaigns/b.yaml': two});
    const shallow = join(folder, 'shallow');
    repository.git('clone', '--quiet', '--depth', '1', `file://${repository.path}`, shallow);
    expect(trouble(await open({url: shallow}).source.read(signal))).toBe('ShallowClone');
    repository.git('-C', shallow, 'fetch', '--quiet', '--unshallow');
    expect((await open({url: shallow}).source.read(signal)).kind).toBe('read');
  });

  it('is read as emptied also where commits of other files came since, and a merge', async () => {
    const {repository, source} = open();
    repository.commit({'campaigns/a.yaml': one, 'README.md': 'one'});
    repository.git('switch', '--quiet', '--create', 'side');
    repository.remove('campaigns/a.yaml');
    repository.commit({});
    repository.git('switch', '--quiet', 'main');
    repository.commit({'README.md': 'two'});
    repository.git('merge', '--quiet', '--no-ff', '--message', 'merged', 'side');
    repository.commit({'campaigns/README.md': 'none', 'other.yaml': 'a: b'});
    repository.remove('campaigns/README.md');
    repository.commit({'README.md': 'three', 'campaigns/note.md': 'none'});
    expect(await source.read(signal)).toMatchObject({kind: 'read', emptied: true});
  });

  it('is not where only a file of something else was taken away', async () => {
    const {repository, source} = open({path: ''});
    repository.commit({'mkdocs.yaml': 'site: x', 'README.md': 'one'});
    repository.remove('mkdocs.yaml');
    repository.commit({'README.md': 'two'});
    const reading = await source.read(signal);
    expect(reading).toMatchObject({kind: 'read'});
    expect(reading).not.toHaveProperty('emptied');
  });

  it('in which nothing was ever declared is not', async () => {
    const {repository, source} = open();
    repository.commit({'campaigns/README.md': 'none'});
    repository.commit({'campaigns/note.md': 'none'});
    const reading = await source.read(signal);
    expect(reading).toMatchObject({kind: 'read'});
    expect(reading).not.toHaveProperty('emptied');
  });

  it('whose last commit took everything away, its folder with it, is read as emptied', async () => {
    const {repository, source} = open();
    repository.commit({'campaigns/a.yaml': one});
    repository.git('rm', '--quiet', '-r', 'campaigns');
    repository.commit({'README.md': 'nothing'});
    expect(await source.read(signal)).toMatchObject({kind: 'read', emptied: true});
    repository.commit({'README.md': 'nothing more'});
    expect(trouble(await open({url: repository.path}).source.read(signal))).toBe('PathNotFound');
  });

  it('whose folder becomes a submodule is refused, though the mirror has that commit', async () => {
    const {repository, source} = open();
    repository.commit({'campaigns/a.yaml': one});
    repository.git('checkout', '--quiet', '--orphan', 'other');
    repository.git('rm', '--quiet', '-r', '--cached', '.');
    const other = repository.commit({'b.yaml': two});
    repository.git('checkout', '--quiet', '--force', 'main');
    repository.git(
      'merge',
      '--quiet',
      '--strategy=ours',
      '--allow-unrelated-histories',
      '-m',
      'both',
      'other',
    );
    expect(keys(await source.read(signal))).toEqual(['collections/camp-1']);
    repository.git('rm', '--quiet', '-r', '--cached', 'campaigns');
    repository.git('update-index', '--add', '--cacheinfo', `160000,${other},campaigns`);
    repository.git('commit', '--quiet', '--message', 'a submodule');
    expect(trouble(await source.read(signal))).toBe('PathNotFound');
  });

  it('has no submodule entered', async () => {
    const {folder, repository, source} = open();
    const inner = new Repository(join(folder, 'inner'));
    inner.commit({'b.yaml': two});
    repository.commit({'campaigns/a.yaml': one});
    repository.git(
      '-c',
      'protocol.file.allow=always',
      'submodule',
      '--quiet',
      'add',
      inner.path,
      'campaigns/inner',
    );
    repository.commit({});
    expect(keys(await source.read(signal))).toEqual(['collections/camp-1']);
  });

  it('names each file with its whole path, in any characters', async () => {
    const {repository, source} = open();
    repository.commit({'campaigns/zahlungs erinnerung–ü.yaml': one});
    const reading = await source.read(signal);
    expect(reading.kind === 'read' && [...allClaims(reading.declarations)]).toMatchObject([
      {declaration: {source: {file: 'campaigns/zahlungs erinnerung–ü.yaml', line: 1}}},
    ]);
  });

  it('is unchanged until a commit lands; then it shows the change, additions and removals', async () => {
    const {repository, source} = open();
    repository.commit({'campaigns/a.yaml': one});
    await source.read(signal);
    expect((await source.read(signal)).kind).toBe('unchanged');
    repository.commit({'campaigns/b.yaml': two});
    expect(keys(await source.read(signal))).toEqual(['collections/camp-1', 'collections/camp-2']);
    repository.remove('campaigns/a.yaml');
    repository.commit({});
    expect(keys(await source.read(signal))).toEqual(['collections/camp-2']);
  });

  it('follows a force-push', async () => {
    const {repository, source} = open();
    const first = repository.commit({'campaigns/a.yaml': one});
    repository.commit({'campaigns/b.yaml': two});
    await source.read(signal);
    repository.git('reset', '--quiet', '--hard', first);
    expect(keys(await source.read(signal))).toEqual(['collections/camp-1']);
  });

  it.each([
    ['a commit', (repository: Repository) => void repository.commit({'campaigns/b.yaml': two})],
    [
      'a commit from a linked work tree',
      (repository: Repository) => {
        repository.git('worktree', 'add', '--quiet', '--detach', '../linked');
        repository.git('-C', '../linked', 'commit', '--quiet', '--allow-empty', '--message', 'x');
        repository.git(
          'update-ref',
          'refs/heads/main',
          repository.git('-C', '../linked', 'rev-parse', 'HEAD'),
        );
      },
    ],
    [
      'packed refs',
      (repository: Repository) => {
        repository.commit({});
        repository.git('pack-refs', '--all');
      },
    ],
    ['a checkout', (repository: Repository) => void repository.git('checkout', '--quiet', '-b', 'other')],
  ])('is seen to change by %s', async (_name, change) => {
    const {repository, source} = open();
    repository.commit({'campaigns/a.yaml': one});
    let seen = 0;
    const stop = await source.watch(() => {
      seen += 1;
    });
    change(repository);
    await eventually(() => seen > 0, 5_000);
    await stop();
  });

  it('is watched in a linked work tree, which has a HEAD of its own', async () => {
    const {create, folder, repository} = open();
    repository.commit({'campaigns/a.yaml': one});
    repository.git('worktree', 'add', '--quiet', '-b', 'feature', '../linked');
    const source = create({url: join(folder, 'linked')});
    expect(keys(await source.read(signal))).toEqual(['collections/camp-1']);
    let seen = 0;
    const stop = await source.watch(() => {
      seen += 1;
    });
    repository.git('-C', '../linked', 'checkout', '--quiet', '--detach');
    await eventually(() => seen > 0, 5_000);
    await stop();
  });

  it.each([
    ['a branch that is gone', {branch: 'nowhere'}, 'BranchNotFound'],
    ['a folder that is gone', {path: 'nowhere'}, 'PathNotFound'],
    ['a repository that is gone', {url: '/nonexistent/repository'}, 'RepositoryNotFound'],
    ['a protocol that is not allowed', {url: 'http://127.0.0.1:9/x.git'}, 'ProtocolNotAllowed'],
    ['a program instead of a URL', {url: 'ext::sh -c touch% /tmp/owned'}, 'ProtocolNotAllowed'],
    ['a remote that is down', {url: 'https://127.0.0.1:9/x.git'}, 'RemoteUnreachable'],
  ])('fails with a reason for %s', async (_name, options, reason) => {
    const {create, repository} = open();
    repository.commit({'campaigns/a.yaml': one});
    expect(trouble(await create(options).read(signal))).toBe(reason);
  });

  it('says when its mirror cannot be kept', async () => {
    const {create, repository} = open();
    repository.commit({'campaigns/a.yaml': one});
    expect(trouble(await create({cacheDirectory: '/dev/null/cache'}).read(signal))).toBe('CacheUnusable');
  });

  it('runs no hook and no filter, and reads no configuration of the user', async () => {
    const {folder, repository, source, cacheDirectory} = open();
    repository.commit({'campaigns/a.yaml': one, '.gitattributes': '* filter=evil\n'});
    const trap = join(folder, 'trap');
    writeFileSync(
      join(folder, '.gitconfig'),
      `[core]\n\tfsmonitor = touch ${trap}\n[filter "evil"]\n\tsmudge = touch ${trap}\n`,
    );
    const read = async (): Promise<string> => {
      const home = process.env['HOME'];
      process.env['HOME'] = folder;
      const reading = await source.read(signal);
      process.env['HOME'] = home;
      return reading.kind;
    };
    await read();
    const hook = join(mirrorIn(cacheDirectory), 'hooks', 'reference-transaction');
    writeFileSync(hook, `#!/bin/sh\ntouch ${trap}\n`);
    chmodSync(hook, 0o755);
    repository.commit({'campaigns/b.yaml': two});
    expect(await read()).toBe('read');
    expect(existsSync(trap)).toBe(false);
  });
});

describe('a broken mirror', () => {
  const damages: readonly [string, (mirror: string) => void][] = [
    ['half written', mirror => rmSync(join(mirror, 'objects'), {recursive: true})],
    ['without its HEAD', mirror => rmSync(join(mirror, 'HEAD'))],
    [
      'with a lock that a crash left',
      mirror => writeFileSync(join(mirror, 'refs/rollcall/desired.lock'), ''),
    ],
    ['with a damaged configuration', mirror => appendFileSync(join(mirror, 'config'), '[broken')],
    ['with damaged objects', mirror => writeObjects(mirror, 'garbage')],
    ['with empty objects, as a power cut leaves them,', mirror => writeObjects(mirror, '')],
  ];
  const writeObjects = (mirror: string, text: string): void => {
    for (const folder of readdirSync(join(mirror, 'objects')).filter(name => name.length === 2)) {
      for (const name of readdirSync(join(mirror, 'objects', folder))) {
        const file = join(mirror, 'objects', folder, name);
        chmodSync(file, 0o644);
        writeFileSync(file, text);
      }
    }
  };

  it('that holds empty objects of a commit which was being fetched is made anew', async () => {
    const {cacheDirectory, create, repository, source} = open();
    repository.commit({'campaigns/a.yaml': one});
    await source.read(signal);
    repository.commit({'campaigns/b.yaml': two});
    for (const name of ['HEAD', 'HEAD:campaigns', 'HEAD:campaigns/b.yaml']) {
      const hash = repository.git('rev-parse', name);
      const folder = join(mirrorIn(cacheDirectory), 'objects', hash.slice(0, 2));
      mkdirSync(folder, {recursive: true});
      writeFileSync(join(folder, hash.slice(2)), '');
    }
    expect(keys(await source.read(signal))).toEqual(['collections/camp-1', 'collections/camp-2']);
    expect(keys(await create().read(signal))).toEqual(['collections/camp-1', 'collections/camp-2']);
  });

  it('without one of its blobs is made anew, and the blob is not taken for a large one', async () => {
    const {cacheDirectory, create, repository, source} = open();
    repository.commit({'campaigns/a.yaml': one});
    await source.read(signal);
    const hash = repository.git('rev-parse', 'HEAD:campaigns/a.yaml');
    rmSync(join(mirrorIn(cacheDirectory), 'objects', hash.slice(0, 2), hash.slice(2)));
    const reading = await create().read(signal);
    expect(reading.kind === 'read' && reading.declarations.diagnostics).toEqual([]);
    expect(keys(reading)).toEqual(['collections/camp-1']);
  });

  it.each(damages)('%s is made anew', async (_name, damage) => {
    const {cacheDirectory, create, repository, source} = open();
    repository.commit({'campaigns/a.yaml': one});
    await source.read(signal);
    damage(mirrorIn(cacheDirectory));
    repository.commit({'campaigns/b.yaml': two});
    expect(keys(await source.read(signal))).toEqual(['collections/camp-1', 'collections/camp-2']);
    expect(keys(await create().read(signal))).toEqual(['collections/camp-1', 'collections/camp-2']);
  });
});

describe.skipIf(!canServeSsh)('over SSH', () => {
  it('reads with its key, and only from the host that it knows', async () => {
    const {create, folder, repository} = open();
    repository.commit({'campaigns/a.yaml': one});
    const {clientKey, knownHosts, strangerKey, url, wrongHosts} = await startSshd(folder);
    const read = (sshKeyFile: string, knownHostsFile: string) =>
      create({url: url(repository.path), auth: {kind: 'ssh', sshKeyFile, knownHostsFile}}).read(signal);
    expect(keys(await read(clientKey, knownHosts))).toEqual(['collections/camp-1']);
    expect(trouble(await read(clientKey, wrongHosts))).toBe('HostKeyNotTrusted');
    expect(trouble(await read(strangerKey, knownHosts))).toBe('AuthenticationFailed');
  });
});

describe.skipIf(!canServeHttps)('over HTTPS', () => {
  it('reads with a password from a file, and says when it has expired', async () => {
    const {create, folder, repository} = open();
    repository.commit({'campaigns/a.yaml': one});
    const credentials = {username: 'rollcall', password: 'p"a$s `s\\'};
    const server = await startGitHttps(folder, folder, credentials);
    const passwordFile = secretFile(join(folder, 'pass word'), `${credentials.password}\n`);
    const source = create({
      url: server.url('repository/.git'),
      caFile: server.caFile,
      auth: {kind: 'password', username: credentials.username, passwordFile},
    });
    expect(keys(await source.read(signal))).toEqual(['collections/camp-1']);
    server.changePassword('rotated');
    expect(trouble(await source.read(signal))).toBe('AuthenticationFailed');
    secretFile(passwordFile, 'rotated');
    repository.commit({'campaigns/b.yaml': two});
    expect(keys(await source.read(signal))).toEqual(['collections/camp-1', 'collections/camp-2']);
    const {kind} = await create({
      url: server.url('repository/.git'),
      auth: {kind: 'password', username: 'rollcall', passwordFile},
    }).read(signal);
    expect(kind).toBe('failed');
    await server.stop();
    expect(trouble(await source.read(signal))).toBe('RemoteUnreachable');
    expect(readFileSync(join(mirrorIn(join(folder, 'cache')), 'config'), 'utf8')).not.toContain('rotated');
  });
});

describe('what Git said', () => {
  it('is looked at in a time that grows with its length alone, and shows no secret', () => {
    const startedAt = performance.now();
    const {message} = gitTrouble(
      new Error(`fatal: ${'a'.repeat(2_000_000)} https://u:hunter22@h/x?token=abcdefgh`),
      ['hunter22'],
    );
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    expect(message).not.toMatch(/hunter22|abcdefgh/);
  });
});
