import type {Cause, Past} from './assess.ts';
import type {Declaration, Hold, LiveCampaign, LiveStatus} from './campaign.ts';
import type {Pair} from './diff.ts';
import type {Circumstance, Verdict} from './judge.ts';
import type {CampaignState} from './states.ts';
import {rfc3339} from './time.ts';
import {AUTOMATIC} from './transitions.ts';
import {closedText, type Wanted, wantedAt} from './wanted.ts';

/** What one workspace knows besides the pair itself. */
export interface Context extends Circumstance {
  readonly workspace: string;
  /** What kept the workspace as a whole from being read, where something did. */
  readonly unread?: string;
  /** The workspace has yet to be read whole since the revision came: until then nothing is resumed. */
  readonly resumesWait?: true;
}

/** A status as a word, whether it is known or not. */
export const statusWord = (status: LiveStatus): string =>
  'known' in status ? status.known : status.unrecognised;

/** Who changed a campaign and when, as far as the platform says. */
export const changedBy = (live: LiveCampaign): string =>
  `${live.updatedBy ?? 'somebody unnamed'} at ${rfc3339(live.updatedAt)}`;

/** What is said after a name that may stand for Rollcall itself: nobody is blamed on a guess. */
export const PERHAPS_OWN = ', which may have been Rollcall itself before it was started anew';

/** The same, and whether it was Rollcall itself, as far as that is known. */
const movedBy = (live: LiveCampaign, {own, perhapsOwn}: Past): string => {
  if (own) return `Rollcall itself, as an earlier revision asked, at ${rfc3339(live.updatedAt)}`;
  return `${changedBy(live)}${perhapsOwn ? PERHAPS_OWN : ''}`;
};

/** Why a campaign is held, by whom and until when. */
export const holdText = ({owner, reason, until}: Hold): string => {
  const parts = [owner ?? '', until === undefined ? '' : `until ${rfc3339(until)}`].filter(Boolean);
  return parts.length === 0 ? reason : `${reason} (${parts.join(', ')})`;
};

/** What Git asks for now: with why, where its timetable has a say. */
const askedText = (declaration: Declaration, wanted: Wanted): string =>
  wanted.closed === undefined
    ? `Git asks for ${wanted.desired}`
    : `Git asks for ${wanted.desired} now: ${closedText(declaration, wanted)}`;

const setBackText = ({updatedAt}: LiveCampaign): string =>
  `the platform shows it as of ${rfc3339(updatedAt)}, and showed a later change before: it was set back, or its answers lag`;

const whyItDiffers = (
  declaration: Declaration,
  live: LiveCampaign,
  cause: Cause,
  context: Pick<Context, 'past' | 'now' | 'lead'>,
): string => {
  const {past, ...when} = context;
  const wanted = wantedAt(declaration, when);
  if (past.setBack) return `${askedText(declaration, wanted)}; ${setBackText(live)}`;
  if (cause === 'timetable' && wanted.closed === undefined)
    return `its timetable opened at ${rfc3339(wanted.since ?? when.now)}: Git asks for ${wanted.desired}`;
  if (cause !== 'drifted') return askedText(declaration, wanted);
  const {desired} = wanted;
  const drifted = `drifted from ${desired} to ${statusWord(live.status)}, changed by ${movedBy(live, past)}`;
  return wanted.closed === undefined ? drifted : `${drifted}; ${closedText(declaration, wanted)}`;
};

const WAITS_FOR_READING =
  '; waits until every campaign of the workspace has been read since the revision came, so that pauses go first';

/** Why a campaign that differs is not corrected just now, where something keeps it. */
const whatKeepsIt = (
  {hold}: Declaration,
  {mode, restraint, state, steps}: Verdict,
  {resumesWait, trouble}: Context,
): string => {
  if (state === 'held' && hold) return `; held: ${holdText(hold)}`;
  if (state === 'failed' && trouble) return `; ${trouble.action} ${trouble.kind}: ${trouble.message}`;
  if (mode === 'detect') return '; detect only';
  if (restraint) return `; ${restraint.message}`;
  return resumesWait && steps[0] === 'resume' ? WAITS_FOR_READING : '';
};

/** What is said of a campaign that is declared well and was seen. */
const ofSeen = (
  declaration: Declaration,
  live: LiveCampaign,
  state: CampaignState,
  {past, ...when}: Context,
): string => {
  const word = statusWord(live.status);
  const wanted = wantedAt(declaration, when);
  const {desired} = wanted;
  if (state === 'satisfied')
    return `live is ${word}, as Git wants it${wanted.closed === undefined ? '' : ` now: ${closedText(declaration, wanted)}`}`;
  if (state === 'completed')
    return `ran its course, last changed at ${rfc3339(live.updatedAt)}; the declaration can be retired`;
  if (state === 'unrecognised')
    return `the platform says ${JSON.stringify(word)}, which Rollcall does not know and never acts on`;
  if (state === 'terminal')
    return `Git asks for ${desired}, but nothing leaves ${word}; changed by ${movedBy(live, past)}`;
  return desired === AUTOMATIC.end.to
    ? 'ends by itself, when its end passes or every contact has been dialled'
    : 'becomes active when its window opens';
};

const reasonOf = ({claim, observation}: Pair, {state}: Verdict, context: Context): string => {
  const {unread} = context;
  if (!claim) return 'no file declares it; left as it is';
  if (claim.kind === 'invalid') return `left as it is: ${claim.problem}`;
  if (!observation) return unread ?? 'its live status has not been read yet';
  if (observation.kind === 'unreadable') return observation.problem;
  if (observation.kind === 'missing') return 'the platform knows no campaign of this id in this workspace';
  return ofSeen(claim.declaration, observation.campaign, state, context);
};

/** The sentences of a verdict: why it differs, where an action could mend that, and the whole. */
export const wordsOf = (pair: Pair, verdict: Verdict, context: Context): {reason: string; why?: string} => {
  const {claim, observation} = pair;
  if (claim?.kind !== 'valid' || observation?.kind !== 'seen' || !verdict.cause)
    return {reason: reasonOf(pair, verdict, context)};
  const why = whyItDiffers(claim.declaration, observation.campaign, verdict.cause, context);
  return {why, reason: why + whatKeepsIt(claim.declaration, verdict, context)};
};
