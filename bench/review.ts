/** What a review costs: a plan of one changed file, and a validation of all of them. */
import {execFileSync} from 'node:child_process';
import {globSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {parseAllDocuments} from 'yaml';
import {LocalDeclarations} from '../src/cli/declared.ts';
import type {Config} from '../src/config/schema.ts';
import {planRevision} from '../src/controller/planner.ts';
import type {LiveKnowledge, LiveReading, Platform} from '../src/controller/ports.ts';
import {systemClock} from '../src/system.ts';
import {WHOLE_READING} from '../test/support/fixtures.ts';
import {addRow, median, timed} from './rows.ts';

const ROUNDS = 5;
const FEW = 1_000;
const NEVER = new AbortController().signal;
const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));

/** A platform that shows everything at once: its lists cost what its rate lets through, whoever plans. */
const showing = (campaigns: number): Platform => {
  const poll = async ({take}: LiveKnowledge): Promise<LiveReading> => {
    take(
      Array.from({length: campaigns}, (_, i) => ({
        askedAt: 1,
        campaign: {
          campaignId: `c${i}`,
          name: `c${i}`,
          status: {known: 'active'} as const,
          createdAt: 0,
          updatedAt: 0,
        },
      })),
    );
    return WHOLE_READING;
  };
  const never = (): never => {
    throw new Error('a plan of this bench acts on nothing');
  };
  return {
    rate: {slots: 1, window: 1, used: 0},
    keysUsed: 1,
    tookEffect: () => {},
    poll,
    resync: poll,
    read: never,
    update: never,
  };
};

/** A plan of the last commit of a repository against the one before, from what Git has to what a person reads. */
const plan = async (path: string, campaigns: number): Promise<void> => {
  const config = {source: {git: {url: path, path: 'campaigns'}}, workspaces: [{name: 'w'}]};
  const local = await LocalDeclarations.open(config as unknown as Config);
  const base = await local.readBase('HEAD~1');
  const head = await local.read('HEAD', base.declarations);
  const workspace = {name: 'w', mode: 'enforce', concurrency: 4, platform: showing(campaigns)} as const;
  await planRevision({
    declarations: head.declarations,
    base: base.declarations,
    workspaces: [workspace],
    clock: systemClock,
    signal: NEVER,
    onWait: () => {},
    told: new Set(),
    changedAt: files => local.changedAt(base, files),
    onProgress: () => {},
  });
  await local.close();
};

const parserAlone = (path: string): void => {
  for (const file of globSync(join(path, 'campaigns/*.yaml')))
    for (const document of parseAllDocuments(readFileSync(file, 'utf8'))) document.toJS();
};

/** The rows of B9, in repositories that are there, of few and of many files. */
export const benchReview = async (pathOf: (files: number) => string, many: number): Promise<void> => {
  const times = {few: [] as number[], many: [] as number[], validate: [] as number[], parser: [] as number[]};
  for (let round = 0; round < ROUNDS; round++) {
    times.few.push(await timed(() => plan(pathOf(FEW), FEW)));
    times.many.push(await timed(() => plan(pathOf(many), many)));
    const validate = [MAIN, 'validate', join(pathOf(many), 'campaigns')];
    times.validate.push(await timed(() => execFileSync(process.execPath, validate, {stdio: 'ignore'})));
    times.parser.push(await timed(() => parserAlone(pathOf(many))));
  }
  const [few, all, validate, parser] = [times.few, times.many, times.validate, times.parser].map(median) as [
    number,
    number,
    number,
    number,
  ];
  addRow({
    id: 'B9',
    work: `plan of one changed file of ${many} (${Math.round(all)} ms)`,
    against: `of ${FEW} (${Math.round(few)} ms)`,
    ratio: all / few,
    goal: '1.5',
  });
  addRow({
    id: 'B9',
    work: `validation of ${many} files, as a process (${Math.round(validate)} ms)`,
    against: 'one thread of the parser alone',
    ratio: validate / parser,
    goal: '0.6',
  });
};
