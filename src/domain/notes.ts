import type {Finding} from './finding.ts';
import {holdText, statusWord} from './reasons.ts';
import {lengthOf, timeIn} from './time.ts';
import {type Action, isTerminal} from './transitions.ts';
import {type CampaignWindow, cutOff, diallingFrom} from './window.ts';

/** Something that a reviewer should know of one campaign before it is approved. */
export interface Note {
  /** Stable and documented, such as `irreversible`. */
  readonly code: string;
  readonly severity: 'info' | 'warning' | 'error';
  readonly message: string;
}

const info = (code: string, message: string): Note => ({code, severity: 'info', message});
const warning = (code: string, message: string): Note => ({code, severity: 'warning', message});
const error = (code: string, message: string): Note => ({code, severity: 'error', message});

const zoneOf = ({schedule}: CampaignWindow): string => schedule?.timezone ?? 'UTC';

/** A time in the campaign's own zone, or in UTC where the platform shows one that is not known. */
const shownIn = (time: number, window: CampaignWindow): string => {
  try {
    return timeIn(time, zoneOf(window));
  } catch {
    return timeIn(time, 'UTC');
  }
};

const percent = (part: number, whole: number): string => {
  const share = Math.floor((part / whole) * 100);
  return share === 0 ? 'less than 1 %' : `${share} %`;
};

const cutOffNote = (window: CampaignWindow, now: number): Note => {
  const cut = cutOff(window, now);
  const end = window.endsAt;
  if (!cut || end === undefined) return info('cut-off', 'how much of its window that cuts off is not known');
  const {remaining, whole} = cut;
  if (remaining === whole)
    return warning(
      'cut-off',
      `cuts off the whole of its window of ${lengthOf(whole)}, to ${shownIn(end, window)}`,
    );
  const share = `${lengthOf(remaining)} of its window of ${lengthOf(whole)} (${percent(remaining, whole)})`;
  return warning('cut-off', `cuts off the last ${share}, to ${shownIn(end, window)}`);
};

const hoursText = ({schedule}: CampaignWindow): string =>
  schedule ? `; allowed ${schedule.days.join(', ')}, ${schedule.start} to ${schedule.end}` : '';

const dialling = (window: CampaignWindow, now: number, soon: string): Note => {
  const starts = diallingFrom(window, now);
  switch (starts.kind) {
    case 'at': {
      const when = starts.time <= now ? soon : timeIn(starts.time, starts.timezone);
      return info('dialling-starts', `dialling starts ${when}${hoursText(window)}`);
    }
    case 'never':
      return warning('never-dials', 'no allowed time is left before its end: nothing will be dialled');
    case 'unknown':
      return warning('dialling-unknown', 'when dialling starts is not known: the platform does not say it');
  }
};

const ofStep = (step: Action, window: CampaignWindow, at: number, soon: string): Note[] => {
  switch (step) {
    case 'pause':
      return [];
    case 'resume':
      return [dialling(window, at, soon)];
    case 'cancel':
      return [
        warning('irreversible', 'cannot be undone: every call that is still to be made is dropped'),
        cutOffNote(window, at),
      ];
  }
};

/** True where the campaign is not over yet and its end has passed: whatever is asked for, it will end. */
const pastItsEnd = ({desired, live, window}: Finding, now: number): boolean =>
  desired !== 'ended' &&
  live !== undefined &&
  'known' in live &&
  !isTerminal(live.known) &&
  window?.endsAt !== undefined &&
  window.endsAt <= now;

/** Why a declaration can never come true; undefined where it can, as far as is known. */
export const impossible = (finding: Finding, now: number): Note | undefined => {
  const {desired, live, state, window} = finding;
  const wish = `Git asks for ${desired}`;
  if (state === 'terminal') {
    return error('terminal-status', `${wish}, but nothing leaves ${live ? statusWord(live) : 'its status'}`);
  }
  if (state === 'missing') {
    return error('campaign-missing', 'the platform knows no campaign of this id in this workspace');
  }
  if (!pastItsEnd(finding, now) || window?.endsAt === undefined) return undefined;
  return error('end-passed', `${wish}, but its end has passed: ${shownIn(window.endsAt, window)}`);
};

