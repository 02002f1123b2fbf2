/**
 * Things by their workspace and a text that is theirs alone in it. There are as many as campaigns: a key made of both would
 * be one more text for each.
 */
export class ByWorkspace<T> {
  readonly #parts = new Map<string, Map<string, T>>();

  /** The things of each workspace that has any. */
  get parts(): ReadonlyMap<string, ReadonlyMap<string, T>> {
    return this.#parts;
  }

  get(workspace: string, key: string): T | undefined {
    return this.#parts.get(workspace)?.get(key);
  }

  set(workspace: string, key: string, thing: T): void {
    const part = this.#parts.get(workspace);
    if (part) part.set(key, thing);
    else this.#parts.set(workspace, new Map([[key, thing]]));
  }

  delete(workspace: string, key: string): void {
    const part = this.#parts.get(workspace);
    if (part?.delete(key) && part.size === 0) this.#parts.delete(workspace);
  }

  *values(): Generator<T, void> {
    for (const part of this.#parts.values()) yield* part.values();
  }
}
