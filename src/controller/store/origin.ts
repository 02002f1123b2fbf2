/** What tells of a workspace's campaigns who changed them, Git or whoever else, as far as this process knows. */
export class Origin {
  /** The commit time of the first revision that this process read (epoch milliseconds); undefined where it is no commit. */
  committedAt: number | undefined;
  /** When it was taken into force. Epoch milliseconds. */
  adoptedAt: number | undefined;
  /** Whom the platform names for what this process changes, as the last answer to an action had it. */
  ownName: string | undefined;
  /** With how many keys, one after the other, something was sent: each may have a name of its own. */
  keysUsed: number | undefined;
}
