/** Who holds what, as one replica sees it. */
export interface Shares {
  /** This replica's identity. */
  readonly self: string;
  /** The replicas that are alive, this one among them. */
  readonly members: readonly string[];
  /** How many leases there are. */
  readonly leases: number;
  /** How many of them each replica holds. */
  readonly held: ReadonlyMap<string, number>;
}

const heldBy = ({held}: Shares, member: string): number => held.get(member) ?? 0;

/**
 * How many leases this replica may come to hold: its part of them, rounded down, and one more while fewer than the
 * remainder hold one more.
 */
export const allowance = (shares: Shares): number => {
  const {leases, members, self} = shares;
  const least = Math.floor(leases / members.length);
  const remainder = leases % members.length;
  const others = members.filter(member => member !== self && heldBy(shares, member) > least).length;
  return others < remainder ? least + 1 : least;
};

/**
 * How many leases this replica gives away, so that each holds its part: what it holds beyond the part rounded up; and
 * one, by the first of those that hold the most, where somebody holds two fewer. Zero where all is balanced.
 */
export const surplus = (shares: Shares): number => {
  const {leases, members, self} = shares;
  const mine = heldBy(shares, self);
  const most = Math.ceil(leases / members.length);
  if (mine > most) return mine - most;
  const counts = members.map(member => heldBy(shares, member));
  if (mine < Math.max(...counts) || mine - Math.min(...counts) < 2) return 0;
  const [first] = members.filter(member => heldBy(shares, member) === mine).toSorted();
  return first === self ? 1 : 0;
};

const preference = (self: string, lease: string): number => {
  let hash = 0x811c9dc5;
  for (const character of `${self}/${lease}`)
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return hash >>> 0;
};

/** An order of the leases that differs from replica to replica, so that they seldom reach for the same one. */
export const byPreference =
  (self: string) =>
  (a: {readonly name: string}, b: {readonly name: string}): number =>
    preference(self, a.name) - preference(self, b.name);
