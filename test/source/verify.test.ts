/** Commits that have to be signed: real keys, of SSH and of OpenPGP, checked by Git itself. */
import {execFileSync, spawnSync} from 'node:child_process';
import {existsSync, globSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it, onTestFinished} from 'vitest';
import {GitSource, type GitSourceOptions} from '../../src/source/git/source.ts';
import {yaml} from '../support/fixtures.ts';
import {Repository} from '../support/repository.ts';
import {temporaryFolder} from '../support/temp.ts';
import {eventually} from '../support/wait.ts';

const signal = new AbortController().signal;
const has = (program: string): boolean => spawnSync(program, ['--version']).error === undefined;

const open = (verify: GitSourceOptions['verify']) => {
  const folder = temporaryFolder();
  const repository = new Repository(join(folder, 'repository'));
  const create = (
    {cache = 'cache', ...how}: {readonly cache?: string} & Pick<GitSourceOptions, 'verify'> = verify
      ? {verify}
      : {},
  ): GitSource =>
    new GitSource({
      url: repository.path,
      path: '',
      cacheDirectory: join(folder, cache),
      timeout: 20_000,
      workspaces: new Set(['collections']),
      secrets: () => [],
      ...how,
    });
  const source = create();
  const read = async (from = source): Promise<string> => {
    const reading = await from.read(signal);
    if (reading.kind === 'failed') return `${reading.trouble.reason}: ${reading.trouble.message}`;
    return reading.kind === 'read' ? `read ${reading.revision.id}` : reading.kind;
  };
  const commit = (message: string): string =>
    repository.commit({'q1.yaml': yaml({extra: `reason: ${message}`})}, message);
  return {folder, repository, source, create, read, commit};
};

/** A key of SSH, and how a repository signs with it. */
const sshKey = (name: string) => {
  const file = join(temporaryFolder(), name);
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', file]);
  const signBy = (repository: Repository): void => {
    repository.git('config', 'gpg.format', 'ssh');
    repository.git('config', 'user.signingKey', file);
    repository.git('config', 'commit.gpgsign', 'true');
  };
  return {
    signBy,
    allowed: (options = '') => `${name}@example.com ${options} ${readFileSync(`${file}.pub`, 'utf8')}`,
  };
};

const signersFile = (...lines: readonly string[]): string => {
  const file = join(temporaryFolder(), 'signers');
  writeFileSync(file, lines.join(''));
  return file;
};

