import type {Diagnostic} from '../../domain/diagnostic.ts';
import type {Note} from '../../domain/notes.ts';
import type {ProposedChange} from '../../domain/proposed-change.ts';
import {shortRevision} from '../../domain/revision.ts';
import {timeIn, withTimesIn} from '../../domain/time.ts';
import {AHEAD_TITLES, type AheadView, aheadLine} from './ahead.ts';
import {isWhole, LIMIT_EXCEEDED, type PlanDocument, type PlanProblem} from './document.ts';
import {coverage, headline, retirable, revisionName, whyLines} from './headline.ts';
import {safeCode, safeText} from './safe.ts';

/** What a comment on GitHub holds, in characters; measured here in bytes, which are never fewer. */
export const COMMENT_LIMIT = 65_536;

const LONGEST_WARNING = 1000;

/** A part of the page whose rows may be left out, the last ones first, where there is no room for all. */
interface Section {
  readonly before: string;
  readonly rows: readonly string[];
  readonly after: string;
}

const MARKS = {info: '', warning: '⚠️ ', error: '❌ '} as const;
const SYMBOLS = {cancel: '⛔', pause: '⏸️', resume: '▶️'} as const;

/** A comment is read in many zones, and long after it was written: its times are in UTC. */
const ZONE = 'UTC';

const sentence = (text: string): string => safeText(withTimesIn(text, ZONE));

const noteText = ({message, severity}: Note): string => `${MARKS[severity]}${sentence(message)}`;

const placeOf = ({source}: ProposedChange): string =>
  source ? safeCode(`${source.file}:${source.line}`) : '';

const campaignCell = ({campaignId, name, workspace}: ProposedChange): string =>
  `${safeCode(`${workspace}/${name}`)}<br>${safeCode(campaignId)}`;

const movement = ({desired, live}: ProposedChange): string =>
  `${safeCode(live ?? 'unknown')} → ${safeCode(desired ?? 'unmanaged')}`;

const stepsCell = ({effect, steps}: ProposedChange): string => {
  if (effect === 'error') return '❌ never';
  if (steps.length === 0) return 'none';
  const actions = steps.map(step => `${SYMBOLS[step]} **${step}**`).join(', ');
  return effect === 'later' ? `${actions}<br>⏳ later` : actions;
};

const why = (change: ProposedChange): string =>
  [...change.notes.map(noteText), ...whyLines(change).map(sentence)].join('<br>');

const row = (change: ProposedChange): string =>
  `| ${stepsCell(change)} | ${campaignCell(change)} | ${movement(change)} | ${why(change)} | ${placeOf(change)} |\n`;

const TABLE = '| Steps | Campaign | Live → desired | What it means | Declared in |\n|---|---|---|---|---|\n';

const tableOf = (heading: string, changes: readonly ProposedChange[], after = '\n'): Section[] =>
  changes.length === 0 ? [] : [{before: `${heading}\n\n${TABLE}`, rows: changes.map(row), after}];

const folded = (heading: string, changes: readonly ProposedChange[]): Section[] =>
  tableOf(`<details><summary>${heading}</summary>`, changes, '\n</details>\n\n');

const problemRow = ({message}: PlanProblem): string => `- ❌ ${safeText(message, LONGEST_WARNING)}\n`;

const diagnosticRow = ({code, column, file, hint, line, message}: Diagnostic): string =>
  `- ❌ ${safeCode(`${file}:${line}:${column}`)} ${safeText(message)} ${safeCode(code)}${
    hint === undefined ? '' : `<br>${safeText(hint)}`
  }\n`;

const aheadRow = (item: AheadView['comes'][number]): string => `- ${safeText(aheadLine(item, ZONE))}\n`;

const listOf = (heading: string, rows: readonly string[], after = '\n'): Section[] =>
  rows.length === 0 ? [] : [{before: `${heading}\n\n`, rows, after}];

const irreversibleIn = (changes: readonly ProposedChange[]): string => {
  const cancels = changes.filter(({steps}) => steps.includes('cancel')).length;
  return cancels === 0 ? '' : `, ⛔ ${cancels} of them cannot be undone`;
};

