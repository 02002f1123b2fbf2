import {mkdirSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import type {SourceReading} from '../../src/controller/ports.ts';
import {DirectorySource} from '../../src/source/directory.ts';
import {Folder} from '../../src/source/folder.ts';
import {digestOf, worktreeSnapshot} from '../../src/source/snapshot.ts';
import {claimsByKey} from '../support/claims.ts';
import {yaml} from '../support/fixtures.ts';
import {temporaryFolder} from '../support/temp.ts';
import {eventually} from '../support/wait.ts';

const WORKSPACES = new Set(['collections']);
const NEVER = new AbortController().signal;
/** A shorter moment of rest than the default, so that a test does not wait for it. */
const SETTLE = 200;
const open = (path: string): DirectorySource =>
  new DirectorySource({path, workspaces: WORKSPACES, settle: SETTLE, now: Date.now});
const keys = (reading: SourceReading): string[] =>
  reading.kind === 'read' ? [...claimsByKey(reading.declarations).keys()].toSorted() : [reading.kind];

describe('a plain folder', () => {
  it('is read with its subfolders, without dot files, and only when it changed', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'team'));
    writeFileSync(join(folder, 'team/a.yml'), yaml());
    writeFileSync(join(folder, '.b.yaml'), yaml({campaignId: 'camp-2'}));
    const source = open(folder);
    expect(keys(await source.read(NEVER))).toEqual(['collections/camp-1']);
    expect(keys(await source.read(NEVER))).toEqual(['unchanged']);
    writeFileSync(join(folder, 'c.yaml'), yaml({name: 'q3', campaignId: 'camp-3'}));
    expect(keys(await source.read(NEVER))).toEqual(['collections/camp-1', 'collections/camp-3']);
  });

  it('is the revision that a command which looks at the same folder names', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'a.yaml'), yaml());
    const reading = await open(folder).read(NEVER);
    const looked = digestOf(await worktreeSnapshot(folder, folder));
    expect(reading.kind === 'read' && reading.revision.id).toBe(looked);
  });

  it('walks into no loop of links', async () => {
    const folder = temporaryFolder();
    symlinkSync(folder, join(folder, 'loop'));
    writeFileSync(join(folder, 'a.yaml'), yaml());
    expect(keys(await open(folder).read(NEVER))).toEqual(['collections/camp-1']);
  });

  it('that is written while it is read counts only once it holds still', async () => {
    const folder = temporaryFolder();
    const whole = yaml({extra: 'hold: {reason: repair}'});
    writeFileSync(join(folder, 'a.yaml'), yaml());
    const reading = open(folder).read(NEVER);
    setTimeout(() => writeFileSync(join(folder, 'a.yaml'), whole), 60);
    const read = await reading;
    expect(read.kind === 'read' && claimsByKey(read.declarations).get('collections/camp-1')).toMatchObject({
      declaration: {hold: {reason: 'repair'}},
    });
  });

  it('that never rests keeps no more than what it holds now', async () => {
    const path = temporaryFolder();
    const folder = new Folder(path, Date.now);
    for (let n = 0; n < 5; n++) {
      writeFileSync(join(path, 'a.yaml'), `# ${n}\n`);
      await folder.look();
    }
    const kept = await folder.read([]);
    expect([...kept.values()].map(bytes => Buffer.from(bytes).toString())).toEqual(['# 4\n']);
  });

  it('of which a file is written anew at the very moment of its reading has changed at that moment', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'a.yaml');
    writeFileSync(file, yaml());
    const changedAt = (): number => Math.floor(statSync(file).ctimeMs);
    const before = changedAt();
    const state = await new Folder(folder, () => {
      while (changedAt() === before) writeFileSync(file, yaml({extra: 'mode: detect'}));
      return Date.now();
    }).look();
    expect(state.changedAt).toBeGreaterThanOrEqual(changedAt());
    expect(changedAt()).toBeGreaterThan(before);
  });

  it('that is gone is a failure, not an empty set', async () => {
    expect((await open('/nonexistent').read(NEVER)).kind).toBe('failed');
  });

  it('mounted from a ConfigMap is seen to change when its links are swapped', async () => {
    const folder = temporaryFolder();
    const version = (name: string, text: string): void => {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, 'a.yaml'), text);
      symlinkSync(name, join(folder, '..data_tmp'));
      renameSync(join(folder, '..data_tmp'), join(folder, '..data'));
    };
    version('..2026_01', yaml());
    symlinkSync(join('..data', 'a.yaml'), join(folder, 'a.yaml'));
    const source = open(folder);
    await source.read(NEVER);
    let seen = 0;
    const stop = await source.watch(() => {
      seen += 1;
    });
    version('..2026_02', yaml({campaignId: 'camp-9'}));
    rmSync(join(folder, '..2026_01'), {recursive: true});
    await eventually(() => seen > 0, 5_000);
    expect(keys(await source.read(NEVER))).toEqual(['collections/camp-9']);
    await stop();
  });
});
