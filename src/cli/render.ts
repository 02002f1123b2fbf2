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

/** Text from outside, made safe for a terminal: no control characters, no change of direction. */
export const plain = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ');

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

/** One problem in two lines: where and what, then what to do. */
export const diagnosticText = (
  {code, column, file, hint, line, message}: Diagnostic,
  colour: boolean,
): string => {
  const where = styled(`${plain(file)}:${line}:${column}`, 'bold', colour);
  const advice = hint === undefined ? '' : `\n    ${plain(hint)}`;
  return `${where}: ${styled('error', 'red', colour)}: ${plain(message)} [${code}]${advice}`;
};

const escaped = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const escapedProperty = (text: string): string => escaped(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

/** A workflow command that puts the problem on the line of the file in a pull request. */
export const githubAnnotation = ({code, column, file, hint, line, message}: Diagnostic): string => {
  const text = hint === undefined ? message : `${message}: ${hint}`;
  return `::error file=${escapedProperty(file)},line=${line},col=${column},title=${escapedProperty(code)}::${escaped(text)}`;
};
