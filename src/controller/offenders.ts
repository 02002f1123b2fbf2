import type {Finding} from '../domain/finding.ts';
import {type Shown, shownIn} from './page.ts';
import type {Clock} from './ports.ts';
import {sharesOf} from './shares.ts';
import type {Entry} from './store/entry.ts';
import type {Indexes} from './store/indexes.ts';
import type {WorkspaceReconciler} from './workspace.ts';

const NONE: ReadonlySet<Entry> = new Set();

/** Some of many campaigns, and how many there are besides, by workspace. */
export interface Some {
  readonly first: readonly Shown[];
  readonly more: ReadonlyMap<string, number>;
}

/** A campaign that is moved again and again, and whom the platform names for it. */
export interface Contested {
  readonly finding: Finding;
  readonly by: string | undefined;
}

/** The campaigns that somebody may have to look at: a bounded number of them, of each workspace its share. */
export class Offenders {
  readonly #workspaces: () => readonly WorkspaceReconciler[];
  readonly #clock: Clock;

  constructor(workspaces: () => readonly WorkspaceReconciler[], clock: Clock) {
    this.#workspaces = workspaces;
    this.#clock = clock;
  }

  /** Those that are drifted now, and not corrected yet. */
  drifted(most: number): Some {
    return this.#some(most, ({drifted}) => drifted);
  }

  /** Those that differ from Git in any way: those first that nothing keeps so. */
  differing(most: number): Some {
    return this.#some(
      most,
      ({differences}) => differences.entries,
      ({differences}) => differences.open,
    );
  }

  /** Those that a hold keeps as they are. */
  held(most: number): Some {
    return this.#some(most, ({differences}) => differences.held);
  }

  /** Those that were corrected and moved again within the last hour, and by whom. */
  contested(most: number): readonly Contested[] {
    const ticks = this.#clock.ticks();
    const all = this.#workspaces().map(workspace => ({
      workspace,
      contests: [...workspace.store.indexes.differences.contests(ticks)],
    }));
    const shares = sharesOf(
      all.map(({contests}) => contests.length),
      most,
    );
    return all.flatMap(({contests, workspace}, index) =>
      contests.slice(contests.length - (shares[index] ?? 0)).flatMap(({by, entry}) => {
        const finding = workspace.finding(entry);
        return finding ? [{finding, by}] : [];
      }),
    );
  }

  /** @param urgent those of them that come first */
  #some(
    most: number,
    pick: (indexes: Indexes) => ReadonlySet<Entry>,
    urgent: (indexes: Indexes) => ReadonlySet<Entry> = () => NONE,
  ): Some {
    const sets = this.#workspaces().map(workspace => ({workspace, set: pick(workspace.store.indexes)}));
    const shares = sharesOf(
      sets.map(({set}) => set.size),
      most,
    );
    const first: Shown[] = [];
    const more = new Map<string, number>();
    for (const [index, {set, workspace}] of sets.entries()) {
      const share = shares[index] ?? 0;
      const before = urgent(workspace.store.indexes);
      const others = set.values().filter(entry => !before.has(entry));
      const taken = [...before.values().take(share)];
      const entries = [...taken, ...others.take(share - taken.length)];
      first.push(...entries.flatMap(entry => shownIn(workspace, entry)));
      more.set(workspace.name, set.size - share);
    }
    return {first, more};
  }
}
