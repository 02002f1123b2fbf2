/**
 * The platform's lifecycle of a campaign, as data: for each status the actions that are allowed from it, and
 * the status that each leads to. `Status` and `Action` derive from it. Source: the platform's specification
 * of «Update Campaign Status».
 */
export const TRANSITIONS = {
  scheduled: {pause: 'paused', cancel: 'cancelled'},
  active: {pause: 'paused', cancel: 'cancelled'},
  paused: {resume: 'scheduled', cancel: 'cancelled'},
  ended: {},
  cancelled: {},
} as const;

/** The status of a campaign, as the platform names it. */
export type Status = keyof typeof TRANSITIONS;

/** What may be asked of the platform. */
export type Action = {[S in Status]: keyof (typeof TRANSITIONS)[S]}[Status];

/** What the platform's clock does by itself: a window opens, an end passes or every contact is dialled. */
export type AutomaticTransition = 'activate' | 'end';

export const STATUSES = Object.keys(TRANSITIONS) as readonly Status[];

/** Every action, in the order in which a plan performs them: what is safe first, what frees a slot next. */
export const ACTIONS = ['pause', 'cancel', 'resume'] as const satisfies readonly Action[];

/** From each status the actions and where they lead: listed once, since it is asked for each campaign at each look. */
const ACTIONS_FROM = Object.fromEntries(
  STATUSES.map(status => [status, Object.entries(TRANSITIONS[status])]),
) as unknown as Readonly<Record<Status, readonly (readonly [Action, Status])[]>>;

/** True for a status that nothing leaves. */
export const isTerminal = (status: Status): boolean => ACTIONS_FROM[status].length === 0;

/** Narrows the platform's word to a status that is known; an unknown one is never acted on. */
export const isStatus = (word: string): word is Status => Object.hasOwn(TRANSITIONS, word);

/** The two transitions that need no call: where each may start, and where it ends. */
export const AUTOMATIC: Readonly<Record<AutomaticTransition, {from: readonly Status[]; to: Status}>> = {
  activate: {from: ['scheduled'], to: 'active'},
  end: {from: STATUSES.filter(status => !isTerminal(status)), to: 'ended'},
};

/** The status that `action` leads to from `from`, or undefined where the table forbids it. */
export const resultOf = (from: Status, action: Action): Status | undefined =>
  ACTIONS_FROM[from].find(([name]) => name === action)?.[1];

/**
 * The statuses that a campaign may show right after `action` was accepted from `from`: the table's result,
 * and what the platform's clock may make of it at once (a resume inside an open window reads `active`).
 */
export const successorsOf = (from: Status, action: Action): readonly Status[] => {
  const to = resultOf(from, action);
  if (to === undefined) return [];
  const automatic = Object.values(AUTOMATIC).filter(transition => transition.from.includes(to));
  return [to, ...automatic.map(transition => transition.to)];
};

/**
 * The shortest sequence of actions from `from` to a status that `isGoal` accepts, by breadth-first search
 * over the table; empty when `from` is one already, undefined when no sequence leads there.
 */
export const shortestPathTo = (
  from: Status,
  isGoal: (status: Status) => boolean,
): readonly Action[] | undefined => {
  const seen = new Set<Status>([from]);
  let frontier: {status: Status; steps: readonly Action[]}[] = [{status: from, steps: []}];
  while (frontier.length > 0) {
    const reached = frontier.find(({status}) => isGoal(status));
    if (reached) return reached.steps;
    frontier = frontier
      .flatMap(({status, steps}) =>
        ACTIONS_FROM[status].map(([action, to]) => ({status: to, steps: [...steps, action]})),
      )
      .filter(({status}) => !seen.has(status) && seen.add(status));
  }
  return undefined;
};

/** The shortest sequence of actions between two statuses, defined for all 25 pairs. */
export const shortestPath = (from: Status, to: Status): readonly Action[] | undefined =>
  shortestPathTo(from, status => status === to);
