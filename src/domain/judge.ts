import {type Cause, causeOf, type Past, relate} from './assess.ts';
import type {Declaration, LiveCampaign, Mode} from './campaign.ts';
import type {Claim} from './declarations.ts';
import type {Pair} from './diff.ts';
import type {Outcome} from './outcome.ts';
import {frozen, type Restraint} from './restraint.ts';
import {dueSince, type Freshness, type Resume, staleSince} from './stale.ts';
import type {CampaignState} from './states.ts';
import {type Action, isTerminal, type Status} from './transitions.ts';
import {wantedAt} from './wanted.ts';

/** What is so of one campaign, and what is to be done about it: without a word for people. */
export interface Verdict {
  readonly state: CampaignState;
  /** The mode in force; `detect` never acts. */
  readonly mode: Mode;
  readonly steps: readonly Action[];
  /** Set where live differs from Git in a way that an action could mend. */
  readonly cause?: Cause;
  /** Epoch milliseconds before which nothing is tried again. */
  readonly retryAt?: number;
  /** When its resume becomes too old to be sent, where one is due. Epoch milliseconds. */
  readonly staleAt?: number;
  /** What keeps it from being resumed, though it differs and somebody might mend that. */
  readonly restraint?: Restraint;
}

/** What a verdict follows from, besides the pair itself. */
export interface Circumstance {
  /** The workspace's mode, which a declaration overrides. */
  readonly mode: Mode;
  readonly now: number;
  readonly past: Past;
  /** How long before its edge a closing begins: milliseconds. */
  readonly lead?: number;
  /** What keeps a resume, where something does. */
  readonly restraint?: Restraint | undefined;
  /** What stops actions of a kind as a whole, but for those of a timetable. */
  readonly limited?: Readonly<Partial<Record<Action, Restraint>>>;
  /** When a resume is too old to be sent; undefined where none ever is. */
  readonly freshness?: Freshness | undefined;
  /** The last outcome, where it keeps the campaign waiting. */
  readonly trouble?: Extract<Outcome, {retryAt: number}>;
}

const NO_STEPS: readonly Action[] = [];

/** One value for all campaigns of a state and mode, since most of a hundred thousand are alike. */
const still = (mode: Mode): Readonly<Record<CampaignState, Verdict>> =>
  Object.fromEntries(
    [
      'satisfied',
      'awaiting',
      'completed',
      'terminal',
      'invalid',
      'missing',
      'unmanaged',
      'unrecognised',
      'unknown',
    ].map(state => [state, {state, mode, steps: NO_STEPS}]),
  ) as Record<CampaignState, Verdict>;

const STILL: Readonly<Record<Mode, Readonly<Record<CampaignState, Verdict>>>> = {
  enforce: still('enforce'),
  detect: still('detect'),
};

/** True while a hold keeps a campaign as it is. */
const isHeld = ({hold}: Declaration, now: number): boolean =>
  hold !== undefined && (hold.until === undefined || hold.until > now);

/** When a resume becomes too old to be sent; undefined for another action, and where none ever does. */
const staleAt = (difference: Resume, step: Action | undefined, {freshness, now}: Circumstance) =>
  step === 'resume' && freshness ? dueSince(difference, freshness, now) + freshness.maxAge : undefined;

/** What keeps an action that would mend a difference, where something does. */
const restrained = (
  {cause, declaration}: Resume,
  step: Action | undefined,
  stale: number | undefined,
  {freshness, limited, now, restraint}: Circumstance,
): Restraint | undefined => {
  const freeze = frozen(declaration.freezes, step, now);
  if (freeze) return freeze;
  if (step === 'resume' && restraint) return restraint;
  if (freshness && stale !== undefined && stale <= now)
    return staleSince(stale - freshness.maxAge, freshness.maxAge);
  return step && cause !== 'timetable' ? limited?.[step] : undefined;
};

const act = (
  difference: Resume,
  steps: readonly Action[],
  mode: Mode,
  circumstance: Circumstance,
): Verdict => {
  const {cause, declaration} = difference;
  const {now, trouble} = circumstance;
  const state = cause === 'drifted' ? cause : 'pending';
  if (isHeld(declaration, now)) return {state: 'held', mode, steps, cause};
  if (mode === 'detect') return {state, mode, steps, cause};
  const stale = staleAt(difference, steps[0], circumstance);
  const restraint = restrained(difference, steps[0], stale, circumstance);
  if (restraint) return {state, mode, steps, cause, restraint};
  const ages = stale === undefined ? {} : {staleAt: stale};
  if (trouble) return {state: 'failed', mode, steps, cause, ...ages, retryAt: trouble.retryAt};
  return {state, mode, steps, cause, ...ages};
};

const compared = (
  declaration: Declaration,
  live: LiveCampaign,
  status: Status,
  mode: Mode,
  circumstance: Circumstance,
): Verdict => {
  const wanted = wantedAt(declaration, circumstance);
  const relation = relate(wanted.desired, status);
  switch (relation.kind) {
    case 'satisfied':
      return STILL[mode].satisfied;
    case 'awaiting':
      return STILL[mode].awaiting;
    case 'act':
      return act(
        {cause: causeOf(wanted, live.updatedAt, circumstance.past), declaration, live, wanted},
        relation.steps,
        mode,
        circumstance,
      );
    case 'refused':
      return relation.why === 'completed' ? STILL[mode].completed : STILL[mode].terminal;
  }
};

const declared = (claim: Claim, {observation}: Pair, circumstance: Circumstance): Verdict => {
  if (claim.kind === 'invalid') return STILL[circumstance.mode].invalid;
  const mode = claim.declaration.mode ?? circumstance.mode;
  if (!observation || observation.kind === 'unreadable') return STILL[mode].unknown;
  if (observation.kind === 'missing') return STILL[mode].missing;
  const {status} = observation.campaign;
  if ('unrecognised' in status) return STILL[mode].unrecognised;
  return compared(claim.declaration, observation.campaign, status.known, mode, circumstance);
};

/** True where an undeclared campaign is worth a person's look: it may still call somebody. */
const stillRuns = ({observation}: Pair): boolean =>
  observation?.kind === 'seen' &&
  !('known' in observation.campaign.status && isTerminal(observation.campaign.status.known));

/**
 * Judges one campaign. Undefined for one that Git does not declare and that is over, or gone: there is nothing to say
 * of it.
 */
export const judge = (pair: Pair, circumstance: Circumstance): Verdict | undefined => {
  if (pair.claim) return declared(pair.claim, pair, circumstance);
  return stillRuns(pair) ? STILL[circumstance.mode].unmanaged : undefined;
};
