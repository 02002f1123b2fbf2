import {FRESH_FOR} from '../controller/freshness.ts';
import type {
  Clock,
  Failure,
  Fence,
  Ground,
  LiveKnowledge,
  LiveReading,
  Platform,
  RateUse,
  Reply,
  Sighting,
} from '../controller/ports.ts';
import type {LiveCampaign} from '../domain/campaign.ts';
import type {Action} from '../domain/transitions.ts';
import type {ListQuery, Reads, Timed} from './lists.ts';
import {LiveReader} from './live.ts';
import type {Purpose} from './purpose.ts';
import {type QueueDependencies, type QueueSettings, RequestQueue} from './queue.ts';
import type {Page} from './wire.ts';

/** The three calls of the platform, each one request. `PlatformClient` makes them over HTTP. */
export interface Wire {
  list(query: ListQuery): Promise<Reply<Page>>;
  get(campaignId: string): Promise<Reply<LiveCampaign>>;
  updateStatus(campaignId: string, action: Action): Promise<Reply<LiveCampaign>>;
  /** The key as it is now, so that another one than was refused is tried at once. */
  credential?(): string | undefined;
  /** How many keys have been used, one after the other. */
  keysUsed?(): number;
}

/** How many requests a reading has under way at a time. */
const POLLS_AT_ONCE = 2;
/** A poll and a reading of everything have so many slots besides those of actions, which never wait for a read that hangs. */
const SLOTS_OF_READINGS = 2 * POLLS_AT_ONCE;

/** How a workspace is asked; `concurrency` is that of its actions. */
export type PlatformSettings = QueueSettings;

const withPolls = (settings: PlatformSettings): QueueSettings => ({
  ...settings,
  concurrency: settings.concurrency + SLOTS_OF_READINGS,
});

const FENCED: Failure = {
  kind: 'dropped',
  message: 'not sent: this process no longer holds the lease',
  unsent: true,
};

/** One workspace of the platform: its wire, behind its queue, read by its strategy. */
export class WorkspacePlatform implements Platform {
  readonly #wire: Wire;
  readonly #queue: RequestQueue;
  readonly #reader = new LiveReader();
  readonly #clock: Clock;
  readonly #fence: Fence;
  /** How old a status may be when an action that was decided on it is sent: the window of the rate comes on top. */
  #oldest: number;

  /** @param fence asked right before each request; where it says no, nothing is sent */
  constructor(
    wire: Wire,
    settings: PlatformSettings,
    {clock, ...dependencies}: QueueDependencies,
    fence: Fence = () => true,
  ) {
    this.#wire = wire;
    this.#fence = fence;
    this.#clock = clock;
    this.#oldest = FRESH_FOR + settings.rate.per;
    const credential = (): string | undefined => wire.credential?.();
    this.#queue = new RequestQueue({...withPolls(settings), credential}, {clock, ...dependencies});
  }

  get rate(): RateUse {
    return this.#queue.rate;
  }

  get keysUsed(): number {
    return this.#wire.keysUsed?.() ?? 0;
  }

  tookEffect(): void {
    this.#queue.tookEffect();
  }

  /** Goes by another rate and concurrency from the next request on. */
  configure(settings: PlatformSettings): void {
    this.#oldest = FRESH_FOR + settings.rate.per;
    this.#queue.configure(withPolls(settings));
  }

  poll(knowledge: LiveKnowledge, signal: AbortSignal): Promise<LiveReading> {
    return this.#reader.poll(knowledge, this.#reads(signal));
  }

  resync(knowledge: LiveKnowledge, signal: AbortSignal): Promise<LiveReading> {
    return this.#reader.whole(knowledge, this.#reads(signal));
  }

  async read(campaignId: string, before: Action, signal: AbortSignal): Promise<Reply<Sighting>> {
    const purpose = {kind: 'read', action: before, campaignId} as const;
    const {askedAt, reply} = await this.#ask(purpose, signal, () => this.#wire.get(campaignId));
    return reply.ok ? {ok: true, value: {campaign: reply.value, askedAt}} : reply;
  }

  update(
    campaignId: string,
    action: Action,
    {holds, readAt}: Ground,
    signal: AbortSignal,
  ): Promise<Reply<LiveCampaign>> {
    const outdated = (message: string) =>
      ({ok: false, failure: {kind: 'outdated', message, unsent: true}}) as const;
    return this.#send({kind: 'act', action, campaignId}, signal, async () => {
      if (this.#clock.ticks() - readAt > this.#oldest)
        return outdated('its status had become too old to act on');
      if (!holds()) return outdated('another status was shown while it waited for its turn');
      return this.#wire.updateStatus(campaignId, action);
    });
  }

  #send<T>(purpose: Purpose, signal: AbortSignal, attempt: () => Promise<Reply<T>>): Promise<Reply<T>> {
    return this.#queue.send(purpose, signal, async () =>
      this.#fence() ? attempt() : {ok: false, failure: FENCED},
    );
  }

  /** The same of a read, with the time at which its slot of the rate came and it was sent. */
  async #ask<T>(purpose: Purpose, signal: AbortSignal, attempt: () => Promise<Reply<T>>): Promise<Timed<T>> {
    let askedAt = this.#clock.ticks();
    const reply = await this.#send(purpose, signal, () => {
      askedAt = this.#clock.ticks();
      return attempt();
    });
    return {reply, askedAt};
  }

  #reads(signal: AbortSignal): Reads {
    return {
      list: query => this.#ask({kind: 'poll'}, signal, () => this.#wire.list(query)),
      get: campaignId => this.#ask({kind: 'poll', campaignId}, signal, () => this.#wire.get(campaignId)),
      atOnce: POLLS_AT_ONCE,
    };
  }
}
