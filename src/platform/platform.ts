import type {Clock, LiveReading, Platform, Random, Reply} from '../controller/ports.ts';
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

/** One workspace of the platform: its wire, behind its queue, read by its strategy. */
export class WorkspacePlatform implements Platform {
  readonly #wire: Wire;
  readonly #queue: RequestQueue;
  readonly #reader = new LiveReader();
  readonly #clock: Clock;

  constructor(
    wire: Wire,
    {rate, concurrency}: {rate: Rate; concurrency: number},
    {clock, random, observer}: {clock: Clock; random: Random; observer: QueueObserver},
  ) {
    this.#wire = wire;
    this.#clock = clock;
    this.#queue = new RequestQueue(rate, concurrency, clock, random, observer);
  }

  poll(declared: ReadonlySet<string>, signal: AbortSignal): Promise<LiveReading> {
    return this.#reader.poll(declared, {
      list: query => this.#queue.send('poll', signal, () => this.#wire.list(query)),
      get: id => this.#queue.send('poll', signal, () => this.#wire.get(id)),
      now: () => this.#clock.now(),
    });
  }

  read(campaignId: string, before: Action, signal: AbortSignal): Promise<Reply<LiveCampaign>> {
    return this.#queue.send(before, signal, () => this.#wire.get(campaignId));
  }

  update(campaignId: string, action: Action, signal: AbortSignal): Promise<Reply<LiveCampaign>> {
    return this.#queue.send(action, signal, () => this.#wire.updateStatus(campaignId, action));
  }
}
