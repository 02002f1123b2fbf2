import {styleText} from 'node:util';
import type {Summary} from '../domain/conditions.ts';
import type {Diagnostic} from '../domain/diagnostic.ts';
import {CAMPAIGN_STATES, type CampaignState, type Finding, statusWord} from '../domain/finding.ts';
import {byName} from '../domain/view.ts';

export type Style = Parameters<typeof styleText>[0];

const STYLES: Readonly<Record<CampaignState, Style>> = {
  satisfied: 'green',
  awaiting: 'green',
  pending: 'yellow',
  drifted: 'yellow',
  completed: 'dim',
  terminal: 'red',
  held: 'cyan',
  invalid: 'red',
  missing: 'red',
  unmanaged: 'dim',
  unrecognised: 'red',
  failed: 'red',
  unknown: 'red',
};

export const styled = (text: string, style: Style, colour: boolean): string =>
  colour ? styleText(style, text, {validateStream: false}) : text;

/** What a workflow's runner takes for a command: `::` at the start of a line, `##[` anywhere in it. */
const RUNNER_COMMAND = /^\s*::|##\[/g;

/**
 * Text from outside, made safe for a terminal and for the log of a workflow: no control characters, no change of
 * direction, and nothing that a runner obeys.
 */
export const plain = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').replace(RUNNER_COMMAND, mark => [...mark].join(' '));

/** Columns that line up; the last is not padded. */
export const table = (rows: readonly (readonly string[])[]): string => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => (row[column] ?? '').length)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
      .join('  ');
  return rows.map(row => line(row).trimEnd()).join('\n');
};

const HEADER = ['WORKSPACE', 'NAME', 'CAMPAIGN', 'DESIRED', 'LIVE', 'STATE', 'REASON'];

/** Every campaign as a row, by workspace and name. */
export const campaignTable = (findings: readonly Finding[], colour: boolean): string => {
  const sorted = findings.toSorted(byName);
  const rows = sorted.map(({campaignId, desired, live, name, reason, state, workspace}) =>
    [workspace, name, campaignId, desired ?? '-', live ? statusWord(live) : '-', state, reason].map(plain),
  );
  const [header = '', ...lines] = table([HEADER, ...rows]).split('\n');
  const coloured = lines.map((line, index) =>
    styled(line, STYLES[sorted[index]?.state ?? 'unknown'], colour),
  );
  return [styled(header, 'bold', colour), ...coloured].join('\n');
};

/** Counts by state, as in `3 satisfied, 1 drifted`. */
export const summaryLine = (summary: Summary): string => {
  const parts = CAMPAIGN_STATES.flatMap(state => (summary[state] ? [`${summary[state]} ${state}`] : []));
  return parts.length > 0 ? parts.join(', ') : 'no campaigns';
};

/** Gives the line that a problem stands on, where it can still be read. */
export type LineOf = (place: {readonly file: string; readonly line: number}) => string | undefined;

/** Characters that take two cells of a terminal, and such as take none. */
const WIDE =
  /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|\p{Emoji_Presentation}/u;
const NO_WIDTH = /\p{Mn}|\p{Me}/u;

const cells = (text: string): number =>
  [...text].reduce((sum, character) => {
    if (NO_WIDTH.test(character)) return sum;
    return sum + (WIDE.test(character) ? 2 : 1);
  }, 0);

const LONGEST_LINE = 120;
const BEFORE_CARET = 60;

/** One cell for each character that would move or end the line, or that a runner obeys: the caret stays in its column. */
const onOneLine = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ').replaceAll('##[', '# [');

/** The line of a problem, with a caret below its column; a long line is cut to what surrounds it. */
const excerpt = (line: string, {column, line: number}: Diagnostic, colour: boolean): string => {
  const start = column <= LONGEST_LINE ? 0 : column - BEFORE_CARET;
  const shown = onOneLine(line.slice(start, start + LONGEST_LINE));
  const before = cells(shown.slice(0, column - 1 - start));
  const gutter = String(number);
  return [
    `${styled(`  ${gutter} |`, 'dim', colour)} ${shown}`,
    `${styled(`  ${' '.repeat(gutter.length)} |`, 'dim', colour)} ${' '.repeat(before)}${styled('^', 'red', colour)}`,
  ].join('\n');
};

/** One problem: where and what; the line with a caret, where it is at hand; and what to do. */
export const diagnosticText = (diagnostic: Diagnostic, colour: boolean, source?: string): string => {
  const {code, column, file, hint, line, message} = diagnostic;
  const where = styled(`${plain(file)}:${line}:${column}`, 'bold', colour);
  return [
    `${where}: ${styled('error', 'red', colour)}: ${plain(message)} [${code}]`,
    ...(source?.trim() ? [excerpt(source, diagnostic, colour)] : []),
    ...(hint === undefined ? [] : [`    ${plain(hint)}`]),
  ].join('\n');
};

const escaped = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const escapedProperty = (text: string): string => escaped(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

/** Where an annotation stands, and what is above it. */
export interface Annotated {
  readonly file?: string;
  readonly line?: number;
  readonly col?: number;
  readonly title: string;
}

/** A workflow command that GitHub shows as an annotation; nothing in it can end it or start another. */
export const workflowCommand = (
  level: 'error' | 'warning' | 'notice',
  {col, file, line, title}: Annotated,
  message: string,
): string => {
  const properties = Object.entries({file, line, col, title}).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${escapedProperty(String(value))}`],
  );
  return `::${level} ${properties.join(',')}::${escaped(message)}`;
};

/** A workflow command that puts the problem on the line of the file in a pull request. */
export const githubAnnotation = ({code, column, file, hint, line, message}: Diagnostic): string =>
  workflowCommand(
    'error',
    {file, line, col: column, title: code},
    hint === undefined ? message : `${message}: ${hint}`,
  );
