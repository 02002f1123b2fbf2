/** Has a set hold an item, or not. */
export const put = <T>(set: Set<T>, item: T, belongs: boolean): void => {
  if (belongs) set.add(item);
  else set.delete(item);
};
