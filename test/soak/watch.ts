import {type Action, isStatus, isTerminal, resultOf} from '../../src/domain/transitions.ts';
import type {Rate} from '../../src/platform/queue.ts';
import type {Answered, Sent} from '../support/world.ts';

/** Within which time the soak's limits count. Milliseconds. */
export const LIMITED_PER = 6 * 60 * 60_000;

const EFFECTS: Readonly<Record<string, readonly string[]>> = {
  resume: ['scheduled', 'active', 'ended'],
  cancel: ['cancelled'],
};

interface Told {
  readonly status: string;
  readonly at: number;
}

/** The longest that an answer may be old when an action is sent on it: what counts as fresh, and one answer's way. */
export const FRESH_FOR = 5_000 + 2_000;

/**
 * Watches the wire for what must never happen, knowing only what the controller was told: it shares no code
 * with what decides.
 */
export class Watch {
  readonly violations: string[] = [];
  readonly #rate: Rate;
  readonly #cancelConfirmed: (campaignId: string) => boolean;
  readonly #isFrozen: (workspace: string, at: number) => boolean;
  readonly #isClosed: (campaignId: string, at: number) => boolean;
  readonly #ceiling: ((action: string, workspace: string) => number) | undefined;
  readonly #applied: {readonly at: number; readonly action: string; readonly workspace: string}[] = [];
  readonly #told = new Map<string, Told>();
  readonly #inFlight = new Set<string>();
  readonly #sentAt = new Map<string, number[]>();

  constructor(
    rate: Rate,
    {
      cancelConfirmed,
      ceiling,
      isClosed,
      isFrozen,
    }: {
      cancelConfirmed: (campaignId: string) => boolean;
      /** Whether a freeze has kept a workspace for so long that nobody may have overlooked it. */
      isFrozen: (workspace: string, at: number) => boolean;
      /** The same of a campaign's timetable. */
      isClosed: (campaignId: string, at: number) => boolean;
      /** How many actions of a kind a workspace takes within `LIMITED_PER`; undefined where as many as there are. */
      ceiling?: ((action: string, workspace: string) => number) | undefined;
    },
  ) {
    this.#rate = rate;
    this.#cancelConfirmed = cancelConfirmed;
    this.#isFrozen = isFrozen;
    this.#isClosed = isClosed;
    this.#ceiling = ceiling;
  }

  sent(sent: Sent): void {
    this.#checkRate(sent);
    const {action, campaignId} = sent;
    if (action === undefined || campaignId === undefined) return;
    if (this.#inFlight.has(campaignId)) this.#violated(sent, 'two actions at once');
    this.#inFlight.add(campaignId);
    for (const what of this.#objections(sent, campaignId, action)) this.#violated(sent, what);
  }

  answered(sent: Sent, answered: Answered): void {
    const {action, at, campaignId} = sent;
    if (campaignId === undefined) return;
    if (action !== undefined) {
      this.#inFlight.delete(campaignId);
      this.#told.delete(campaignId);
      this.#checkLimit(sent, action, answered);
    }
    const status = this.#statusIn(answered, campaignId);
    if (status !== undefined) this.#told.set(campaignId, {status, at});
  }

  #objections({at, workspace}: Sent, campaignId: string, action: string): string[] {
    const told = this.#told.get(campaignId);
    if (!told) return ['the status was not read since the last doubt'];
    if (!isStatus(told.status)) return [`unrecognised status ${told.status}`];
    const confirmed = action !== 'cancel' || this.#cancelConfirmed(campaignId);
    return [
      ...(at - told.at > FRESH_FOR ? [`the status was read ${at - told.at} ms ago`] : []),
      ...(isTerminal(told.status) ? [`terminal status ${told.status}`] : []),
      ...(resultOf(told.status, action as Action) === undefined ? [`illegal from ${told.status}`] : []),
      ...(confirmed ? [] : ['cancel without confirmation']),
      ...(action === 'resume' && this.#isClosed(campaignId, at) ? ['resume outside the timetable'] : []),
      ...(action !== 'pause' && this.#isFrozen(workspace, at) ? [`${action} in a freeze`] : []),
    ];
  }

  /** Counts what the platform answered to have taken effect: that is what a controller can know. */
  #checkLimit(sent: Sent, action: string, answered: Answered): void {
    const {campaignId = '', workspace} = sent;
    const most = action === 'pause' ? undefined : this.#ceiling?.(action, workspace);
    const status = this.#statusIn(answered, campaignId);
    if (most === undefined || status === undefined || !EFFECTS[action]?.includes(status)) return;
    this.#applied.push({at: sent.at, action, workspace});
    const recent = this.#applied.filter(
      one => one.action === action && one.workspace === workspace && one.at > sent.at - LIMITED_PER,
    );
    if (recent.length > most) this.#violated(sent, `${recent.length} within the time of a limit of ${most}`);
  }

  #statusIn(answered: Answered, campaignId: string): string | undefined {
    if (answered === 'broken' || answered.status !== 200) return undefined;
    try {
      const body = JSON.parse(answered.text);
      return body.campaign_id === campaignId ? body.status : undefined;
    } catch {
      return undefined;
    }
  }

  #checkRate(sent: Sent): void {
    const {per, requests} = this.#rate;
    const times = (this.#sentAt.get(sent.workspace) ?? []).filter(at => at > sent.at - per);
    times.push(sent.at);
    this.#sentAt.set(sent.workspace, times);
    if (times.length > requests)
      this.#violated(sent, `${times.length} requests within ${per} ms, ${requests} are allowed`);
  }

  #violated({action, at, campaignId, method}: Sent, what: string): void {
    this.violations.push(`${new Date(at).toISOString()} ${action ?? method} ${campaignId ?? ''}: ${what}`);
  }
}
