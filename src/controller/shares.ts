/**
 * Shares a number out among several that want some of it: nobody gets more than it wants, and what one leaves goes to
 * the others in equal parts, so that one with many never leaves nothing for the rest.
 *
 * @returns how much each gets, in the order of `wants`
 */
export const sharesOf = (wants: readonly number[], most: number): number[] => {
  const shares = wants.map(() => 0);
  const order = wants.map((_want, index) => index).toSorted((a, b) => (wants[a] ?? 0) - (wants[b] ?? 0));
  let left = most;
  for (const [place, index] of order.entries()) {
    const share = Math.min(wants[index] ?? 0, Math.floor(left / (order.length - place)));
    shares[index] = share;
    left -= share;
  }
  return shares;
};
