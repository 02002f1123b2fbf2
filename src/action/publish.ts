import {appendFileSync} from 'node:fs';
import {type Io, print} from '../cli/io.ts';
import type {PlanDocument} from '../cli/plan/document.ts';
import {githubAnnotation, plain, workflowCommand} from '../cli/render.ts';
import type {Diagnostic} from '../domain/diagnostic.ts';
import type {ProposedChange} from '../domain/proposed-change.ts';
import {systemToken} from '../system.ts';

/** A job's summary holds 1 MiB for each step; this leaves room for what else the step may write. */
export const SUMMARY_LIMIT = 1_000_000;

const append = (file: string | undefined, text: string): void => {
  if (file) appendFileSync(file, text);
};

/** Adds to the job's summary. */
export const writeSummary = (markdown: string, {env}: Io): void =>
  append(env['GITHUB_STEP_SUMMARY'], `${markdown}\n`);

/** Sets the action's outputs: whole numbers, and nothing else. */
export const writeOutputs = (
  outputs: {readonly changes: number; readonly irreversible: number; readonly errors: number},
  {env}: Io,
): void => {
  const lines = Object.entries(outputs).map(([name, value]) => `${name}=${value}\n`);
  append(env['GITHUB_OUTPUT'], lines.join(''));
};

export const annotateDiagnostics = (diagnostics: readonly Diagnostic[], {stdout}: Io): void => {
  for (const diagnostic of diagnostics) print(stdout, githubAnnotation(diagnostic));
};

export const annotate = (level: 'error' | 'warning' | 'notice', text: string, {stdout}: Io): void =>
  print(stdout, workflowCommand(level, {title: 'Rollcall'}, plain(text)));

const onItsLine = (
  level: 'error' | 'warning',
  {campaignId, name, notes, source, workspace}: ProposedChange,
  title: string,
): string => {
  const text = notes.map(({message}) => message).join('; ');
  return workflowCommand(
    level,
    {...(source && {file: source.file, line: source.line}), title},
    plain(`${workspace}/${name} (${campaignId}): ${text}`),
  );
};

/** Puts what cannot come true, and what cannot be undone, on the line of the file that asks for it. */
export const annotatePlan = ({changes, diagnostics}: PlanDocument, io: Io): void => {
  annotateDiagnostics(diagnostics, io);
  for (const change of changes) {
    if (change.effect === 'error') print(io.stdout, onItsLine('error', change, 'Can never come true'));
    if (change.steps.includes('cancel'))
      print(io.stdout, onItsLine('warning', change, 'Cancels: cannot be undone'));
  }
};

/** Prints text in which the runner looks for no commands, whatever it holds. */
export const printText = (text: string, {stdout}: Io): void => {
  const token = systemToken();
  print(stdout, `::stop-commands::${token}\n${text}\n::${token}::`);
};
