import {describe, expect, it} from 'vitest';
import {GitSource} from '../../src/source/git/source.ts';
import {claimsByKey} from '../support/claims.ts';
import {yaml} from '../support/fixtures.ts';
import {Repository} from '../support/repository.ts';
import {temporaryFolder} from '../support/temp.ts';

const signal = new AbortController().signal;
const freeze = (name: string): string =>
  `apiVersion: rollcall.dev/v1\nkind: Freeze\nmetadata: {name: ${name}}\nspec: {selector: {}, until: 2099-01-01T00:00:00Z, reason: migration}\n`;
const BROKEN = '<<<<<<< HEAD\n';
const one = yaml({name: 'a', campaignId: 'a', desired: 'active'});

/** What a process that starts now knows of a repository with these commits. */
const startIn = async (path: string, ...commits: readonly Readonly<Record<string, string | undefined>>[]) => {
  const repository = new Repository(temporaryFolder());
  for (const files of commits) {
    const gone = Object.keys(files).filter(file => files[file] === undefined);
    for (const file of gone) repository.remove(file);
    repository.commit(
      Object.fromEntries(
        Object.entries(files).flatMap(([file, text]) => (text === undefined ? [] : [[file, text]])),
      ),
    );
  }
  const source = new GitSource({
    url: repository.path,
    path,
    cacheDirectory: temporaryFolder(),
    timeout: 10_000,
    workspaces: new Set(['collections']),
    secrets: () => [],
  });
  const reading = await source.read(signal);
  if (reading.kind !== 'read') throw new Error(JSON.stringify(reading));
  const {declarations} = reading;
  return {
    freezes: (declarations.freezes ?? []).map(({name}) => name),
    claims: Object.fromEntries([...claimsByKey(declarations)].map(([key, {kind}]) => [key, kind])),
    isFrozen: claimsByKey(declarations)
      .values()
      .some(claim => claim.kind === 'valid' && claim.declaration.freezes !== undefined),
  };
};

const startAt = (...commits: readonly Readonly<Record<string, string | undefined>>[]) =>
  startIn('campaigns', ...commits);

describe('a file that is broken when a process starts', () => {
  it('keeps its freeze in force as it was when it could last be read', async () => {
    const known = await startAt(
      {'campaigns/a.yaml': one, 'campaigns/f.yaml': freeze('first')},
      {'campaigns/f.yaml': freeze('second')},
      {'campaigns/f.yaml': BROKEN},
      {'campaigns/f.yaml': `${BROKEN}${BROKEN}`, 'campaigns/b.yaml': yaml({name: 'b', campaignId: 'b'})},
    );
    expect(known).toMatchObject({freezes: ['second'], isFrozen: true});
  });

  it.each([
    ['moved and broken at once', [{'campaigns/f.yaml': undefined, 'campaigns/g.yaml': BROKEN}]],
    [
      'broken, and then moved',
      [{'campaigns/f.yaml': BROKEN}, {'campaigns/f.yaml': undefined, 'campaigns/g.yaml': BROKEN}],
    ],
    [
      'moved, and then broken',
      [{'campaigns/f.yaml': undefined, 'campaigns/g.yaml': freeze('first')}, {'campaigns/g.yaml': BROKEN}],
    ],
    [
      'made to mean a workspace that is none',
      [{'campaigns/f.yaml': freeze('first').replace('{}', '{workspace: colections}')}],
    ],
  ])('keeps its freeze in force where it was %s', async (_what, changes) => {
    const known = await startAt({'campaigns/a.yaml': one, 'campaigns/f.yaml': freeze('first')}, ...changes);
    expect(known.isFrozen).toBe(true);
  });

  it.each([
    ['a character that cannot be seen', 'campaigns/f\u200b.yaml'],
    ['a new line', 'campaigns/f\n.yaml'],
    ['a new line in its folder', 'campaigns/f\n/g.yaml'],
    ['letters of another script', 'campaigns/फ़.yaml'],
    ['a backslash', 'campaigns/f\\g.yaml'],
  ])('keeps its freeze in force where its name has %s', async (_what, file) => {
    const known = await startAt(
      {'campaigns/a.yaml': one, [file]: freeze('first')},
      {[file]: BROKEN},
      {'campaigns/b.yaml': yaml({name: 'b', campaignId: 'b'})},
    );
    expect(known.isFrozen).toBe(true);
  });

  it('at the root, with a name that cannot be shown, keeps no other file from being read', async () => {
    const known = await startIn(
      '',
      {
        'campaigns/a.yaml': one,
        'f.yaml': freeze('other'),
        'c\\d.yaml': BROKEN,
        'campaigns/f.yaml': freeze('first'),
      },
      {'campaigns/f.yaml': BROKEN, 'f.yaml': undefined, 'e\n.yaml': BROKEN},
    );
    expect(known).toMatchObject({isFrozen: true, claims: {'collections/a': 'valid'}});
  });

  it('has no freeze of a file that was taken away before', async () => {
    const known = await startAt(
      {'campaigns/a.yaml': one, 'campaigns/f.yaml': freeze('first')},
      {'campaigns/f.yaml': undefined},
      {'campaigns/g.yaml': BROKEN},
    );
    expect(known.freezes).toEqual([]);
  });

  it('keeps the campaigns that it declared as they are', async () => {
    const known = await startAt({'campaigns/a.yaml': one}, {'campaigns/a.yaml': BROKEN});
    expect(known.claims).toEqual({'collections/a': 'invalid'});
  });

  it('says nothing of what it was before it was taken away and put back', async () => {
    const known = await startAt(
      {'campaigns/a.yaml': one, 'campaigns/f.yaml': freeze('first')},
      {'campaigns/f.yaml': undefined},
      {'campaigns/f.yaml': BROKEN},
    );
    expect(known).toMatchObject({freezes: [], isFrozen: false});
  });

  it('is read like any other where it never was sound', async () => {
    const known = await startAt({'campaigns/a.yaml': one, 'campaigns/f.yaml': BROKEN});
    expect(known).toMatchObject({freezes: [], claims: {'collections/a': 'valid'}});
  });
});
