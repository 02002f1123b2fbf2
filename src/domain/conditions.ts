import {
  type Condition,
  type ConditionType,
  INVALID,
  LIMIT_EXCEEDED,
  type Trouble,
  troubleText,
} from './condition.ts';
import {RESTRAINTS, type Restrained, type RestraintReason, restrainedTotal} from './restraint.ts';
import {CAMPAIGN_STATES, type CampaignState, SHORTCOMINGS, type Shortcoming, STATES} from './states.ts';
import {MOST_NAMED, type Summary, type Tally} from './tally.ts';
import {counted} from './text.ts';

/** All that the conditions follow from. */
export interface Circumstances {
  /** A revision has been read, and each workspace has ended a pass. */
  readonly started: boolean;
  /** A revision is being taken into force: some of what is known is what it says, and some what the one before said. */
  readonly adopting: boolean;
  readonly troubles: readonly Trouble[];
  readonly tally: Tally;
  readonly diagnostics: number;
  /** Actions that the passes now under way still have before them. */
  readonly actionsLeft: number;
  /** What keeps messages from their receivers; undefined where nobody is to be notified. */
  readonly undelivered?: readonly string[] | undefined;
}

type Verdict = Pick<Condition, 'status' | 'reason' | 'message'>;

/** What the campaigns are short of, the gravest first: how many are, in which states. */
const shortcomings = (summary: Summary): {shortcoming: Shortcoming; number: number}[] =>
  SHORTCOMINGS.map(shortcoming => ({
    shortcoming,
    number: count(
      summary,
      CAMPAIGN_STATES.filter(state => STATES[state].shortcoming === shortcoming),
    ),
  })).filter(({number}) => number > 0);

const count = (summary: Summary, states: readonly CampaignState[]): number =>
  states.reduce((sum, state) => sum + (summary[state] ?? 0), 0);

const campaigns = (n: number): string => counted(n, 'campaign');

/** All that is wrong, the first few in words: one that is down is no reason to be silent of the others. */
const allOf = (texts: readonly string[], all = texts.length): string => {
  const more = all - Math.min(texts.length, MOST_NAMED);
  return texts.slice(0, MOST_NAMED).join('; ') + (more > 0 ? `; and ${more} more` : '');
};

/** How many differ, and are not only to be reported. */
const moving = ({detected, restrained, summary}: Tally): number =>
  Math.max(0, count(summary, ['drifted', 'pending']) - detected - restrainedTotal(restrained));

/** What is under way. */
const underWay = (tally: Tally): Verdict | undefined => {
  const number = moving(tally);
  if (number === 0) return undefined;
  const found = shortcomings(tally.summary).find(({shortcoming}) => shortcoming.underWay)?.shortcoming;
  return found && {status: 'False', reason: found.reason, message: `${campaigns(number)} ${found.message}`};
};

const ADOPTING = {reason: 'Progressing', message: 'a revision is being taken into force'};

const ready = ({adopting, started, troubles, tally: all, diagnostics}: Circumstances): Verdict => {
  const {summary} = all;
  const [trouble] = troubles;
  if (trouble) return {status: 'False', reason: trouble.reason, message: allOf(troubles.map(troubleText))};
  if (!started) return {status: 'Unknown', reason: 'Starting', message: 'the first pass has not ended'};
  if (adopting) return {status: 'False', ...ADOPTING};
  const found = shortcomings(summary).find(({shortcoming}) => !shortcoming.underWay);
  if (found) {
    const {number, shortcoming} = found;
    return {
      status: 'False',
      reason: shortcoming.reason,
      message: `${campaigns(number)} ${shortcoming.message}`,
    };
  }
  if (diagnostics > 0) {
    return {
      status: 'False',
      reason: INVALID,
      message: `problems in the declarations: ${diagnostics}`,
    };
  }
  const {limits} = all;
  if (limits.length > 0) return {status: 'False', reason: LIMIT_EXCEEDED, message: allOf(limits)};
  const changing = underWay(all);
  if (changing) return changing;
  const except =
    all.detected + restrainedTotal(all.restrained) + (summary.held ?? 0) > 0
      ? ', but for those that are not to be corrected'
      : '';
  return {status: 'True', reason: 'Succeeded', message: `every campaign is as Git wants it${except}`};
};

