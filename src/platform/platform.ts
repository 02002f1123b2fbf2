import type {Clock, LiveReading, Platform, Random, Reply, Sighting} from '../controller/ports.ts';
import type {LiveCampaign} from '../domain/campaign.ts';
import type {Action, Status} from '../domain/transitions.ts';
import {LiveReader} from './live.ts';
import {type QueueObserver, type Rate, RequestQueue} from './queue.ts';
import type {Page} from './wire.ts';

/** The three calls of the platform, each one request. `PlatformClient` makes them over HTTP. */
export interface Wire {
  list(query: {status?: Status; offset: number; limit: number}): Promise<Reply<Page>>;
  get(campaignId: string): Promise<Reply<LiveCampaign>>;
  updateStatus(campaignId: string, action: Action): Promise<Reply<LiveCampaign>>;
}

/** How old a status may be when an action that was decided on it is sent, beyond the window of the rate. */
const FRESH_FOR = 5_000;
/** Polls have these slots to themselves, and no others: an action never waits for a read that hangs. */
export const POLLS_AT_ONCE = 2;

/** One workspace of the platform: its wire, behind its queue, read by its strategy. */
export class WorkspacePlatform implements Platform {
  readonly #wire: Wire;
  readonly #queue: RequestQueue;
  readonly #reader = new LiveReader();
  readonly #clock: Clock;
  readonly #oldest: number;

  constructor(
    wire: Wire,
    {rate, concurrency}: {rate: Rate; concurrency: number},
    {clock, random, observer}: {clock: Clock; random: Random; observer: QueueObserver},
  ) {
    this.#wire = wire;
    this.#clock = clock;
    this.#oldest = FRESH_FOR + rate.per;
    this.#queue = new RequestQueue(rate, concurrency + POLLS_AT_ONCE, clock, random, observer);
  }

  poll(declared: ReadonlySet<string>, signal: AbortSignal): Promise<LiveReading> {
    return this.#reader.poll(declared, {
      list: query => this.#queue.send({kind: 'poll'}, signal, () => this.#wire.list(query)),
      get: id => this.#queue.send({kind: 'poll'}, signal, () => this.#wire.get(id)),
      atOnce: POLLS_AT_ONCE,
      now: () => this.#clock.now(),
    });
  }

  read(campaignId: string, before: Action, signal: AbortSignal): Promise<Reply<Sighting>> {
    return this.#queue.send({kind: 'read', action: before}, signal, async () => {
      const askedAt = this.#clock.now();
      const reply = await this.#wire.get(campaignId);
      return reply.ok ? {ok: true, value: {campaign: reply.value, askedAt}} : reply;
    });
  }

  update(
    campaignId: string,
    action: Action,
    readAt: number,
    signal: AbortSignal,
  ): Promise<Reply<LiveCampaign>> {
    return this.#queue.send({kind: 'act', action}, signal, async () => {
      if (this.#clock.now() - readAt <= this.#oldest) return this.#wire.updateStatus(campaignId, action);
      return {ok: false, failure: {kind: 'outdated', message: 'its status had become too old to act on'}};
    });
  }
}
