/** How many files' texts are kept for whoever looks at them. */
const MOST_TEXTS = 100;

/** What files hold that were looked at last, by the name of the content: whoever looks at a page looks at it again. */
export class Texts {
  readonly #read: (hash: string) => Promise<string | undefined>;
  readonly #texts = new Map<string, Promise<string | undefined>>();
  #reading: Promise<unknown> = Promise.resolve();

  /** @param read gives what a content is as text; undefined where it cannot be had now. Never rejects. */
  constructor(read: (hash: string) => Promise<string | undefined>) {
    this.#read = read;
  }

  /** One is read at a time; what could not be had is read again when it is asked for again. */
  of(hash: string): Promise<string | undefined> {
    const known = this.#texts.get(hash);
    if (known !== undefined) return known;
    const text = this.#reading.then(() => this.#textOf(hash));
    this.#reading = text;
    this.#texts.set(hash, text);
    const tooMany = Math.max(0, this.#texts.size - MOST_TEXTS);
    for (const oldest of this.#texts.keys().take(tooMany)) this.#texts.delete(oldest);
    return text;
  }

  async #textOf(hash: string): Promise<string | undefined> {
    const text = await this.#read(hash);
    if (text === undefined) this.#texts.delete(hash);
    return text;
  }
}
