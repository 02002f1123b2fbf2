import {type Action, isStatus, isTerminal, resultOf} from '../domain/transitions.ts';

/** A campaign on the simulated platform. Times are epoch milliseconds of the simulated clock. */
export interface SimulatedCampaign {
  readonly campaignId: string;
  readonly name: string;
  readonly description: string | null;
  readonly appConfig: {readonly appId: string; readonly appVersion: number | null};
  readonly status: string;
  readonly createdBy: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly updatedBy: string | null;
  readonly startsAt: number;
  readonly endsAt: number;
  readonly allowedSchedule: AllowedSchedule | null;
  /** Milliseconds of being active after which every contact has been dialled; null: never before the end. */
  readonly dialsFor: number | null;
}

export interface AllowedSchedule {
  readonly allowed_start_time: string;
  readonly allowed_end_time: string;
  readonly allowed_days: readonly string[];
  readonly timezone: string;
}

/** A request that was refused: the HTTP status, and the platform's words. */
export interface Refusal {
  readonly status: 404 | 422;
  readonly detail: string;
}

export type Result<T> =
  | {readonly ok: true; readonly value: T}
  | {readonly ok: false; readonly refusal: Refusal};

const refuse = (status: 404 | 422, detail: string): {ok: false; refusal: Refusal} => ({
  ok: false,
  refusal: {status, detail},
});

const occupiesSlot = ({status}: SimulatedCampaign): boolean => status === 'scheduled' || status === 'active';
/** Over, or in a status that the lifecycle does not know: time changes nothing about it. */
const isOver = ({status}: SimulatedCampaign): boolean => !isStatus(status) || isTerminal(status);

/**
 * One workspace of the platform: its campaigns and their lifecycle. It has no clock of its own: whoever asks
 * says what time it is, and everything that was due by then has happened.
 */
export class SimulatedWorkspace {
  readonly #campaigns = new Map<string, SimulatedCampaign>();
  /** Each campaign as it was before its last change, for reads that come from a replica that lags. */
  readonly #previous = new Map<string, SimulatedCampaign>();
  readonly #activeSince = new Map<string, number>();
  readonly #concurrentLimit: number;

  constructor(campaigns: readonly SimulatedCampaign[], concurrentLimit: number) {
    this.#concurrentLimit = concurrentLimit;
    for (const campaign of campaigns) this.#put(campaign, campaign.updatedAt);
  }

  /** All campaigns, oldest first. */
  all(now: number): SimulatedCampaign[] {
    this.#advance(now);
    return [...this.#campaigns.values()];
  }

  get(campaignId: string, now: number): SimulatedCampaign | undefined {
    this.#advance(now);
    return this.#campaigns.get(campaignId);
  }

  /** The campaign as it was before its last change, or as it is where it never changed. */
  stale(campaignId: string): SimulatedCampaign | undefined {
    return this.#previous.get(campaignId) ?? this.#campaigns.get(campaignId);
  }

  /** Performs an action as the transition table allows it, and within the limit of concurrent campaigns. */
  act(campaignId: string, action: Action, by: string, now: number): Result<SimulatedCampaign> {
    const campaign = this.get(campaignId, now);
    if (!campaign) return refuse(404, 'Campaign not found');
    const to = isStatus(campaign.status) ? resultOf(campaign.status, action) : undefined;
    if (to === undefined) return refuse(422, `Cannot ${action} a campaign in status ${campaign.status}`);
    if (action === 'resume' && this.#full(now)) return refuse(422, this.#limitReached());
    return this.#change({...campaign, status: to, updatedBy: by}, now);
  }

  /** Changes what may be changed of a campaign, only while it is paused or scheduled. */
  update(
    campaignId: string,
    change: Partial<
      Pick<SimulatedCampaign, 'name' | 'description' | 'appConfig' | 'endsAt' | 'allowedSchedule'>
    >,
    by: string,
    now: number,
  ): Result<SimulatedCampaign> {
    const campaign = this.get(campaignId, now);
    if (!campaign) return refuse(404, 'Campaign not found');
    if (campaign.status !== 'paused' && campaign.status !== 'scheduled') {
      return refuse(422, `Cannot update a campaign in status ${campaign.status}`);
    }
    return this.#change({...campaign, ...change, updatedBy: by}, now);
  }

  /** Adds a campaign, which starts as scheduled. */
  create(campaign: SimulatedCampaign, now: number): Result<SimulatedCampaign> {
    if (this.#full(now)) return refuse(422, this.#limitReached());
    return this.#change({...campaign, status: 'scheduled'}, now);
  }

  /** Puts a campaign in any status, for tests: also one that the platform does not have yet. */
  force(campaignId: string, status: string, by: string, now: number): Result<SimulatedCampaign> {
    const campaign = this.get(campaignId, now);
    if (!campaign) return refuse(404, 'Campaign not found');
    return this.#change({...campaign, status, updatedBy: by}, now);
  }

  remove(campaignId: string): boolean {
    return this.#campaigns.delete(campaignId);
  }

  #full(now: number): boolean {
    return this.all(now).filter(occupiesSlot).length >= this.#concurrentLimit;
  }

  #limitReached(): string {
    return `Organisation has reached its limit of ${this.#concurrentLimit} concurrent campaigns`;
  }

  #change(campaign: SimulatedCampaign, now: number): Result<SimulatedCampaign> {
    this.#put({...campaign, updatedAt: now}, now);
    this.#advance(now);
    const value = this.#campaigns.get(campaign.campaignId) ?? campaign;
    return {ok: true, value};
  }

  #put(campaign: SimulatedCampaign, now: number): void {
    const before = this.#campaigns.get(campaign.campaignId);
    if (before) this.#previous.set(campaign.campaignId, before);
    this.#campaigns.set(campaign.campaignId, campaign);
    if (campaign.status === 'active') this.#activeSince.set(campaign.campaignId, now);
    else this.#activeSince.delete(campaign.campaignId);
  }

  #advance(now: number): void {
    for (const campaign of this.#campaigns.values()) {
      if (!isOver(campaign)) this.#advanceOne(campaign, now);
    }
  }

  #advanceOne(campaign: SimulatedCampaign, now: number): void {
    const opened =
      campaign.status === 'scheduled' && campaign.startsAt <= now
        ? {...campaign, status: 'active', updatedAt: Math.max(campaign.startsAt, campaign.updatedAt)}
        : campaign;
    if (opened !== campaign) this.#put(opened, opened.updatedAt);
    const end = this.#endOf(opened);
    if (end <= now) this.#put({...opened, status: 'ended', updatedAt: Math.max(end, opened.updatedAt)}, now);
  }

  #endOf({campaignId, dialsFor, endsAt}: SimulatedCampaign): number {
    const since = this.#activeSince.get(campaignId);
    return dialsFor === null || since === undefined ? endsAt : Math.min(endsAt, since + dialsFor);
  }
}
