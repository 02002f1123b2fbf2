/** How a command ends that leaves a campaign in a state; the gravest of all campaigns counts. */
export type Ending = 'ok' | 'differs' | 'invalid' | 'failed';

/** Why Rollcall is not ready while a campaign is in a state: a word for machines, and what is said of the number. */
export interface Shortcoming {
  readonly reason: string;
  readonly message: string;
  /** It is being mended. */
  readonly underWay?: true;
}

const INVALID: Shortcoming = {reason: 'InvalidDeclarations', message: 'held by an invalid declaration'};
const FAILED: Shortcoming = {
  reason: 'ActionsFailed',
  message: 'whose action failed and has to be tried again',
};
const REFUSED: Shortcoming = {
  reason: 'Refused',
  message: 'that can not become what Git wants: cancelled, missing, or in an unrecognised status',
};
const UNREAD: Shortcoming = {reason: 'LiveUnknown', message: 'whose live status could not be read'};
const DRIFTED: Shortcoming = {
  reason: 'Drifted',
  message: 'changed behind Git’s back, and to be corrected',
  underWay: true,
};
const PROGRESSING: Shortcoming = {
  reason: 'Progressing',
  message: 'not yet where Git wants it',
  underWay: true,
};

interface StateRow {
  readonly ending: Ending;
  readonly style: 'green' | 'yellow' | 'red' | 'cyan' | 'dim';
  readonly shortcoming?: Shortcoming;
  /** Live is not what Git wants, and no action mends it, now or ever. */
  readonly stuck?: true;
}

/** Everything that a state means, wherever it is asked: a row a state. */
const ROWS = {
  satisfied: {ending: 'ok', style: 'green'},
  awaiting: {ending: 'ok', style: 'green'},
  pending: {ending: 'differs', style: 'yellow', shortcoming: PROGRESSING, stuck: true},
  drifted: {ending: 'differs', style: 'yellow', shortcoming: DRIFTED, stuck: true},
  completed: {ending: 'ok', style: 'dim'},
  terminal: {ending: 'differs', style: 'red', shortcoming: REFUSED},
  held: {ending: 'differs', style: 'cyan', stuck: true},
  invalid: {ending: 'invalid', style: 'red', shortcoming: INVALID},
  missing: {ending: 'differs', style: 'red', shortcoming: REFUSED},
  unmanaged: {ending: 'ok', style: 'dim'},
  unrecognised: {ending: 'differs', style: 'red', shortcoming: REFUSED, stuck: true},
  failed: {ending: 'failed', style: 'red', shortcoming: FAILED},
  unknown: {ending: 'failed', style: 'red', shortcoming: UNREAD, stuck: true},
} as const satisfies Readonly<Record<string, StateRow>>;

/** The state of a campaign, as reports and metrics name it. */
export type CampaignState = keyof typeof ROWS;
export const CAMPAIGN_STATES = Object.keys(ROWS) as readonly CampaignState[];

export const STATES: Readonly<Record<CampaignState, StateRow>> = ROWS;

/** What keeps Rollcall from being ready, the gravest first. */
export const SHORTCOMINGS: readonly Shortcoming[] = [INVALID, FAILED, REFUSED, UNREAD, DRIFTED, PROGRESSING];

const GRAVITY: readonly Ending[] = ['ok', 'differs', 'invalid', 'failed'];

/** The gravest ending of campaigns in these states, and of what else there is. */
export const gravestEnding = (states: Iterable<CampaignState>, other: Ending = 'ok'): Ending => {
  let gravest = GRAVITY.indexOf(other);
  for (const state of states) gravest = Math.max(gravest, GRAVITY.indexOf(STATES[state].ending));
  return GRAVITY[gravest] ?? 'ok';
};
