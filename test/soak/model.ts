import type {Answered, Sent} from '../support/world.ts';

/** What a revision asks for of one campaign. */
export interface Asked {
  readonly workspace: string;
  /** The status at a time; undefined where two are right, since a timetable opens or closes about then. */
  readonly desiredAt: (at: number) => string | undefined;
  /** Nothing may be sent: it is held, or its file is broken. */
  readonly isKept: boolean;
}

/** What brings a live status to a desired one; nothing where it is there, comes there by itself, or never will. */
const STEP: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  paused: {active: 'pause', scheduled: 'pause'},
  active: {paused: 'resume'},
  scheduled: {paused: 'resume'},
  cancelled: {active: 'cancel', scheduled: 'cancel', paused: 'cancel'},
  ended: {},
};

const mayDial = (status: string): boolean => STEP['paused']?.[status] !== undefined;

/** Within which time what was answered, or committed, must have been taken in. Milliseconds. */
const TAKEN_IN = 100;

/** After which time an older version of a campaign, if nothing else is shown, is the one that counts. Milliseconds. */
const SET_BACK = 60_000;
const OVER = new Set(['ended', 'cancelled']);

/** A campaign as the platform last told of it. */
interface Told {
  readonly status: string;
  /** By the platform's clock. */
  readonly updatedAt: string;
  /** Since when it is told to dial, or not to: a list that lags tells `scheduled` of what is `active`, and a pause ends both. */
  readonly since: number;
  /** When the request was sent that last told of it. */
  readonly asOf: number;
  /** Since when nothing but an older version of it is shown. */
  readonly olderSince?: number;
}

/**
 * A small model of what any correct controller may do, fed by what was committed and by the platform's own log: nothing is
 * sent that the newest revision does not ask for, and no resume while a pause that is known of has not been tried. It shares
 * no code with what decides.
 */
export class Model {
  readonly violations: string[] = [];
  #asked: ReadonlyMap<string, Asked> = new Map();
  #committedAt = 0;
  readonly #told = new Map<string, Told>();
  /** When a pause of a campaign was last sent, or what precedes it ended in failure: it was under way until then. */
  readonly #triedAt = new Map<string, number>();
  /** When a campaign was last asked for by its id: a turn that sends something begins so. */
  readonly #turnAt = new Map<string, number>();

  committed(asked: ReadonlyMap<string, Asked>, at: number): void {
    this.#asked = asked;
    this.#committedAt = at;
  }

  sent({action, at, campaignId, workspace}: Sent): void {
    if (campaignId === undefined) return;
    if (action === undefined) {
      this.#turnAt.set(campaignId, at);
      return;
    }
    if (action === 'pause') this.#triedAt.set(campaignId, at);
    const objections = [
      ...this.#withoutCause(campaignId, action, at),
      ...(action === 'resume' ? this.#unpaused(workspace, this.#turnAt.get(campaignId) ?? at) : []).map(
        id => `before the pause of ${id}`,
      ),
    ];
    for (const what of objections)
      this.violations.push(`${new Date(at).toISOString()} ${action} ${campaignId}: ${what}`);
  }

  #withoutCause(campaignId: string, action: string, at: number): string[] {
    const asked = this.#asked.get(campaignId);
    const live = this.#told.get(campaignId)?.status ?? '';
    if (!asked || asked.isKept) return ['the newest revision asks for nothing'];
    const desired = asked.desiredAt(at);
    return desired === undefined || STEP[desired]?.[live] === action
      ? []
      : [`the newest revision asks for ${desired}, and it is ${live}`];
  }

  /** What was asked for later counts, but for a version older than one that was shown: that is a stale read, whenever it was asked for. */
  answered({at, campaignId}: Sent, answered: Answered, now: number): void {
    const shown = answered === 'broken' || answered.status !== 200 ? [] : campaignsIn(answered.text);
    const isFailed = campaignId !== undefined && !shown.some(({campaign_id: id}) => id === campaignId);
    if (isFailed) this.#triedAt.set(campaignId, now);
    for (const one of shown) {
      const {campaign_id: id, status, updated_at: updatedAt} = one;
      const before = this.#told.get(id);
      if (before && before.asOf > at && before.updatedAt >= updatedAt) continue;
      if (before && this.#isStale(before, one, at)) {
        if (campaignId === id) this.#triedAt.set(id, now);
        continue;
      }
      const since = before && mayDial(before.status) === mayDial(status) ? before.since : now;
      this.#told.set(id, {status, updatedAt, since, asOf: at});
    }
  }

  /** A version older than the one known, until nothing else is told for a time; what is over is never told to go on. */
  #isStale(before: Told, {campaign_id: id, status, updated_at: updatedAt}: Shown, at: number): boolean {
    if (OVER.has(before.status) && !OVER.has(status) && before.updatedAt >= updatedAt) return true;
    if (before.updatedAt <= updatedAt) return false;
    const {olderSince = at} = before;
    this.#told.set(id, {...before, olderSince});
    return at - olderSince < SET_BACK;
  }

  /** Campaigns of which it was known at a time that they dial against Git, and that no pause was sent to since. */
  #unpaused(workspace: string, at: number): string[] {
    return [...this.#asked].flatMap(([id, asked]) => {
      const told = this.#told.get(id);
      const known = Math.max(told?.since ?? 0, this.#committedAt);
      const isDue =
        asked.workspace === workspace &&
        !asked.isKept &&
        asked.desiredAt(at) === 'paused' &&
        asked.desiredAt(at - TAKEN_IN) === 'paused' &&
        STEP['paused']?.[told?.status ?? ''] !== undefined;
      return isDue && known < at - TAKEN_IN && (this.#triedAt.get(id) ?? 0) < known ? [id] : [];
    });
  }
}

interface Shown {
  readonly campaign_id: string;
  readonly status: string;
  readonly updated_at: string;
}

/** Each campaign that an answer shows, in a list or by itself. */
const campaignsIn = (text: string): readonly Shown[] => {
  try {
    const body = JSON.parse(text);
    const shown: readonly Partial<Shown>[] = body.items ?? [body];
    return shown.filter((one): one is Shown => one.campaign_id !== undefined && one.updated_at !== undefined);
  } catch {
    return [];
  }
};
