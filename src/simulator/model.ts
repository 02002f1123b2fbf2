import {type Action, isStatus, isTerminal, resultOf} from '../domain/transitions.ts';
import {diallingFrom} from '../domain/window.ts';
import {type Refusal, type Result, type Rules, refuse, type SimulatedCampaign} from './campaign.ts';

/** The zone of allowed hours that name none, by the documentation. */
const DEFAULT_ZONE = 'Asia/Kolkata';

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
  /** When each scheduled campaign becomes active, which its hours decide. */
  readonly #opensAt = new WeakMap<SimulatedCampaign, number>();
  #version = 0;
  readonly #rules: Rules;
  readonly #slotsTaken: (now: number) => number;

  /** @param slotsTaken how many campaigns of the organisation are active or scheduled; default: of this workspace */
  constructor(campaigns: readonly SimulatedCampaign[], rules: Rules, slotsTaken?: (now: number) => number) {
    this.#rules = rules;
    this.#slotsTaken = slotsTaken ?? (now => this.slotsTaken(now));
    for (const campaign of campaigns) this.#put(campaign, campaign.updatedAt);
  }

  /** Another one after each change of a campaign. */
  get version(): number {
    return this.#version;
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
    if (action === 'resume' && this.#full(now)) return this.#limitReached();
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
    if ((change.endsAt ?? campaign.endsAt) <= campaign.startsAt)
      return refuse(422, 'end_timestamp must be after start_timestamp');
    return this.#change({...campaign, ...change, updatedBy: by}, now);
  }

  /** Adds a campaign, which starts as scheduled. */
  create(campaign: SimulatedCampaign, now: number): Result<SimulatedCampaign> {
    if (this.#full(now)) return this.#limitReached();
    return this.#change({...campaign, status: 'scheduled'}, now);
  }

  /** Puts a campaign in any status, for tests: also one that the platform does not have yet. */
  force(campaignId: string, status: string, by: string, now: number): Result<SimulatedCampaign> {
    const campaign = this.get(campaignId, now);
    if (!campaign) return refuse(404, 'Campaign not found');
    return this.#change({...campaign, status, updatedBy: by}, now);
  }

  remove(campaignId: string): boolean {
    this.#version += 1;
    this.#previous.delete(campaignId);
    this.#activeSince.delete(campaignId);
    return this.#campaigns.delete(campaignId);
  }

  /** How many campaigns of this workspace are active or scheduled. */
  slotsTaken(now: number): number {
    return this.all(now).filter(occupiesSlot).length;
  }

  #full(now: number): boolean {
    return this.#slotsTaken(now) >= this.#rules.concurrentCampaigns.limit;
  }

  #limitReached(): {ok: false; refusal: Refusal} {
    const {code, limit} = this.#rules.concurrentCampaigns;
    return refuse(code, `Organisation has reached its limit of ${limit} concurrent campaigns`);
  }

  #change(campaign: SimulatedCampaign, now: number): Result<SimulatedCampaign> {
    this.#put({...campaign, updatedAt: now}, now);
    this.#advance(now);
    const value = this.#campaigns.get(campaign.campaignId) ?? campaign;
    return {ok: true, value};
  }

  #put(campaign: SimulatedCampaign, now: number): void {
    this.#version += 1;
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
    const opensAt = campaign.status === 'scheduled' ? this.#openingOf(campaign) : Number.POSITIVE_INFINITY;
    const opened = opensAt <= now ? this.#moved(campaign, 'active', opensAt) : campaign;
    if (opened !== campaign) this.#put(opened, Math.max(opensAt, campaign.updatedAt));
    const end = this.#endOf(opened);
    if (end <= now) this.#put(this.#moved(opened, 'ended', end), now);
  }

  /** A campaign as the platform's clock has moved it, at a time. */
  #moved(campaign: SimulatedCampaign, status: string, at: number): SimulatedCampaign {
    const {updatedAt} = campaign;
    return {
      ...campaign,
      status,
      updatedAt: this.#rules.automaticTransitionsTouch ? Math.max(at, updatedAt) : updatedAt,
    };
  }

  /** When a scheduled campaign becomes active: in its window and, where they count, inside its allowed hours. */
  #openingOf(campaign: SimulatedCampaign): number {
    const {allowedSchedule, endsAt, startsAt, updatedAt} = campaign;
    if (!allowedSchedule || this.#rules.activeWithin === 'window') return startsAt;
    const known = this.#opensAt.get(campaign);
    if (known !== undefined) return known;
    const schedule = {
      start: allowedSchedule.allowed_start_time,
      end: allowedSchedule.allowed_end_time,
      days: allowedSchedule.allowed_days,
      timezone: allowedSchedule.timezone ?? DEFAULT_ZONE,
    };
    const dialling = diallingFrom({startsAt, endsAt, schedule}, Math.max(startsAt, updatedAt));
    const time = {at: 0, never: Number.POSITIVE_INFINITY, unknown: startsAt}[dialling.kind];
    const opening = dialling.kind === 'at' ? dialling.time : time;
    this.#opensAt.set(campaign, opening);
    return opening;
  }

  #endOf({campaignId, dialsFor, endsAt}: SimulatedCampaign): number {
    const since = this.#activeSince.get(campaignId);
    return dialsFor === null || since === undefined ? endsAt : Math.min(endsAt, since + dialsFor);
  }
}