/** The page in the order of its weight: what must not be overlooked comes first, and is left out last. */
const sections = (plan: PlanDocument): Section[] => {
  const {anyway, anywayDiagnostics: invalidBefore, changes, problems} = plan;
  const stopped = problems.filter(({code}) => code === LIMIT_EXCEEDED);
  const gaps = problems.filter(({code}) => code !== LIMIT_EXCEEDED);
  const withError = changes.filter(({effect}) => effect === 'error');
  const cancels = changes.filter(({steps}) => steps.includes('cancel'));
  const others = changes.filter(({steps}) => steps.length > 0 && !steps.includes('cancel'));
  const still = changes.filter(({effect}) => effect === 'none');
  const title = cancels.length > 0 ? 'Other actions' : plan.base ? 'This change' : 'Changes';
  return [
    ...listOf('#### The plan is not whole', gaps.map(problemRow)),
    ...listOf('#### ⛔ Stopped by a limit', stopped.map(problemRow)),
    ...listOf(`#### Invalid declarations (${plan.diagnostics.length})`, plan.diagnostics.map(diagnosticRow)),
    ...tableOf(`#### ❌ Can never come true (${withError.length})`, withError),
    ...tableOf(
      `> [!CAUTION]\n> **${cancels.length === 1 ? '1 campaign is' : `${cancels.length} campaigns are`} cancelled, which cannot be undone.**`,
      cancels,
    ),
    ...tableOf(`#### ${title} (${others.length})`, others),
    ...tableOf(
      `#### Not from this change (${anyway.length}${irreversibleIn(anyway)})\n\nIt is the same with and without this change.`,
      anyway,
    ),
    ...listOf(`#### ${AHEAD_TITLES.comes}`, (plan.ahead?.comes ?? []).map(aheadRow)),
    ...listOf(`#### ${AHEAD_TITLES.goes}`, (plan.ahead?.goes ?? []).map(aheadRow)),
    ...folded(`No action needed (${still.length})`, still),
    ...listOf(
      `<details><summary>Invalid already, and not from this change (${invalidBefore.length})</summary>`,
      invalidBefore.map(diagnosticRow),
      '\n</details>\n\n',
    ),
  ];
};

const bytes = (text: string): number => Buffer.byteLength(text);

const omitted = (count: number): string =>
  `\n**… and ${count} more, for which there is no room here. \`rollcall plan\` shows all.**\n`;
const ROOM_FOR_OMITTED = bytes(omitted(1_000_000)) + 1;

/** Takes rows while there is room; says how many had to be left out. */
const fitted = ({after, before, rows}: Section, room: number): string => {
  const fixed = bytes(before) + bytes(after) + ROOM_FOR_OMITTED;
  let left = room - fixed;
  const taken = rows.findIndex(line => {
    left -= bytes(line);
    return left < 0;
  });
  if (taken === -1) return before + rows.join('') + after;
  return before + rows.slice(0, taken).join('') + omitted(rows.length - taken) + after;
};

const frame = (section: Section): number => bytes(section.before) + bytes(section.after) + ROOM_FOR_OMITTED;

const fitAll = (parts: readonly Section[], limit: number): string => {
  let page = '';
  for (const [index, section] of parts.entries()) {
    const reserved = parts.slice(index + 1).reduce((sum, later) => sum + frame(later), 0);
    page += fitted(section, limit - bytes(page) - reserved);
  }
  return page;
};

const footer = (plan: PlanDocument, head: string | undefined): string => {
  const {asOf, base, createdAt, platform, revision, summary} = plan;
  const planned = asOf === null ? '' : `, planned for ${timeIn(Date.parse(asOf), ZONE)}`;
  const much = isWhole(plan) ? ` ${coverage(plan)}` : '';
  const of = head === undefined ? '' : `Head ${safeCode(shortRevision(head))}: `;
  const against = base ? `, compared with ${safeCode(revisionName(base))}` : '';
  const retired = summary.completed > 0 ? ` ${retirable(summary.completed)}` : '';
  return `<sub>${of}${safeCode(revisionName(revision))}${against}; live statuses of ${safeCode(platform)} as of ${timeIn(Date.parse(createdAt), ZONE)}${planned}.${much}${retired}</sub>\n`;
};

/** How a plan is to be shown. */
export interface MarkdownOptions {
  /** The most bytes; rows that find no room are counted instead. */
  readonly limit?: number;
  /** The commit at the head of the pull request, where the plan is of its merge. */
  readonly head?: string | undefined;
  /** Said above everything else. */
  readonly warning?: string | undefined;
}

/**
 * A plan as a comment on a pull request: the headline, what cannot come true, what cannot be undone, then the
 * rest. Whatever was written by somebody else shows as text, whatever it holds.
 */
export const planMarkdown = (
  plan: PlanDocument,
  {head, limit = COMMENT_LIMIT, warning}: MarkdownOptions = {},
): string => {
  const caution = warning === undefined ? '' : `> [!WARNING]\n> ${safeText(warning, LONGEST_WARNING)}\n\n`;
  const top = `### Rollcall plan: ${safeText(headline(plan))}\n\n${caution}`;
  const end = footer(plan, head);
  return top + fitAll(sections(plan), limit - bytes(top) - bytes(end)) + end;
};
