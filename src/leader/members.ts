import type {StoredLease} from './lease.ts';

/** A replica: who it is, and where it can be asked. */
export interface Member {
  readonly identity: string;
  /** The URL of its HTTP server, such as `http://10.0.0.7:8080`, where others reach it. */
  readonly address?: string;
}

/** What stands in front of the key of each annotation that names a replica. */
const PREFIX = 'member.rollcall.dev/';

/** How long the name of one that is gone is kept. Milliseconds. */
const FORGET_AFTER = 10 * 60_000;

/** After how many periods without a sign of life a replica counts as gone. */
const MISSED_BEATS = 4;

interface Sign extends Member {
  readonly beat: number;
}

const parse = (text: string): Sign | undefined => {
  try {
    const {address, beat, identity} = JSON.parse(text) as Record<string, unknown>;
    if (typeof identity !== 'string' || typeof beat !== 'number') return undefined;
    return {identity, beat, ...(typeof address === 'string' && {address})};
  } catch {
    return undefined;
  }
};

/**
 * The replicas that are alive. Each keeps an annotation of one Lease that they share, and changes it in every period;
 * the others count by their own clocks how long they saw it unchanged.
 */
export class Members {
  readonly #key: string;
  readonly #self: Member;
  readonly #retryPeriod: number;
  readonly #signs = new Map<string, {readonly sign: Sign; readonly since: number}>();
  #beat = 0;

  /** @param key names this replica among the others: up to 63 letters, digits and dashes */
  constructor(self: Member, key: string, retryPeriod: number) {
    this.#self = self;
    this.#key = `${PREFIX}${key}`;
    this.#retryPeriod = retryPeriod;
  }

  /** Takes in what the others have last said; true where one has left. */
  see({annotations}: Pick<StoredLease, 'annotations'>, ticks: number): boolean {
    const left = [...this.#signs.keys()].filter(key => !(key in annotations));
    for (const key of left) this.#signs.delete(key);
    for (const [key, text] of Object.entries(annotations)) {
      const sign = key.startsWith(PREFIX) && key !== this.#key ? parse(text) : undefined;
      if (sign && this.#signs.get(key)?.sign.beat !== sign.beat) this.#signs.set(key, {sign, since: ticks});
    }
    return left.length > 0;
  }

  /** The annotations as this replica changes them: its own sign of life, and none of those long gone. */
  beat(annotations: Readonly<Record<string, string>>, ticks: number): Record<string, string> {
    this.#beat += 1;
    const sign: Sign = {...this.#self, beat: this.#beat};
    return {...this.#without(annotations, ticks), [this.#key]: JSON.stringify(sign)};
  }

  /** The annotations without this replica, which leaves. */
  leave(annotations: Readonly<Record<string, string>>, ticks: number): Record<string, string> {
    const {[this.#key]: _, ...others} = this.#without(annotations, ticks);
    return others;
  }

  /** The replicas that are alive, this one first. */
  alive(ticks: number): readonly Member[] {
    const limit = MISSED_BEATS * this.#retryPeriod;
    const others = [...this.#signs.values()].filter(({since}) => ticks - since < limit);
    return [this.#self, ...others.map(({sign: {beat: _, ...member}}) => member)];
  }

  #without(annotations: Readonly<Record<string, string>>, ticks: number): Record<string, string> {
    const isGone = (key: string): boolean => ticks - (this.#signs.get(key)?.since ?? ticks) >= FORGET_AFTER;
    return Object.fromEntries(Object.entries(annotations).filter(([key]) => !isGone(key)));
  }
}
