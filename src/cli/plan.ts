import {existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {errorText} from '../domain/text.ts';
import {systemClock} from '../system.ts';
import {type ConfigFlags, printDiagnostics, withConfigured} from './configured.ts';
import {EXIT, type ExitCode, type Io, print, readerOf, wantsColour} from './io.ts';
import {explainUnreadable, NotReadable} from './not-readable.ts';
import type {PlanDocument} from './plan/document.ts';
import {isPlanFile, planJson} from './plan/file.ts';
import {planMarkdown} from './plan/markdown.ts';
import {planText} from './plan/text.ts';
import {preparePlan} from './prepare.ts';
import {say} from './say.ts';
import {Secrets} from './secrets.ts';

export interface PlanFlags extends ConfigFlags {
  readonly format: 'text' | 'json' | 'markdown';
  readonly revision?: string;
  readonly base?: string;
  readonly out?: string;
  /** The time that it is planned for, in place of now: epoch milliseconds. */
  readonly asOf?: number;
  /** End with 0 where something would be done: for scripts that end at any other code. */
  readonly exitZero: boolean;
}

/** How a plan ends: not whole, invalid, forbidden, asking for what can never be, with something to do, or with nothing. */
export const planExit = ({anyway, changes, diagnostics, problems, summary}: PlanDocument): ExitCode => {
  if (problems.some(({code}) => code === 'live-not-read')) return EXIT.failed;
  if (diagnostics.length > 0) return EXIT.invalid;
  if (problems.length > 0) return EXIT.guarded;
  if (summary.errors > 0) return EXIT.invalid;
  const acts = [...changes, ...anyway].some(({effect}) => effect !== 'none');
  return acts || summary.stuck > 0 ? EXIT.differs : EXIT.ok;
};

const show = (plan: PlanDocument, {format}: PlanFlags, io: Io): void => {
  if (format === 'json') print(io.stdout, planJson(plan));
  else if (format === 'markdown') print(io.stdout, planMarkdown(plan));
  else {
    const style = {colour: wantsColour(io.stdout, io.env), reader: readerOf(io, systemClock.now())};
    print(io.stdout, planText(plan, style));
  }
};

/** Why a plan is not to be saved there: something else would be lost. */
const occupied = (file: string): string | undefined => {
  if (!existsSync(file)) return undefined;
  if (!statSync(file).isFile()) return `${file} is no file`;
  return isPlanFile(readFileSync(file, 'utf8'))
    ? undefined
    : `${file} is there, and is no plan: not overwritten`;
};

const freshFile = (file: string): string => `${file}.${process.pid}`;

/** Why nothing can be saved there; found out by trying, before anything is read. */
const unwritable = (file: string): string | undefined => {
  try {
    writeFileSync(freshFile(file), '', {mode: 0o600});
    rmSync(freshFile(file), {force: true});
    return undefined;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const why = code === 'ENOENT' ? 'its folder does not exist' : errorText(error);
    return `the plan cannot be saved to ${file}: ${why}`;
  }
};

/** Saves a plan that can be applied; one with errors, or that is not whole, is not worth a file. */
const save = (plan: PlanDocument, file: string, io: Io): void => {
  if (plan.problems.length > 0 || plan.summary.errors > 0) {
    const older = existsSync(file) ? ` (the plan that is there is an older one)` : '';
    print(io.stderr, `not saved to ${file}${older}: mend what is wrong first`);
    return;
  }
  const fresh = freshFile(file);
  writeFileSync(fresh, planJson(plan), {mode: 0o600});
  renameSync(fresh, file);
  print(io.stderr, `saved to ${file}; to do just this: rollcall apply ${file}`);
  const {anyway} = plan.summary;
  if (anyway > 0) print(io.stderr, `the ${anyway} that would happen anyway are not part of it`);
};

const tellDiagnostics = ({anywayDiagnostics, diagnostics}: PlanDocument, io: Io): void => {
  if (diagnostics.length > 0) printDiagnostics(diagnostics, io);
  if (anywayDiagnostics.length > 0) {
    print(io.stderr, 'Not from this change, and holding their own campaigns alone:');
    printDiagnostics(anywayDiagnostics, io);
  }
};

const publish = (plan: PlanDocument, flags: PlanFlags, io: Io): ExitCode => {
  show(plan, flags, io);
  if (flags.format === 'text') tellDiagnostics(plan, io);
  for (const {message} of plan.problems) print(io.stderr, `rollcall: ${message}`);
  if (flags.out !== undefined) save(plan, flags.out, io);
  const code = planExit(plan);
  return code === EXIT.differs && flags.exitZero ? EXIT.ok : code;
};

/** `rollcall plan`: what a revision would do to the live campaigns. Only reads. */
export const plan = (flags: PlanFlags, io: Io): Promise<ExitCode> =>
  withConfigured(flags, io, async config => {
    try {
      const {asOf, base, out, revision} = flags;
      const taken = out === undefined ? undefined : (occupied(out) ?? unwritable(out));
      if (taken !== undefined) throw new NotReadable(taken);
      const options = {
        revision: revision ?? null,
        ...(base !== undefined && {base}),
        ...(asOf !== undefined && {asOf}),
      };
      const prepared = await preparePlan(config, options, new Secrets(io.env), io);
      if (io.stopping.aborted) throw new NotReadable('told to stop: no plan was made');
      if ('plan' in prepared) return publish(prepared.plan, flags, io);
      printDiagnostics(prepared.diagnostics, io);
    } catch (error) {
      say(io, `rollcall: ${explainUnreadable(error)}`);
    }
    return EXIT.failed;
  });
