import type {CampaignState} from './finding.ts';

export type ConditionType = 'Ready' | 'Reconciling' | 'Stalled';

/** As in Kubernetes: what is so, since when (epoch milliseconds), a word for machines, a sentence for people. */
export interface Condition {
  readonly type: ConditionType;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
  readonly lastTransitionAt: number;
}

/** Something that keeps the source or a workspace from being read. `stalls`: only a person can mend it. */
export interface Trouble {
  readonly reason: string;
  readonly message: string;
  readonly stalls: boolean;
}

/** Campaigns by state; a state that none is in may be left out. */
export type Summary = Readonly<Partial<Record<CampaignState, number>>>;

/** All that the conditions follow from. */
export interface Circumstances {
  /** A revision has been read, and each workspace has ended a pass. */
  readonly started: boolean;
  readonly troubles: readonly Trouble[];
  readonly summary: Summary;
  readonly diagnostics: number;
  /** Actions that the passes now under way still have before them. */
  readonly actionsLeft: number;
}

type Verdict = Pick<Condition, 'status' | 'reason' | 'message'>;

/** What keeps Rollcall from being ready, the gravest first: states, reason, and what to say of the number. */
const SHORTCOMINGS: readonly {states: readonly CampaignState[]; reason: string; message: string}[] = [
  {states: ['invalid'], reason: 'InvalidDeclarations', message: 'held by an invalid declaration'},
  {states: ['failed'], reason: 'ActionsFailed', message: 'whose action failed and will be tried again'},
  {
    states: ['terminal', 'missing', 'unrecognised'],
    reason: 'Refused',
    message: 'that can not become what Git wants: cancelled, missing, or in an unrecognised status',
  },
  {states: ['unknown'], reason: 'LiveUnknown', message: 'whose live status could not be read'},
  {states: ['drifted'], reason: 'Drifted', message: 'changed behind Git’s back'},
  {states: ['pending'], reason: 'Progressing', message: 'not yet where Git wants it'},
];

const count = (summary: Summary, states: readonly CampaignState[]): number =>
  states.reduce((sum, state) => sum + (summary[state] ?? 0), 0);

const campaigns = (n: number): string => (n === 1 ? '1 campaign' : `${n} campaigns`);

const ready = ({started, troubles, summary, diagnostics}: Circumstances): Verdict => {
  const [trouble] = troubles;
  if (trouble) return {status: 'False', reason: trouble.reason, message: trouble.message};
  if (!started) return {status: 'Unknown', reason: 'Starting', message: 'the first pass has not ended'};
  const found = SHORTCOMINGS.find(({states}) => count(summary, states) > 0);
  if (found) {
    const message = `${campaigns(count(summary, found.states))} ${found.message}`;
    return {status: 'False', reason: found.reason, message};
  }
  if (diagnostics > 0) {
    return {
      status: 'False',
      reason: 'InvalidDeclarations',
      message: `problems in the declarations: ${diagnostics}`,
    };
  }
  return {status: 'True', reason: 'Succeeded', message: 'every campaign is as Git wants it'};
};

const reconciling = ({started, actionsLeft}: Circumstances): Verdict => {
  if (!started) return {status: 'True', reason: 'Starting', message: 'the first pass is under way'};
  if (actionsLeft === 0) return {status: 'False', reason: 'Idle', message: 'nothing to do now'};
  return {status: 'True', reason: 'Progressing', message: `actions left in this pass: ${actionsLeft}`};
};

const stalled = ({troubles}: Circumstances): Verdict => {
  const stalling = troubles.find(trouble => trouble.stalls);
  return stalling
    ? {status: 'True', reason: stalling.reason, message: stalling.message}
    : {status: 'False', reason: 'NotStalled', message: 'nothing waits for a person'};
};

/**
 * Derives the three conditions. A condition keeps the time of its last transition while its status stays
 * the same.
 *
 * @param now epoch milliseconds
 */
export const conditions = (
  circumstances: Circumstances,
  previous: readonly Condition[],
  now: number,
): readonly Condition[] => {
  const verdicts: readonly [ConditionType, Verdict][] = [
    ['Ready', ready(circumstances)],
    ['Reconciling', reconciling(circumstances)],
    ['Stalled', stalled(circumstances)],
  ];
  return verdicts.map(([type, verdict]) => {
    const before = previous.find(condition => condition.type === type);
    const same = before?.status === verdict.status;
    return {type, ...verdict, lastTransitionAt: same ? before.lastTransitionAt : now};
  });
};