const differs = (n: number): string => (n === 1 ? 'that differs and is' : 'that differ and are');

const reconciling = ({adopting, started, actionsLeft, tally}: Circumstances): Verdict => {
  if (!started) return {status: 'True', reason: 'Starting', message: 'the first pass is under way'};
  if (adopting) return {status: 'True', ...ADOPTING};
  const waiting = moving(tally);
  if (actionsLeft === 0 && waiting > 0)
    return {
      status: 'True',
      reason: 'Progressing',
      message: `${campaigns(waiting)} ${differs(waiting)} to be corrected`,
    };
  if (actionsLeft === 0) return {status: 'False', reason: 'Idle', message: 'nothing to do now'};
  return {status: 'True', reason: 'Progressing', message: `actions left in this pass: ${actionsLeft}`};
};

const stalled = ({tally: {limits, lost, summary}, troubles}: Circumstances): Verdict => {
  const stalling = troubles.filter(trouble => trouble.stalls);
  const [first] = stalling;
  if (first) return {status: 'True', reason: first.reason, message: allOf(stalling.map(troubleText))};
  if (limits.length > 0) return {status: 'True', reason: LIMIT_EXCEEDED, message: allOf(limits)};
  const terminal = summary.terminal ?? 0;
  if (terminal > 0)
    return {
      status: 'True',
      reason: 'Terminal',
      message: `${campaigns(terminal)} that only a person can settle: ${allOf(lost, terminal)}`,
    };
  return {status: 'False', reason: 'NotStalled', message: 'nothing waits for a person'};
};

const KEPT_REASONS: Readonly<Record<RestraintReason, string>> = {
  contested: 'Contested',
  limited: LIMIT_EXCEEDED,
  stale: 'StaleResume',
  frozen: 'Frozen',
};

/** The gravest of what keeps campaigns. */
const keptReason = (restrained: Restrained): string =>
  KEPT_REASONS[RESTRAINTS.find(reason => restrained[reason] > 0) ?? 'frozen'];

const uncorrected = ({tally: {detected, restrained, summary}}: Circumstances): Verdict => {
  const held = summary.held ?? 0;
  const {contested, frozen, limited, stale} = restrained;
  const kept = restrainedTotal(restrained);
  if (detected + held + kept === 0)
    return {status: 'False', reason: 'NoneUncorrected', message: 'every difference is being corrected'};
  const parts = [
    [detected, 'only reported (mode detect)'],
    [held, 'held'],
    [contested, 'not resumed, since somebody works against Git'],
    [limited, 'stopped by a limit'],
    [stale, 'not resumed, since what they are due for is too long ago'],
    [frozen, 'frozen'],
  ] as const;
  const message = parts
    .flatMap(([number, why]) => (number > 0 ? [`${campaigns(number)} ${differs(number)} ${why}`] : []))
    .join('; ');
  if (kept > 0) return {status: 'True', reason: keptReason(restrained), message};
  const reason = detected > 0 && held > 0 ? 'DetectOnlyAndHeld' : detected > 0 ? 'DetectOnly' : 'Held';
  return {status: 'True', reason, message};
};

const undelivered = (troubles: readonly string[]): Verdict =>
  troubles.length === 0
    ? {status: 'False', reason: 'NoneUndelivered', message: 'every receiver takes messages'}
    : {status: 'True', reason: 'ReceiverFailing', message: allOf(troubles)};

/**
 * Derives the conditions. A condition keeps the time of its last transition while its status stays
 * the same.
 *
 * @param now epoch milliseconds
 */
export const conditions = (
  circumstances: Circumstances,
  previous: readonly Condition[],
  now: number,
): readonly Condition[] => {
  const verdicts: readonly (readonly [ConditionType, Verdict])[] = [
    ['Ready', ready(circumstances)],
    ['Reconciling', reconciling(circumstances)],
    ['Stalled', stalled(circumstances)],
    ['Uncorrected', uncorrected(circumstances)],
    ...(circumstances.undelivered
      ? ([['Undelivered', undelivered(circumstances.undelivered)]] as const)
      : []),
  ];
  return verdicts.map(([type, verdict]) => {
    const before = previous.find(condition => condition.type === type);
    const same = before?.status === verdict.status;
    return {type, ...verdict, lastTransitionAt: same ? before.lastTransitionAt : now};
  });
};