/** Said of a campaign that is over, where a change asks that it be paused. */
export const alreadyOver = ({live}: Finding): Note =>
  info('already-over', `it is ${live ? statusWord(live) : 'over'}: nothing is left to be paused`);

/** Said of a declaration that is new, where it asks something of a campaign that ran its course. */
export const alreadyEnded = ({desired}: Finding): Note =>
  error('already-ended', `Git asks for ${desired}, but it has ended, and nothing leaves ended`);

/** Said of a campaign that a problem of its file, or of another, keeps as it is. */
export const invalidDeclaration = ({reason}: Finding): Note => error('invalid-declaration', reason);

/**
 * What the steps of a finding mean for the people who are called.
 *
 * @param at when they would be sent, in epoch milliseconds
 */
export const consequences = ({restraint, state, steps, window = {}}: Finding, at: number): Note[] => {
  const kept = restraint ? 'as soon as the freeze ends' : 'at once';
  const soon = state === 'held' ? 'as soon as the hold ends' : kept;
  return steps.flatMap(step => ofStep(step, window, at, soon));
};

const ENDLESS = 'the hold has no end: give it until, and an owner, so that it is not forgotten';

/** Why nothing is sent although live differs, or what else keeps a campaign as it is. */
export const standstill = ({declaration, mode, reason, restraint, state}: Finding): Note[] => {
  if (state === 'held') {
    const text = `held: ${declaration?.hold ? holdText(declaration.hold) : reason}`;
    const ends = declaration?.hold?.until !== undefined && mode === 'enforce';
    const note = ends ? warning('held', `${text}, and then sent by itself`) : info('held', text);
    return declaration?.hold?.until === undefined ? [note, warning('hold-without-end', ENDLESS)] : [note];
  }
  if (state === 'unrecognised') return [warning('unrecognised-status', reason)];
  if (state === 'unknown') return [error('not-read', reason)];
  if (restraint) {
    const ends = restraint.until === undefined ? '' : ', and then sent by itself';
    return [warning(restraint.reason, restraint.message + ends)];
  }
  if (mode === 'detect' && (state === 'pending' || state === 'drifted'))
    return [info('detect-only', 'detect only: it is reported, and nothing is sent')];
  return [];
};

const DIALS_ON =
  'nothing is sent: it goes on dialling until every contact has been dialled, or until its end';

const endText = (window: CampaignWindow | undefined): string =>
  window?.endsAt === undefined ? '' : ` (${shownIn(window.endsAt, window)})`;

/** What it means where live is on its way to what Git wants, or there already. */
export const inPlace = ({desired, live, reason, state, window}: Finding): Note[] => {
  if (state !== 'awaiting') return [info('in-place', reason)];
  const now = live ? statusWord(live) : '';
  if (desired !== 'ended') return [info('waits', `nothing is sent: ${reason}`)];
  if (now === 'paused')
    return [
      info('waits', `nothing is sent: it is paused, dials nobody, and ends at its end${endText(window)}`),
    ];
  return [
    warning(
      'dials-on',
      `${DIALS_ON}${endText(window)}; to stop it now, ask for paused, or for cancelled, which cannot be undone`,
    ),
  ];
};

/** Said where what a change does is best told by what would have happened without it. */
export const instead = (before: readonly Action[]): Note[] =>
  before.length === 0 ? [] : [info('instead', `without this change Rollcall would ${before.join(', ')} it`)];

export const becomesUnmanaged = (live: string | undefined): Note =>
  info(
    'becomes-unmanaged',
    live === undefined
      ? 'no file declares it any more: it becomes unmanaged'
      : `no file declares it any more: it is left as it is (${live}) and becomes unmanaged`,
  );

export const becomesManaged = (): Note => info('becomes-managed', 'a file declares it for the first time');
