import {campaignView} from '../domain/view.ts';
import type {CampaignSource} from './campaigns.ts';
import {concerning, encoder, eventText, type Watched} from './event-text.ts';
import type {Changes, Feed} from './feed.ts';
import {ownReport, type ReportSource} from './report.ts';

/** What the streams tell of, and by which clock. */
export interface StreamSource extends Pick<CampaignSource, 'find' | 'fleet'>, ReportSource {
  readonly feed: Feed;
  /** Calls back once, `delay` milliseconds from now; returns what calls it off. */
  after(delay: number, callback: () => void): () => void;
}

interface Client {
  readonly watched: Watched;
  readonly sink: ReadableStreamDefaultController<Uint8Array>;
  /** Whether its client may still look: a token may be another by now, and a session over. */
  readonly mayLook: () => boolean;
  /** Up to where it was told what changed. */
  place: number;
}

/** How long changes are gathered before they are told. Milliseconds. */
const GATHERED = 500;
/** How often a stream shows that it is alive, and has those who see other replicas' campaigns read again. Milliseconds. */
const ALIVE = 5_000;
/** How much may lie ready for one client before it is passed over: it is told later what has changed until then. Bytes. */
const LARGEST_BACKLOG = 64 * 1024;
/** How many campaigns one event tells: of more, that everything is to be read anew. */
const MOST_TOLD = 100;
/** How long a client is to wait before it comes back. Milliseconds. */
const RETRY = 2_000;

/**
 * Tells whoever listens what has changed, at most twice a second, and each no more than it looks at. Who is slow is told
 * less often, and who is far behind, to read everything anew: nothing is kept for anybody but a number.
 */
export class Streams {
  readonly #source: StreamSource;
  readonly #clients = new Set<Client>();
  #unfollow: (() => void) | undefined;
  #cancelTick: (() => void) | undefined;
  #cancelAlive: (() => void) | undefined;

  constructor(source: StreamSource) {
    this.#source = source;
  }

  /** How many listen. */
  get size(): number {
    return this.#clients.size;
  }

  /** Opens a stream. `lastEventId`: the id of the last event that its client has had, where it had one. */
  open(
    watched: Watched,
    lastEventId: string | undefined,
    mayLook: () => boolean = () => true,
  ): ReadableStream<Uint8Array> {
    let client: Client | undefined;
    return new ReadableStream<Uint8Array>(
      {
        start: sink => {
          client = this.#joined({watched, sink, mayLook}, lastEventId);
        },
        cancel: () => {
          if (client) this.#leave(client);
        },
      },
      new ByteLengthQueuingStrategy({highWaterMark: LARGEST_BACKLOG}),
    );
  }

  #joined(given: Omit<Client, 'place'>, lastEventId: string | undefined): Client {
    const {feed} = this.#source;
    const {sink} = given;
    const known = lastEventId === undefined ? feed.place : feed.placeOf(lastEventId);
    const client = {...given, place: known ?? feed.place};
    this.#clients.add(client);
    this.#unfollow ??= feed.follow(() => this.#soon());
    this.#cancelAlive ??= this.#source.after(ALIVE, () => this.#alive());
    const hello =
      known === undefined
        ? eventText('reset', {reason: 'behind'}, feed.idOf(client.place))
        : eventText('alive', {}, feed.idOf(client.place));
    sink.enqueue(encoder.encode(`retry: ${RETRY}\n${hello}`));
    if (client.place < feed.place) this.#soon();
    return client;
  }

  #leave(client: Client): void {
    this.#clients.delete(client);
    if (this.#clients.size > 0) return;
    this.#unfollow?.();
    this.#cancelTick?.();
    this.#cancelAlive?.();
    this.#unfollow = undefined;
    this.#cancelTick = undefined;
    this.#cancelAlive = undefined;
  }

  #soon(): void {
    this.#cancelTick ??= this.#source.after(GATHERED, () => {
      this.#cancelTick = undefined;
      this.#tell();
    });
  }

  /** Tells each client that takes something what has changed since it was told last; who looks at the same shares the text. */
  #tell(): void {
    const {feed} = this.#source;
    const texts = new Map<string, Uint8Array | undefined>();
    const changes = new Map<number, Changes | undefined>();
    for (const client of this.#clients) {
      if ((client.sink.desiredSize ?? 0) <= 0) continue;
      const {campaignId, workspace} = client.watched;
      const key = JSON.stringify([client.place, workspace, campaignId]);
      if (!changes.has(client.place)) changes.set(client.place, feed.since(client.place));
      if (!texts.has(key)) texts.set(key, this.#textFor(client.watched, changes.get(client.place)));
      const text = texts.get(key);
      client.place = feed.place;
      if (text) client.sink.enqueue(text);
    }
  }

  #textFor(watched: Watched, changes: Changes | undefined): Uint8Array | undefined {
    const {feed} = this.#source;
    const id = feed.idOf(feed.place);
    if (!changes) return encoder.encode(eventText('reset', {reason: 'behind'}, id));
    const keys = concerning(changes.campaigns, watched);
    if (keys.length > MOST_TOLD) return encoder.encode(eventText('reset', {reason: 'many'}, id));
    const text = this.#eventsOf(keys, changes, id);
    return text === '' ? undefined : encoder.encode(text);
  }

  #eventsOf(keys: readonly string[], {whole}: Changes, id: string): string {
    const texts = whole ? [eventText('report', this.#report())] : [];
    if (keys.length > 0) texts.push(eventText('campaigns', this.#campaigns(keys), id));
    return texts.join('');
  }

  #report() {
    const {diagnostics, ...report} = ownReport(this.#source);
    return report;
  }

  /** The campaigns as they are now; and those of which there is nothing to say any more. */
  #campaigns(keys: readonly string[]) {
    const gone: {workspace: string; campaignId: string}[] = [];
    const items = keys.flatMap(key => {
      const at = key.indexOf('/');
      const [workspace, campaignId] = [key.slice(0, at), key.slice(at + 1)];
      const shown = this.#source.find(workspace, campaignId);
      if (shown) return [campaignView(shown.finding, shown.lastOutcome)];
      gone.push({workspace, campaignId});
      return [];
    });
    return {items, gone};
  }

  /** Tells who was passed over what has changed, and shows that the stream is alive; who sees what other replicas lead, is told to look there again. */
  #alive(): void {
    for (const client of [...this.#clients]) {
      if (client.mayLook()) continue;
      client.sink.close();
      this.#leave(client);
    }
    if (this.#clients.size === 0) return;
    this.#tell();
    const {feed, fleet} = this.#source;
    const isPart = fleet?.().others.some(({workspaces}) => workspaces.length > 0) ?? false;
    for (const {place, sink, watched} of this.#clients) {
      if ((sink.desiredSize ?? 0) <= 0) continue;
      const text =
        isPart && !watched.isLocal
          ? eventText('reset', {reason: 'replicas'}, feed.idOf(place))
          : eventText('alive', {}, feed.idOf(place));
      sink.enqueue(encoder.encode(text));
    }
    this.#cancelAlive = this.#source.after(ALIVE, () => this.#alive());
  }
}
