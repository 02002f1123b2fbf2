import type {CampaignKey, Declaration} from './campaign.ts';
import {campaignKey} from './campaign.ts';
import {compareText, type Diagnostic} from './diagnostic.ts';
import type {Finding} from './finding.ts';
import {
  declaredChange,
  type Effect,
  effectOf,
  invalidChange,
  isDeclared,
  outcomeOf,
  type ProposedChange,
  removedChange,
  type Sides,
} from './proposed-change.ts';
import {isSameCalendar} from './same-wish.ts';
import {type CampaignState, STATES} from './states.ts';
import {ACTIONS, type Action} from './transitions.ts';

/** What a revision does, parted into what it brings and what would happen without it all the same. */
export interface Proposal {
  readonly changes: readonly ProposedChange[];
  readonly anyway: readonly ProposedChange[];
  /** Campaigns that ran their course: their files can be retired. */
  readonly completed: number;
  /** Campaigns that the revision declares. */
  readonly declared: number;
  /** Live campaigns that are not over, and that it does not declare. */
  readonly unmanaged: number;
}

/** Counts of a proposal, for a headline and for machines. */
export interface ProposalSummary {
  /** Campaigns that would be acted on now, by the first action. Each campaign counts in one place. */
  readonly pause: number;
  readonly cancel: number;
  readonly resume: number;
  /** Actions that cannot be undone: the cancels. */
  readonly irreversible: number;
  /** Campaigns that would be acted on only when their hold ends. */
  readonly later: number;
  /** Campaigns that this change declares otherwise, and that are in place. */
  readonly noAction: number;
  readonly errors: number;
  /** What would happen without this change too: campaigns that would be acted on. */
  readonly anyway: number;
  /** Campaigns that differ and to which nothing is sent: held, or only to be reported. */
  readonly stuck: number;
  readonly completed: number;
  readonly declared: number;
  readonly unmanaged: number;
}

const isStuck = ({state}: {readonly state: CampaignState}): boolean => STATES[state].stuck === true;

const withoutPlace = (declaration: Declaration | undefined): string =>
  JSON.stringify({
    ...declaration,
    source: undefined,
    opening: undefined,
    freezes: declaration?.freezes?.map(freeze => ({...freeze, source: undefined})),
  });

const isTouched = (before: Declaration | undefined, after: Declaration | undefined): boolean =>
  withoutPlace(before) !== withoutPlace(after) || (before && after ? !isSameCalendar(before, after) : false);

const byKey = (findings: readonly Finding[]): Map<CampaignKey, Finding> =>
  new Map(findings.map(finding => [campaignKey(finding.workspace, finding.campaignId), finding]));

const ACTION_ORDER: readonly Action[] = ['cancel', ...ACTIONS.filter(action => action !== 'cancel')];

/** What cannot come true first, then what cannot be undone, then the other actions, then the rest. */
const rank = ({effect, steps: [step]}: ProposedChange): number => {
  if (effect === 'error') return -1;
  return step === undefined ? ACTION_ORDER.length : ACTION_ORDER.indexOf(step);
};

const forReading = (a: ProposedChange, b: ProposedChange): number =>
  rank(a) - rank(b) || compareText(a.workspace, b.workspace) || compareText(a.name, b.name);

/** True where something would be sent, now or later, that is not any more. */
const prevents = (before: Finding | undefined, now: number): boolean =>
  isDeclared(before) && ['act', 'later'].includes(effectOf(before, now));

type Placed = {readonly in: 'changes' | 'anyway'; readonly change: ProposedChange};

