import type {Claim} from './declarations.ts';
import {type ClaimChanges, isSameClaim} from './same-wish.ts';

/** Changes of the claims of each workspace, while they are gathered. */
export class GatheredChanges {
  readonly #changes = new Map<string, {claims: Map<string, Claim | undefined>; wishes: Set<string>}>();

  get byWorkspace(): ReadonlyMap<string, ClaimChanges> {
    return this.#changes;
  }

  /** @param after undefined for what nobody claims any more */
  put(
    {campaignId, workspace}: {campaignId: string; workspace: string},
    before: Claim | undefined,
    after: Claim | undefined,
  ): void {
    const known = this.#changes.get(workspace) ?? {claims: new Map(), wishes: new Set()};
    this.#changes.set(workspace, known);
    known.claims.set(campaignId, after);
    if (!isSameClaim(before, after)) known.wishes.add(campaignId);
  }
}
