/** What a start costs: from the mirror to a checked set, cold and warm, against Git alone and against a script. */
import {execFileSync} from 'node:child_process';
import {globSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {parseAllDocuments} from 'yaml';
import {GitSource} from '../src/source/git/source.ts';
import {addRow, median, stalls, timed} from './rows.ts';

const ROUNDS = 5;
const NEVER = new AbortController().signal;

export const text = (i: number, desired = 'active'): string =>
  `apiVersion: rollcall.dev/v1\nkind: Campaign\nmetadata:\n  name: q${i}\n  labels: {team: collections}\nspec:\n  workspace: w\n  campaignId: c${i}\n  desiredStatus: ${desired}\n  reason: Number ${i}, until 15 April\n`;

const gitIn =
  (cwd: string) =>
  (...args: string[]): Buffer =>
    execFileSync('git', args, {cwd, maxBuffer: 1e9});

const commit = (path: string, message: string): void => {
  const git = gitIn(path);
  git('add', '--all');
  git('-c', 'user.name=b', '-c', 'user.email=b@example.com', 'commit', '--quiet', '--message', message);
};

/** Where the repository of so many files is. */
export const repositoryPath = (folder: string, files: number): string => join(folder, `repository-${files}`);

const repository = (folder: string, files: number): string => {
  const path = repositoryPath(folder, files);
  mkdirSync(join(path, 'campaigns'), {recursive: true});
  for (let i = 0; i < files; i++) writeFileSync(join(path, `campaigns/q${i}.yaml`), text(i));
  gitIn(path)('init', '--quiet', '--initial-branch=main');
  commit(path, 'all');
  return path;
};

/** As a script of a pipeline does it: clone, walk, parse. */
const script = (path: string, folder: string): void => {
  rmSync(folder, {recursive: true, force: true});
  execFileSync('git', ['clone', '--quiet', '--depth', '1', `file://${path}`, folder]);
  for (const file of globSync(join(folder, 'campaigns/*.yaml')))
    for (const document of parseAllDocuments(readFileSync(file, 'utf8'))) document.toJS();
};

/** Git alone: every name and every content of the commit, in this process. */
const bare = (path: string): void => {
  const git = gitIn(path);
  const names = git('ls-tree', '-r', '--object-only', 'HEAD:campaigns');
  execFileSync('git', ['cat-file', '--batch'], {cwd: path, input: names, maxBuffer: 1e9});
};

const forget = (cache: string): void => {
  for (const name of readdirSync(join(cache, 'git')))
    rmSync(join(cache, 'git', name, 'parsed.sqlite'), {force: true});
};

/** B8: for how long nothing else has its turn in a start. */
const addStalls = async (open: () => GitSource, files: number, forgetAll: () => void): Promise<void> => {
  const times = {cold: [] as number[], warm: [] as number[]};
  for (let round = 0; round < ROUNDS; round++) {
    forgetAll();
    const cold = open();
    times.cold.push(await stalls(() => cold.read(NEVER)));
    await cold.idle();
    times.warm.push(await stalls(() => open().read(NEVER)));
  }
  for (const [what, all] of Object.entries(times))
    addRow({
      id: 'B8',
      work: `longest stall in a ${what} start of ${files} files`,
      against: 'a millisecond',
      ratio: median(all),
      goal: '25',
    });
};

/** The rows of B1 for so many files; all of a round are timed one after the other. */
export const benchSource = async (folder: string, files: number): Promise<void> => {
  const path = repository(folder, files);
  const cache = join(folder, `cache-${files}`);
  const open = (): GitSource =>
    new GitSource({
      url: path,
      path: 'campaigns',
      cacheDirectory: cache,
      timeout: 600_000,
      workspaces: new Set(['w']),
      secrets: () => [],
    });
  await open().read(NEVER);
  const times = {bare: [] as number[], cold: [] as number[], warm: [] as number[], script: [] as number[]};
  for (let round = 0; round < ROUNDS; round++) {
    times.bare.push(await timed(() => bare(path)));
    forget(cache);
    const cold = open();
    times.cold.push(await timed(() => cold.read(NEVER)));
    await cold.idle();
    times.warm.push(await timed(() => open().read(NEVER)));
    times.script.push(await timed(() => script(path, join(folder, 'clone'))));
  }
  const [git, cold, warm, ci] = [times.bare, times.cold, times.warm, times.script].map(median) as [
    number,
    number,
    number,
    number,
  ];
  const work = (what: string): string =>
    `${what} of ${files} files (${Math.round(what === 'cold start' ? cold : warm)} ms)`;
  addRow({
    id: 'B1',
    work: work('cold start'),
    against: 'ls-tree and cat-file',
    ratio: cold / git,
    goal: '3',
    milliseconds: cold,
    size: files,
  });
  addRow({
    id: 'B1',
    work: work('warm start'),
    against: 'the cold start',
    ratio: warm / cold,
    goal: '0.1',
    milliseconds: warm,
    size: files,
  });
  addRow({
    id: 'B1',
    work: work('warm start'),
    against: 'clone, walk and parse',
    ratio: warm / ci,
    goal: '0.05',
  });
  await addStalls(open, files, () => forget(cache));
  const source = open();
  await source.read(NEVER);
  const one: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    writeFileSync(join(path, 'campaigns/q5.yaml'), text(5, round % 2 ? 'active' : 'paused'));
    commit(path, 'one');
    one.push(await timed(() => source.read(NEVER)));
  }
  const oneFile = median(one);
  addRow({
    id: 'B2',
    work: `one changed file of ${files} (${Math.round(oneFile)} ms, its fetch included)`,
    against: 'the warm start',
    ratio: oneFile / warm,
    milliseconds: oneFile,
    size: files,
  });
};
