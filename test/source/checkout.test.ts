import {execFileSync} from 'node:child_process';
import {mkdirSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it, onTestFinished} from 'vitest';
import {Checkout} from '../../src/source/git/checkout.ts';
import {digestOf, worktreeSnapshot} from '../../src/source/snapshot.ts';
import {yaml} from '../support/fixtures.ts';
import {Repository} from '../support/repository.ts';
import {temporaryFolder} from '../support/temp.ts';

const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 1);

const open = async () => {
  const repository = new Repository(join(temporaryFolder(), 'repository'));
  repository.at = START;
  repository.commit({'campaigns/a.yaml': yaml(), 'campaigns/b.yaml': yaml({name: 'b'})});
  const checkout = await Checkout.open(join(repository.path, 'campaigns'));
  if (!checkout) throw new Error('no repository');
  onTestFinished(() => checkout.close());
  return {repository, checkout};
};

describe('a checkout', () => {
  it('is found from any folder below it, and not where there is none', async () => {
    const {checkout, repository} = await open();
    expect(checkout.top).toBe(repository.path);
    expect(await Checkout.open(temporaryFolder())).toBeUndefined();
  });

  it('reads much as it reads little, and nothing of what is too large', async () => {
    const {checkout, repository} = await open();
    const size = 1024 * 1024 - 4;
    const much = Array.from({length: 70}, (_, i) => [`campaigns/${i}.yaml`, `${i}`.padStart(size, '#')]);
    const large = {
      'campaigns/large.yaml': '#'.repeat(size + 5),
      'campaigns/larger.yaml': '#'.repeat(9 * size),
    };
    for (const files of [large, Object.fromEntries(much)]) {
      const {entries, read} = await checkout.snapshot(repository.commit(files), 'campaigns');
      const contents = await read(entries.map(({contentId}) => contentId));
      const sizes = new Map(
        entries.map(({contentId, file}) => [file, contents.get(contentId)?.byteLength] as const),
      );
      expect(sizes.get('campaigns/a.yaml')).toBe(yaml().length);
      expect(sizes.get('campaigns/large.yaml')).toBe(1024 * 1024 + 1);
      expect(sizes.get('campaigns/larger.yaml')).toBe(1024 * 1024 + 1);
      if (files !== large)
        expect(new Set(sizes.values())).toEqual(
          new Set([yaml().length, yaml({name: 'b'}).length, size, size + 5]),
        );
    }
    await expect((await checkout.snapshot('HEAD', 'campaigns')).read(['0'.repeat(40)])).rejects.toThrow(
      `missing blob ${'0'.repeat(40)}`,
    );
  });

  it('tells when a file came into force: with the merge, not with the commit that was merged', async () => {
    const {checkout, repository} = await open();
    repository.git('checkout', '--quiet', '-b', 'change');
    repository.at = START + DAY;
    repository.commit({'campaigns/a.yaml': yaml({desired: 'paused'})});
    repository.git('checkout', '--quiet', 'main');
    repository.at = START + 5 * DAY;
    repository.commit({'campaigns/b.yaml': yaml({name: 'b', desired: 'paused'})});
    repository.at = START + 6 * DAY;
    repository.git('merge', '--quiet', '--no-ff', '--message', 'merge', 'change');
    const head = await checkout.resolve('HEAD');
    const files = ['campaigns/a.yaml', 'campaigns/b.yaml', 'campaigns/*.yaml', ':(top)campaigns'];
    expect(await checkout.changedAt(head, files)).toEqual(
      new Map([
        ['campaigns/a.yaml', START + 6 * DAY],
        ['campaigns/b.yaml', START + 5 * DAY],
      ]),
    );
    expect(await checkout.parents(head)).toHaveLength(2);
  });

  it('takes a revision for a revision, whatever it looks like, and says where one is missing', async () => {
    const {checkout} = await open();
    for (const name of ['--help', '-n1', 'nowhere', '', ';reboot', '$(reboot)', 'HEAD~9'])
      await expect(checkout.resolve(name)).rejects.toThrow(
        `${JSON.stringify(name)} is no commit in this repository`,
      );
  });

  it('reads the same from the disk as from the commit, and no symbolic link', async () => {
    const {checkout, repository} = await open();
    symlinkSync('a.yaml', join(repository.path, 'campaigns/link.yaml'));
    symlinkSync('.', join(repository.path, 'campaigns/loop'));
    const disk = await worktreeSnapshot(join(repository.path, 'campaigns'), repository.path);
    const commit = await checkout.snapshot(await checkout.resolve('HEAD'), 'campaigns');
    expect(disk.entries).toEqual(commit.entries);
    expect(digestOf(disk)).toBe(digestOf(commit));
    writeFileSync(join(repository.path, 'campaigns/a.yaml'), yaml({desired: 'paused'}));
    const changed = await worktreeSnapshot(join(repository.path, 'campaigns'), repository.path);
    expect(digestOf(changed)).not.toBe(digestOf(commit));
  });

  it('runs no program that the repository’s own configuration names', async () => {
    const {checkout, repository} = await open();
    const trap = join(temporaryFolder(), 'sprung');
    for (const key of ['core.fsmonitor', 'core.pager', 'filter.x.clean', 'filter.x.smudge', 'diff.external'])
      repository.git('config', key, `touch ${trap}`);
    mkdirSync(join(repository.path, '.git/info'), {recursive: true});
    writeFileSync(join(repository.path, '.git/info/attributes'), '* filter=x\n');
    const head = await checkout.resolve('HEAD');
    await (await checkout.snapshot(head, 'campaigns')).read([]);
    await checkout.changedAt(head, ['campaigns/a.yaml']);
    await checkout.file(head, 'campaigns/a.yaml');
    expect(() => execFileSync('ls', [trap], {stdio: 'ignore'})).toThrow();
  });
});
