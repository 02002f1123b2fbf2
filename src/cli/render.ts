import {styleText} from 'node:util';
import type {Diagnostic} from '../domain/diagnostic.ts';
import type {Finding} from '../domain/finding.ts';
import {statusWord} from '../domain/reasons.ts';
import {STATES} from '../domain/states.ts';
import {oneLine, sameColumns} from '../domain/text.ts';
import {type Reader, relativeTime, withTimesFor} from '../domain/time.ts';
import {byName} from '../domain/view.ts';
import {cells} from './cells.ts';
import {tableRows} from './table.ts';

export type Style = Parameters<typeof styleText>[0];

export const styled = (text: string, style: Style, colour: boolean): string =>
  colour ? styleText(style, text, {validateStream: false}) : text;

/** What a workflow's runner takes for a command: `::` at the start of a line, `##[` anywhere in it. */
const RUNNER_COMMAND = /^\s*::|##\[/g;

/**
 * Text from outside, made safe for a terminal and for the log of a workflow: no control characters, no change of
 * direction, and nothing that a runner obeys.
 */
export const plain = (text: string): string =>
  oneLine(text).replace(RUNNER_COMMAND, mark => [...mark].join(' '));

const HEADER = ['WORKSPACE', 'NAME', 'CAMPAIGN', 'DESIRED', 'LIVE', 'STATE', 'REASON'];
const WIDE_HEADER = [...HEADER.slice(0, -1), 'MODE', 'CHANGED BY', 'CHANGED', 'SOURCE', 'REASON'];

/** How a table of campaigns is shown. */
export interface TableStyle {
  readonly colour: boolean;
  readonly reader: Reader;
  /** With who changed it and when, its mode and its file. */
  readonly wide?: boolean;
  /** How many cells a line may have; undefined where nothing is cut. */
  readonly width?: number | undefined;
}

const wideCells = (
  {liveUpdatedAt, liveUpdatedBy, mode, source}: Finding,
  {now}: Reader,
): readonly string[] => [
  mode,
  liveUpdatedBy ?? '-',
  liveUpdatedAt === undefined ? '-' : relativeTime(liveUpdatedAt, now),
  source ? `${source.file}:${source.line}` : '-',
];

/** One campaign as the cells of a row. */
const campaignCells = (finding: Finding, {reader, wide}: TableStyle): string[] => {
  const {campaignId, desired, live, name, reason, state, workspace} = finding;
  const known = [workspace, name, campaignId, desired ?? '-', live ? statusWord(live) : '-', state];
  const more = wide ? wideCells(finding, reader) : [];
  return [...known, ...more, withTimesFor(reason, reader)].map(plain);
};

/** Every campaign as a row, by workspace and name. */
export const campaignTable = (findings: readonly Finding[], style: TableStyle): string => {
  const sorted = findings.toSorted(byName);
  const rows = sorted.map(finding => campaignCells(finding, style));
  const [header = '', ...lines] = tableRows([style.wide ? WIDE_HEADER : HEADER, ...rows], style.width);
  const coloured = lines.map((line, index) =>
    styled(line, STATES[sorted[index]?.state ?? 'unknown'].style, style.colour),
  );
  return [styled(header, 'bold', style.colour), ...coloured].join('\n');
};

/** Gives the line that a problem stands on, where it can still be read. */
export type LineOf = (place: {readonly file: string; readonly line: number}) => string | undefined;

const LONGEST_LINE = 120;
const BEFORE_CARET = 60;

/** One cell for each character that would move or end the line, or that a runner obeys: the caret stays in its column. */
const onOneLine = (text: string): string => sameColumns(text).replaceAll('##[', '# [');

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

/** How grave something is that is told of a file. */
export type Severity = 'error' | 'warning';

/** One problem: where and what; the line with a caret, where it is at hand; and what to do. */
export const diagnosticText = (
  diagnostic: Diagnostic,
  colour: boolean,
  source?: string,
  severity: Severity = 'error',
): string => {
  const {code, column, file, hint, line, message} = diagnostic;
  const where = styled(`${plain(file)}:${line}:${column}`, 'bold', colour);
  return [
    `${where}: ${styled(severity, severity === 'error' ? 'red' : 'yellow', colour)}: ${plain(message)} [${code}]`,
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
export const githubAnnotation = (
  {code, column, file, hint, line, message}: Diagnostic,
  severity: Severity = 'error',
): string =>
  workflowCommand(
    severity,
    {file, line, col: column, title: code},
    hint === undefined ? message : `${message}: ${hint}`,
  );
