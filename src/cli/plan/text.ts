import type {Note} from '../../domain/notes.ts';
import type {ProposedChange} from '../../domain/proposed-change.ts';
import {plain, type Style, styled} from '../render.ts';
import type {PlanDocument} from './document.ts';
import {coverage, headline, readableTime, retirable, revisionName, whyLines} from './headline.ts';

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

const details = (change: ProposedChange, colour: boolean): string[] => {
  const {notes, source} = change;
  return [
    ...notes.map(({message, severity}) =>
      styled(`${MARKS[severity]} ${plain(message)}`, NOTE_COLOURS[severity], colour),
    ),
    ...whyLines(change).map(plain),
    ...(source ? [styled(plain(`${source.file}:${source.line}`), 'dim', colour)] : []),
  ];
};

const entry = (change: ProposedChange, colour: boolean): string => {
  const {style, text} = label(change);
  const {campaignId, name, workspace} = change;
  const who = styled(plain(`${workspace}/${name}`), 'bold', colour);
  const first = `  ${styled(text.padEnd(8), style, colour)}  ${who} (${plain(campaignId)}): ${plain(movement(change))}`;
  return [first, ...details(change, colour).map(line => INDENT + line)].join('\n');
};

const section = (title: string, changes: readonly ProposedChange[], colour: boolean): string[] =>
  changes.length === 0
    ? []
    : [[styled(title, 'bold', colour), ...changes.map(change => entry(change, colour))].join('\n')];

/** A plan for a terminal: what it is of, each campaign with what it means, and a summary line. */
export const planText = (plan: PlanDocument, colour: boolean): string => {
  const {anyway, base, changes, createdAt, revision, summary} = plan;
  const against = base ? `, compared with ${plain(revisionName(base))}` : '';
  const title = `Plan for ${plain(revisionName(revision))}${against}; live statuses as of ${readableTime(createdAt)}`;
  const retired = summary.completed > 0 ? [retirable(summary.completed)] : [];
  return [
    title,
    ...section(base ? 'This change:' : 'Changes:', changes, colour),
    ...section('Not from this change, the same with and without it:', anyway, colour),
    ...(plan.problems.length === 0 ? [[coverage(plan), ...retired].join('\n')] : []),
    styled(`Plan: ${headline(plan)}.`, 'bold', colour),
  ].join('\n\n');
};
