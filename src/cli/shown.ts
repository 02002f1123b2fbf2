import {stringify} from 'yaml';
import type {Revision} from '../controller/ports.ts';
import {nearest} from '../document/nearest.ts';
import type {Finding} from '../domain/finding.ts';
import type {Report} from '../domain/report.ts';
import {shortRevision} from '../domain/revision.ts';
import {isSelected, nameMatcher, namesOf, type Selection} from '../domain/selection.ts';
import {gravestEnding} from '../domain/states.ts';
import {summaryOf, summaryText} from '../domain/tally.ts';
import {oneLine, toJson} from '../domain/text.ts';
import {rfc3339, timeFor} from '../domain/time.ts';
import {byName, type CampaignView} from '../domain/view.ts';
import {systemClock} from '../system.ts';
import {describeCampaign, type Following} from './describe.ts';
import type {GET_FORMATS} from './formats.ts';
import {EXIT, type ExitCode, type Io, print, readerOf, wantsColour, widthOf} from './io.ts';
import {campaignTable, plain} from './render.ts';
import {say} from './say.ts';

/** How campaigns are printed. */
interface GetFlags {
  readonly format: (typeof GET_FORMATS)[number];
}

/** From where campaigns are. */
export interface Seen {
  readonly revision: Revision | undefined;
  viewOf(finding: Finding): CampaignView;
  /** What follows from the one campaign that is told whole. */
  followingOf(finding: Finding): Following;
}

/** What was found when somebody looked. */
export interface Looked {
  readonly all: readonly Finding[];
  readonly seen: Seen;
  /** What kept something from being read, in words. */
  readonly troubles: readonly string[];
  /** What stops actions as a whole, in words. */
  readonly stopped: readonly string[];
  readonly diagnostics: Report['diagnostics'];
}

/** Looks how campaigns are now. */
export type Look = () => Promise<Looked>;

/** What was read, and which of it is asked for. */
export interface Shown {
  readonly findings: readonly Finding[];
  readonly names: readonly string[];
}

const document = ({findings}: Shown, {revision, viewOf}: Seen) => ({
  apiVersion: 'rollcall.dev/v1',
  kind: 'CampaignList',
  revision: revision?.id ?? null,
  observedAt: rfc3339(systemClock.now()),
  items: findings.toSorted(byName).map(viewOf),
});

/** Texts of others as they may stand in YAML, which shows every character as it is. */
const shownSafely = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (_key, inner) => (typeof inner === 'string' ? oneLine(inner) : inner));

/** One campaign, asked for by its name, is told whole. */
const isOne = ({findings, names}: Shown): boolean =>
  names.length === 1 && findings.length === 1 && !/[*?]/.test(names[0] ?? '');

/** Prints campaigns as they are asked for. */
export const show = (shown: Shown, seen: Seen, {format}: GetFlags, io: Io): void => {
  const {findings} = shown;
  const reader = readerOf(io, systemClock.now());
  const colour = wantsColour(io.stdout, io.env);
  const [only] = findings;
  if (format === 'json') print(io.stdout, toJson(document(shown, seen), 2));
  else if (format === 'yaml') print(io.stdout, stringify(shownSafely(document(shown, seen))));
  else if (format === 'name')
    for (const {name, workspace} of findings.toSorted(byName))
      print(io.stdout, plain(`${workspace}/${name}`));
  else if (format === 'table' && only && isOne(shown))
    print(io.stdout, describeCampaign(only, seen.followingOf(only), seen.viewOf(only), {colour, reader}));
  else {
    const width = format === 'wide' ? undefined : widthOf(io.stdout);
    print(io.stdout, campaignTable(findings, {colour, reader, width, wide: format === 'wide'}));
  }
};

/** Which revision was read, and when. */
const provenance = ({revision}: Seen, io: Io): string => {
  const reader = readerOf(io, systemClock.now());
  const id = revision ? shortRevision(revision.id) : '';
  const subject = revision?.subject === undefined ? '' : ` «${revision.subject}»`;
  const author = revision?.author === undefined ? '' : ` by ${revision.author}`;
  const committed = revision?.committedAt === undefined ? '' : `, ${timeFor(revision.committedAt, reader)}`;
  return plain(`revision ${id}${subject}${author}${committed}; read ${timeFor(reader.now, reader)}`);
};

const tellUnknown = (name: string, all: readonly Finding[], troubled: boolean, io: Io): void => {
  if (troubled) {
    say(io, `rollcall: no such campaign among what could be read: ${JSON.stringify(name)}`);
    return;
  }
  const near = nearest(name, [...new Set(all.flatMap(namesOf))]);
  const hint = near === undefined ? '' : `; did you mean ${near}?`;
  say(io, `rollcall: no such campaign: ${JSON.stringify(name)}${hint}`);
};

/** Those of all campaigns that are asked for; of names that none has, it is said. */
export const select = (
  all: readonly Finding[],
  names: readonly string[],
  {isTroubled, selection}: {readonly isTroubled: boolean; readonly selection: Selection},
  io: Io,
): Shown & {unknown: boolean} => {
  const matchers = names.map(name => ({name, matches: nameMatcher(name)}));
  const unknown = matchers.filter(({matches}) => !all.some(matches));
  for (const {name} of unknown) tellUnknown(name, all, isTroubled, io);
  const findings = all.filter(
    finding =>
      isSelected(finding, selection) &&
      (names.length === 0 || matchers.some(({matches}) => matches(finding))),
  );
  return {findings, names, unknown: unknown.length > 0};
};

/** Prints what was asked for, and from where it is. */
export const tell = (
  shown: Shown & {readonly unknown: boolean},
  seen: Seen,
  flags: GetFlags,
  io: Io,
): void => {
  if (shown.findings.length > 0 || shown.names.length === 0) show(shown, seen, flags, io);
  if (flags.format !== 'table' && flags.format !== 'wide') return;
  if (!isOne(shown) && !shown.unknown) print(io.stderr, summaryText(summaryOf(shown.findings)));
  print(io.stderr, provenance(seen, io));
};

/** How a command ends that showed these campaigns. */
export const exitFor = ({findings}: Shown, invalid: boolean): ExitCode =>
  EXIT[
    gravestEnding(
      findings.map(({state}) => state),
      invalid ? 'invalid' : 'ok',
    )
  ];

/** The campaigns that are not as they were when this was last asked. */
export class Changed {
  readonly #last = new Map<string, string>();

  /** True once anything was asked. */
  get isBegun(): boolean {
    return this.#last.size > 0;
  }

  of(findings: readonly Finding[], {viewOf}: Seen): readonly Finding[] {
    return findings.filter(finding => {
      const key = `${finding.workspace}/${finding.campaignId}`;
      const now = JSON.stringify(viewOf(finding));
      const differs = this.#last.get(key) !== now;
      this.#last.set(key, now);
      return differs;
    });
  }
}
