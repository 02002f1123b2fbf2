import {writeFileSync} from 'node:fs';
import {type ConfigFlags, configured, printDiagnostics} from './configured.ts';
import {explainUnreadable} from './declared.ts';
import {EXIT, type ExitCode, type Io, print, wantsColour} from './io.ts';
import type {PlanDocument} from './plan/document.ts';
import {planJson} from './plan/file.ts';
import {planMarkdown} from './plan/markdown.ts';
import {planText} from './plan/text.ts';
import {preparePlan} from './prepare.ts';
import {Secrets} from './secrets.ts';

export interface PlanFlags extends ConfigFlags {
  readonly format: 'text' | 'json' | 'markdown';
  readonly revision?: string;
  readonly base?: string;
  readonly out?: string;
}

/** How a plan ends: not whole, forbidden, invalid, with something to do, or with nothing. */
export const planExit = ({anyway, changes, problems, summary}: PlanDocument): ExitCode => {
  if (problems.some(({code}) => code === 'live-not-read')) return EXIT.failed;
  if (problems.length > 0) return EXIT.guarded;
  if (summary.errors > 0) return EXIT.invalid;
  const differs = [...changes, ...anyway].some(({effect, state}) => effect !== 'none' || DIFFERS.has(state));
  return differs ? EXIT.differs : EXIT.ok;
};

/** States in which nothing is sent, and live is all the same not what Git wants. */
const DIFFERS: ReadonlySet<string> = new Set(['pending', 'drifted', 'held', 'unrecognised']);

const show = (plan: PlanDocument, {format}: PlanFlags, io: Io): void => {
  if (format === 'json') print(io.stdout, planJson(plan));
  else if (format === 'markdown') print(io.stdout, planMarkdown(plan));
  else print(io.stdout, planText(plan, wantsColour(io.stdout, io.env)));
};

/** Saves a plan that can be applied; one with errors, or that is not whole, is not worth a file. */
const save = (plan: PlanDocument, file: string, io: Io): boolean => {
  if (plan.problems.length > 0 || plan.summary.errors > 0) {
    print(io.stderr, `not saved to ${file}: mend what is wrong first`);
    return true;
  }
  try {
    writeFileSync(file, planJson(plan), {mode: 0o600});
    print(io.stderr, `saved to ${file}; to do just this: rollcall apply ${file}`);
    return true;
  } catch (error) {
    print(
      io.stderr,
      `rollcall: the plan could not be saved: ${error instanceof Error ? error.message : error}`,
    );
    return false;
  }
};

const tellDiagnostics = ({anywayDiagnostics, diagnostics}: PlanDocument, io: Io): void => {
  if (diagnostics.length > 0) printDiagnostics(diagnostics, io);
  if (anywayDiagnostics.length > 0) {
    print(io.stderr, 'Not from this change, and holding their own campaigns alone:');
    printDiagnostics(anywayDiagnostics, io);
  }
};

/** `rollcall plan`: what a revision would do to the live campaigns. Only reads. */
export const plan = async (flags: PlanFlags, io: Io): Promise<ExitCode> => {
  const config = configured(flags, io);
  if (!config) return EXIT.failed;
  try {
    const options = {
      revision: flags.revision ?? null,
      ...(flags.base !== undefined && {base: flags.base}),
    };
    const prepared = await preparePlan(config, options, new Secrets(io.env), io);
    if ('diagnostics' in prepared) {
      printDiagnostics(prepared.diagnostics, io);
      return EXIT.failed;
    }
    show(prepared.plan, flags, io);
    if (flags.format === 'text') tellDiagnostics(prepared.plan, io);
    for (const {message} of prepared.plan.problems) print(io.stderr, `rollcall: ${message}`);
    if (flags.out !== undefined && !save(prepared.plan, flags.out, io)) return EXIT.failed;
    return planExit(prepared.plan);
  } catch (error) {
    print(io.stderr, `rollcall: ${explainUnreadable(error)}`);
    return EXIT.failed;
  }
};
