import {randomBytes} from 'node:crypto';
import type {ControllerEvent} from '../controller/events.ts';
import {campaignKey} from '../domain/campaign.ts';

/** How many changes are remembered: who is further behind reads everything anew. */
const MOST = 8_192;
/** Stands for a change of the whole: a revision, a condition, what keeps the source. */
const WHOLE = '';

/** What changed between two moments. */
export interface Changes {
  /** Keys of campaigns, each once. */
  readonly campaigns: ReadonlySet<string>;
  /** Something of the whole changed. */
  readonly whole: boolean;
}

const OF_WHOLE: ReadonlySet<ControllerEvent['kind']> = new Set<ControllerEvent['kind']>([
  'revision-adopted',
  'source-trouble',
  'workspace-trouble',
  'pass-ended',
]);

/** The latest changes, in the order in which they came. Whoever follows keeps no more than a number. */
export class Feed {
  /** Tells a place in this feed from one in the feed of an earlier process. */
  readonly #epoch = randomBytes(6).toString('hex');
  readonly #ring: string[] = [];
  readonly #followers = new Set<() => void>();
  #at = 0;

  /** Takes in what a controller tells. */
  readonly hear = (event: ControllerEvent): void => {
    if (event.kind === 'settled') this.#put(campaignKey(event.workspace, event.campaignId));
    else if (OF_WHOLE.has(event.kind)) this.#put(WHOLE);
  };

  /** How many follow. */
  get followers(): number {
    return this.#followers.size;
  }

  /** The place after the last change. */
  get place(): number {
    return this.#at;
  }

  /** A place as whoever follows is told it. */
  idOf(place: number): string {
    return `${this.#epoch}-${place}`;
  }

  /** The place that an id tells; undefined where it is none of this process, or is too long ago. */
  placeOf(id: string): number | undefined {
    const [, epoch, digits] = /^([0-9a-f]+)-(\d{1,15})$/.exec(id) ?? [];
    const place = Number(digits);
    return epoch === this.#epoch && place <= this.#at && this.#at - place <= MOST ? place : undefined;
  }

  /** What changed since a place; undefined where that is too long ago. */
  since(place: number): Changes | undefined {
    if (this.#at - place > MOST) return undefined;
    const campaigns = new Set<string>();
    let whole = false;
    for (let at = place; at < this.#at; at++) {
      const key = this.#ring[at % MOST] ?? WHOLE;
      if (key === WHOLE) whole = true;
      else campaigns.add(key);
    }
    return {campaigns, whole};
  }

  /** Calls back at each change; returns what ends that. */
  follow(onChange: () => void): () => void {
    this.#followers.add(onChange);
    return () => this.#followers.delete(onChange);
  }

  #put(key: string): void {
    this.#ring[this.#at % MOST] = key;
    this.#at += 1;
    for (const onChange of this.#followers) onChange();
  }
}