describe('a source that takes what is signed by an SSH key', () => {
  it.each(['head', 'all'] as const)(
    'does not go back to a commit that nobody has signed, where it counts %s',
    async commits => {
      const ops = sshKey('ops');
      const {commit, read, repository} = open({allowedSignersFile: signersFile(ops.allowed()), commits});
      const bare = commit('not signed');
      ops.signBy(repository);
      const good = commit('signed');
      expect(await read()).toBe(`read ${good}`);
      repository.git('reset', '--quiet', '--hard', bare);
      expect(await read()).toContain('CommitNotVerified');
    },
  );

  it('takes it, and nothing that is not signed, or by another key: the last revision stays', async () => {
    const [ops, eve] = [sshKey('ops'), sshKey('eve')];
    const {commit, read, repository} = open({
      allowedSignersFile: signersFile(ops.allowed()),
      commits: 'head',
    });
    ops.signBy(repository);
    const good = commit('signed');
    expect(await read()).toBe(`read ${good}`);
    repository.git('config', 'commit.gpgsign', 'false');
    const bare = commit('not signed');
    expect(await read()).toBe(
      `CommitNotVerified: commit ${bare.slice(0, 12)} «not signed» by Test is not signed: source.git.verify lets in only what is signed by keys that it knows`,
    );
    eve.signBy(repository);
    commit('by somebody else');
    expect(await read()).toMatch(
      /^CommitNotVerified: .* is signed by a key that allowedSignersFile does not have.*\(key SHA256:/,
    );
    ops.signBy(repository);
    const again = commit('signed again');
    expect(await read()).toBe(`read ${again}`);
  });

  it('does not take a key beyond its time', async () => {
    const ops = sshKey('ops');
    const {commit, read, repository} = open({
      allowedSignersFile: signersFile(ops.allowed('valid-before="20240101"')),
      commits: 'head',
    });
    ops.signBy(repository);
    commit('too late');
    expect(await read()).toMatch(/^CommitNotVerified: .* does not have, or not for that time/);
  });

  it('takes no other kind of signature, and none where its file is not there', async () => {
    const ops = sshKey('ops');
    const {commit, read, repository} = open({allowedSignersFile: '/nowhere', commits: 'head'});
    ops.signBy(repository);
    commit('signed');
    expect(await read()).toMatch(/^CommitNotVerified/);
  });

  it('with commits: all takes nothing that came by an unsigned commit, whoever merged it', async () => {
    const ops = sshKey('ops');
    const allowedSignersFile = signersFile(ops.allowed());
    const all = open({allowedSignersFile, commits: 'all'});
    const {commit, create, read, repository} = all;
    ops.signBy(repository);
    const first = commit('first');
    expect(await read()).toMatch(/^read/);
    repository.git('switch', '--quiet', '--create', 'side');
    repository.git('config', 'commit.gpgsign', 'false');
    const hidden = commit('hidden');
    repository.git('switch', '--quiet', 'main');
    ops.signBy(repository);
    repository.git('merge', '--quiet', '--no-ff', '--message', 'merged', 'side');
    expect(await read()).toContain(`commit ${hidden.slice(0, 12)} «hidden» by Test is not signed`);
    const next = create();
    const reading = await next.read(signal);
    expect(reading).toMatchObject({
      kind: 'read',
      revision: {id: first},
      trouble: {reason: 'CommitNotVerified', message: expect.stringContaining('«hidden»')},
    });
    expect(await read(next)).toContain('«hidden»');
    rmSync(join(all.folder, 'cache'), {recursive: true});
    expect(await read(create())).toContain('«hidden»');
    const head = create({cache: 'other', verify: {allowedSignersFile, commits: 'head'}});
    expect(await read(head)).toMatch(/^read/);
  });

  it('with commits: all goes on from the commit in force, though its mirror had to be made anew', async () => {
    const ops = sshKey('ops');
    const {commit, folder, read, repository} = open({
      allowedSignersFile: signersFile(ops.allowed()),
      commits: 'all',
    });
    ops.signBy(repository);
    commit('first');
    expect(await read()).toMatch(/^read/);
    repository.git('config', 'commit.gpgsign', 'false');
    commit('hidden');
    ops.signBy(repository);
    commit('last');
    for (const mirror of globSync(join(folder, 'cache/git/*/mirror.git'))) rmSync(mirror, {recursive: true});
    expect(await read()).toContain('«hidden»');
  });

  it.each([
    ['a process that starts', ''],
    ['one whose mirror is broken', 'HEAD'],
  ])('leaves in force what was signed last, for %s', async (_what, broken) => {
    const ops = sshKey('ops');
    const verify = {allowedSignersFile: signersFile(ops.allowed()), commits: 'all'} as const;
    const {commit, create, folder, read, repository} = open(verify);
    ops.signBy(repository);
    const first = commit('first');
    expect(await read()).toMatch(/^read/);
    repository.git('config', 'commit.gpgsign', 'false');
    commit('hidden');
    ops.signBy(repository);
    commit('last');
    if (broken !== '')
      for (const file of globSync(join(folder, `cache/git/*/mirror.git/${broken}`))) rmSync(file);
    expect(await create().read(signal)).toMatchObject({
      revision: {id: first},
      trouble: {message: expect.stringContaining('«hidden»')},
    });
  });

  it('leaves in force the newest that is signed, though this process did not see it come', async () => {
    const ops = sshKey('ops');
    for (const commits of ['all', 'head'] as const) {
      const {commit, create, read, repository} = open({
        allowedSignersFile: signersFile(ops.allowed()),
        commits,
      });
      ops.signBy(repository);
      commit('first');
      expect(await read()).toMatch(/^read/);
      const second = commit('second');
      repository.git('config', 'commit.gpgsign', 'false');
      commit('hidden');
      commit('hidden too');
      expect(await create().read(signal)).toMatchObject({revision: {id: second}, trouble: expect.anything()});
    }
  });

  it('forgets what was signed once commits come into force that need not be', async () => {
    const ops = sshKey('ops');
    const verify = {allowedSignersFile: signersFile(ops.allowed()), commits: 'head'} as const;
    const {commit, create, read, repository} = open(verify);
    ops.signBy(repository);
    commit('first');
    expect(await read()).toMatch(/^read/);
    repository.git('config', 'commit.gpgsign', 'false');
    commit('unsigned');
    expect(await read(create({}))).toMatch(/^read/);
    expect(await read(create())).toContain('«unsigned»');
  });

  it('puts nothing in force where the branch goes on from something else than what was signed', async () => {
    const ops = sshKey('ops');
    const {commit, create, read, repository} = open({
      allowedSignersFile: signersFile(ops.allowed()),
      commits: 'head',
    });
    ops.signBy(repository);
    commit('first');
    expect(await read()).toMatch(/^read/);
    repository.git('switch', '--quiet', '--orphan', 'other');
    repository.git('config', 'commit.gpgsign', 'false');
    commit('unsigned');
    repository.git('branch', '--force', 'main', 'other');
    repository.git('switch', '--quiet', 'main');
    expect(await read(create())).toContain('«unsigned»');
  });

  it('puts nothing in force where the key of what was signed last is taken no more', async () => {
    const ops = sshKey('ops');
    const allowedSignersFile = signersFile(ops.allowed());
    const {commit, create, read, repository} = open({allowedSignersFile, commits: 'head'});
    ops.signBy(repository);
    commit('first');
    expect(await read()).toMatch(/^read/);
    repository.git('config', 'commit.gpgsign', 'false');
    commit('hidden');
    writeFileSync(allowedSignersFile, sshKey('other').allowed());
    expect(await read(create())).toContain('«hidden»');
  });

  it('does not take a merge that nobody signed', async () => {
    const ops = sshKey('ops');
    const {commit, read, repository} = open({
      allowedSignersFile: signersFile(ops.allowed()),
      commits: 'head',
    });
    ops.signBy(repository);
    commit('first');
    repository.git('switch', '--quiet', '--create', 'side');
    commit('second');
    repository.git('switch', '--quiet', 'main');
    repository.git('config', 'commit.gpgsign', 'false');
    repository.git('merge', '--quiet', '--no-ff', '--message', 'merged by hand', 'side');
    expect(await read()).toMatch(/^CommitNotVerified: .*«merged by hand» by Test is not signed/);
  });
});

/** A key of OpenPGP, made and used at a time. */
const pgpKey = (name: string, {at = '', expires = '0'}: {at?: string; expires?: string} = {}) => {
  const home = temporaryFolder();
  writeFileSync(join(home, 'gpg.conf'), at === '' ? '' : `faked-system-time ${at}\n`);
  onTestFinished(() => void spawnSync('gpgconf', ['--homedir', home, '--kill', 'all']));
  const gpg = (...args: string[]): string =>
    execFileSync(
      'gpg',
      ['--homedir', home, '--batch', '--quiet', '--passphrase', '', '--pinentry-mode', 'loopback', ...args],
      {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
  gpg('--quick-generate-key', `${name} <${name}@example.com>`, 'ed25519', 'sign', expires);
  const wrapper = join(home, 'sign');
  writeFileSync(wrapper, `#!/bin/sh\nexec gpg --homedir '${home}' "$@"\n`, {mode: 0o755});
  const signBy = (repository: Repository): void => {
    repository.git('config', 'gpg.format', 'openpgp');
    repository.git('config', 'gpg.program', wrapper);
    repository.git('config', 'user.signingKey', `${name}@example.com`);
    repository.git('config', 'commit.gpgsign', 'true');
  };
  const revoke = (): void => {
    const folder = join(home, 'openpgp-revocs.d');
    const [file = ''] = readdirSync(folder);
    const text = readFileSync(join(folder, file), 'utf8').replace(/^:-/gm, '-');
    writeFileSync(join(home, 'revocation'), text);
    gpg('--import', join(home, 'revocation'));
  };
  const keyring = (): string => {
    const folder = join(home, 'public');
    mkdirSync(folder, {recursive: true});
    const file = join(folder, `keys-${readdirSync(folder).length}.asc`);
    writeFileSync(file, gpg('--armor', '--export'));
    return file;
  };
  return {signBy, revoke, keyring};
};

describe.skipIf(!has('gpg'))('a source that takes what is signed by a key of OpenPGP', () => {
  it('waits for no gpg that hangs', async () => {
    const bin = temporaryFolder();
    writeFileSync(join(bin, 'gpg'), '#!/bin/sh\ntouch "$0.began"\nexec sleep 60\n', {mode: 0o755});
    const path = process.env['PATH'];
    process.env['PATH'] = `${bin}:${path}`;
    onTestFinished(() => {
      process.env['PATH'] = path;
    });
    const {commit, source} = open({gpgKeyringFile: signersFile(), commits: 'head'});
    commit('not looked at');
    const stopping = new AbortController();
    const reading = source.read(stopping.signal);
    await eventually(() => existsSync(join(bin, 'gpg.began')));
    stopping.abort();
    expect((await reading).kind).toBe('failed');
  });

  it('takes it, and nothing by a key that it does not have', async () => {
    const [ops, eve] = [pgpKey('ops'), pgpKey('eve')];
    const {commit, read, repository} = open({gpgKeyringFile: ops.keyring(), commits: 'head'});
    ops.signBy(repository);
    const good = commit('signed');
    expect(await read()).toBe(`read ${good}`);
    eve.signBy(repository);
    commit('by somebody else');
    expect(await read()).toMatch(
      /^CommitNotVerified: .* is signed by a key that gpgKeyringFile does not have/,
    );
  });

  it('does not take a key that has expired', async () => {
    const old = pgpKey('old', {at: '20200101T000000', expires: '1d'});
    const {commit, read, repository} = open({gpgKeyringFile: old.keyring(), commits: 'head'});
    old.signBy(repository);
    commit('by an old key');
    expect(await read()).toMatch(/^CommitNotVerified: .* is signed by a key that has expired/);
  });

  it('does not take a key that was revoked', async () => {
    const ops = pgpKey('ops');
    const file = ops.keyring();
    const {commit, read, repository} = open({gpgKeyringFile: file, commits: 'head'});
    ops.signBy(repository);
    commit('signed');
    expect(await read()).toMatch(/^read/);
    commit('signed as well');
    ops.revoke();
    writeFileSync(file, readFileSync(ops.keyring()));
    expect(await read()).toMatch(/^CommitNotVerified: .* is signed by a key that was revoked/);
  });

  it('takes nothing where its keys cannot be read, and says so', async () => {
    const file = signersFile('this is no key\n');
    const {commit, read} = open({gpgKeyringFile: file, commits: 'head'});
    commit('x');
    expect(await read()).toMatch(
      /^CommitNotVerified: no signature can be checked: the keys of gpgKeyringFile cannot be read/,
    );
  });
});

describe('a branch that does not go on', () => {
  it('is said to have gone backwards, or to have been rewritten', async () => {
    const {commit, repository, source} = open(undefined);
    const first = commit('first');
    const second = commit('second');
    await source.read(signal);
    repository.git('reset', '--quiet', '--hard', first);
    expect(await source.read(signal)).toMatchObject({
      revision: {id: first, turn: 'backwards', before: second},
    });
    commit('third');
    expect(await source.read(signal)).not.toHaveProperty('revision.turn');
    repository.git('reset', '--quiet', '--hard', first);
    const fourth = commit('fourth');
    expect(await source.read(signal)).toMatchObject({revision: {id: fourth, turn: 'rewritten'}});
  });
});
