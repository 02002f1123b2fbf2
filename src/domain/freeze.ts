/** A stretch of time in which the campaigns that it means are neither resumed nor cancelled. Times are epoch milliseconds. */
export interface Freeze {
  readonly name: string;
  /** The one workspace that is meant; undefined for all. */
  readonly workspace?: string;
  /** The labels that a campaign has to have, each with its value. */
  readonly labels: Readonly<Record<string, string>>;
  /** Undefined where it holds since it is declared. */
  readonly from?: number;
  readonly until: number;
  readonly reason: string;
  /** Who knows more. */
  readonly owner?: string;
  readonly source: {readonly file: string; readonly line: number};
}

/** Whether a freeze means a campaign, whenever it holds. */
export const isMeantBy = (
  {labels, workspace}: Freeze,
  campaign: {readonly workspace: string; readonly labels: Readonly<Record<string, string>>},
): boolean =>
  (workspace === undefined || workspace === campaign.workspace) &&
  Object.entries(labels).every(
    ([key, value]) => Object.hasOwn(campaign.labels, key) && campaign.labels[key] === value,
  );

/** The freeze that holds the longest of those that hold at a time. */
export const freezeAt = (freezes: readonly Freeze[], now: number): Freeze | undefined =>
  freezes
    .filter(({from, until}) => (from === undefined || from <= now) && now < until)
    .toSorted((a, b) => b.until - a.until)[0];

/** When something changes next in freezes: one begins, or ends; undefined where nothing will. */
export const nextEdge = (freezes: readonly Freeze[], now: number): number | undefined => {
  const edges = freezes.flatMap(({from, until}) => [from ?? until, until]).filter(edge => edge > now);
  return edges.length > 0 ? Math.min(...edges) : undefined;
};
