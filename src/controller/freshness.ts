/** For how long a Get, or an action's answer, is good enough to act on. Milliseconds; the README promises it. */
export const FRESH_FOR = 5_000;