const place = (sides: Sides, told: ReadonlySet<string>): Placed | undefined => {
  const {after, before, compared, now} = sides;
  if (!isDeclared(after)) {
    return isDeclared(before) && before.state !== 'invalid'
      ? {in: 'changes', change: removedChange(before, now)}
      : undefined;
  }
  if (after.state === 'invalid') {
    const isNew = compared && before?.state !== 'invalid';
    const isTold = told.has(after.source?.file ?? '') && !prevents(before, now);
    return isNew && !isTold ? {in: 'changes', change: invalidChange(after, sides)} : undefined;
  }
  const differs = effectOf(after, now) !== 'none' || isStuck(after);
  if (!compared) return differs ? {in: 'changes', change: declaredChange(after, sides)} : undefined;
  const brings = outcomeOf(after, now) !== outcomeOf(before, now);
  if (differs && !brings) {
    return {in: 'anyway', change: declaredChange(after, {...sides, before: after})};
  }
  const touched = isTouched(before?.declaration, after.declaration);
  return differs || (touched && (brings || after.state !== 'completed'))
    ? {in: 'changes', change: declaredChange(after, sides)}
    : undefined;
};

/**
 * Compares what a revision would do with what its base would do, over one reading of the live campaigns. What
 * both would do alike is none of the revision's doing. Without a base everything is a change.
 *
 * @param now epoch milliseconds
 * @param told files whose problems are told by themselves: their campaigns are, where something would have been sent to them
 */
export const propose = (
  after: readonly Finding[],
  before: readonly Finding[] | undefined,
  now: number,
  told: ReadonlySet<string> = new Set(),
): Proposal => {
  const [head, base] = [byKey(after), byKey(before ?? [])];
  const placed = [...new Set([...head.keys(), ...base.keys()])].flatMap(key => {
    const sides = {after: head.get(key), before: base.get(key), compared: before !== undefined, now};
    return place(sides, told) ?? [];
  });
  const of = (side: Placed['in']): ProposedChange[] =>
    placed.flatMap(item => (item.in === side ? [item.change] : [])).toSorted(forReading);
  const changes = of('changes');
  const isOver = ({state}: {state: CampaignState}): boolean => state === 'completed';
  return {
    changes,
    anyway: of('anyway'),
    completed: after.filter(isOver).length - changes.filter(isOver).length,
    declared: after.filter(isDeclared).length,
    unmanaged: after.filter(({state}) => state === 'unmanaged').length,
  };
};

/** What an error is told of: a campaign, where it is known which, or a line of a file. */
const subjectOf = ({campaignId, file, line, workspace}: Diagnostic): string =>
  workspace !== undefined && campaignId !== undefined
    ? campaignKey(workspace, campaignId)
    : `${file}:${line}`;

/** Campaigns, and places in files, with something wrong; each counts once, however much is wrong with it. */
const errorsIn = (changes: readonly ProposedChange[], diagnostics: readonly Diagnostic[]): number => {
  const wrong = changes.filter(({effect}) => effect === 'error');
  return new Set([
    ...wrong.map(({campaignId, workspace}) => campaignKey(workspace, campaignId) as string),
    ...diagnostics.map(subjectOf),
  ]).size;
};

/** Counts what a proposal holds. Invalid declarations count as errors. */
export const summariseProposal = (
  {anyway, changes, completed, declared: declarations, unmanaged}: Proposal,
  diagnostics: readonly Diagnostic[],
): ProposalSummary => {
  const starting = (action: Action): number =>
    changes.filter(({effect, steps: [first]}) => effect === 'act' && first === action).length;
  const ofEffect = (effect: Effect): number => changes.filter(change => change.effect === effect).length;
  return {
    pause: starting('pause'),
    cancel: starting('cancel'),
    resume: starting('resume'),
    irreversible: changes.filter(({steps}) => steps.includes('cancel')).length,
    later: ofEffect('later'),
    noAction: changes.filter(change => change.effect === 'none' && !isStuck(change)).length,
    errors: errorsIn(changes, diagnostics),
    anyway: anyway.filter(({steps}) => steps.length > 0).length,
    stuck: [...changes, ...anyway].filter(change => change.effect === 'none' && isStuck(change)).length,
    completed,
    declared: declarations,
    unmanaged,
  };
};
