import type {Note} from '../../domain/notes.ts';
import type {ProposedChange} from '../../domain/proposed-change.ts';
import {type Reader, timeFor, withTimesFor} from '../../domain/time.ts';
import {plain, type Style, styled} from '../render.ts';
import {AHEAD_TITLES, type AheadView, aheadLine} from './ahead.ts';
import {isWhole, type PlanDocument} from './document.ts';
import {coverage, headline, retirable, revisionName, whyLines} from './headline.ts';

const SYMBOLS = {cancel: '✗', pause: '‖', resume: '►'} as const;
const COLOURS: Readonly<Record<string, Style>> = {cancel: 'red', pause: 'yellow', resume: 'green'};
const MARKS = {info: '·', warning: '!', error: '✗'} as const;
const NOTE_COLOURS: Readonly<Record<Note['severity'], Style>> = {
  info: 'dim',
  warning: 'yellow',
  error: 'red',
};

const INDENT = '      ';

const label = ({effect, steps: [step]}: ProposedChange): {text: string; style: Style} => {
  if (effect === 'error') return {text: '✗ never', style: 'red'};
  if (step === undefined) return {text: '  none', style: 'dim'};
  return {text: `${SYMBOLS[step]} ${step}`, style: COLOURS[step] ?? 'bold'};
};

const movement = ({desired, live}: ProposedChange): string =>
  `${live ?? 'unknown'} → ${desired ?? 'unmanaged'}`;

/** How a plan is shown to whoever sits at a terminal. */
export interface PlanTextStyle {
  readonly colour: boolean;
  readonly reader: Reader;
}

const details = (change: ProposedChange, {colour, reader}: PlanTextStyle): string[] => {
  const {notes, source} = change;
  const shown = (text: string): string => plain(withTimesFor(text, reader));
  return [
    ...notes.map(({message, severity}) =>
      styled(`${MARKS[severity]} ${shown(message)}`, NOTE_COLOURS[severity], colour),
    ),
    ...whyLines(change).map(shown),
    ...(source ? [styled(plain(`${source.file}:${source.line}`), 'dim', colour)] : []),
  ];
};

const entry = (change: ProposedChange, style: PlanTextStyle): string => {
  const {colour} = style;
  const {style: labelStyle, text} = label(change);
  const {campaignId, name, workspace} = change;
  const who = styled(plain(`${workspace}/${name}`), 'bold', colour);
  const first = `  ${styled(text.padEnd(8), labelStyle, colour)}  ${who} (${plain(campaignId)}): ${plain(movement(change))}`;
  return [first, ...details(change, style).map(line => INDENT + line)].join('\n');
};

const section = (title: string, changes: readonly ProposedChange[], style: PlanTextStyle): string[] =>
  changes.length === 0
    ? []
    : [[styled(title, 'bold', style.colour), ...changes.map(change => entry(change, style))].join('\n')];

/** How many lines of what comes later are shown. */
const MOST_AHEAD = 20;

const aheadSection = (
  title: string,
  items: AheadView['comes'],
  {colour, reader}: PlanTextStyle,
): string[] => {
  if (items.length === 0) return [];
  const lines = items.slice(0, MOST_AHEAD).map(item => `  ${plain(aheadLine(item, reader.timezone))}`);
  const more = items.length > MOST_AHEAD ? [`  and ${items.length - MOST_AHEAD} more`] : [];
  return [[styled(`${title}:`, 'bold', colour), ...lines, ...more].join('\n')];
};

/** A plan for a terminal: what it is of, each campaign with what it means, and a summary line. */
export const planText = (plan: PlanDocument, style: PlanTextStyle): string => {
  const {colour, reader} = style;
  const {anyway, asOf, base, changes, createdAt, revision, summary} = plan;
  const planned = asOf === null ? '' : `, planned for ${timeFor(Date.parse(asOf), reader)}`;
  const against = base ? `, compared with ${plain(revisionName(base))}` : '';
  const title = `Plan for ${plain(revisionName(revision))}${against}; live statuses as of ${timeFor(Date.parse(createdAt), reader)}${planned}`;
  const retired = summary.completed > 0 ? [retirable(summary.completed)] : [];
  return [
    title,
    ...section(base ? 'This change:' : 'Changes:', changes, style),
    ...section('Not from this change, the same with and without it:', anyway, style),
    ...aheadSection(AHEAD_TITLES.comes, plan.ahead?.comes ?? [], style),
    ...aheadSection(AHEAD_TITLES.goes, plan.ahead?.goes ?? [], style),
    ...(isWhole(plan) ? [[coverage(plan), ...retired].join('\n')] : []),
    styled(`Plan: ${headline(plan)}.`, 'bold', colour),
  ].join('\n\n');
};
