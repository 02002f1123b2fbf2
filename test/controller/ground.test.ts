/** The status that an action is decided on, while another reading of the same campaign shows another. */
import {describe, expect, it} from 'vitest';
import {Applier} from '../../src/controller/apply.ts';
import type {Knowledge} from '../../src/controller/knowledge.ts';
import type {Platform} from '../../src/controller/ports.ts';
import {relate} from '../../src/domain/assess.ts';
import {guard} from '../../src/domain/guard.ts';
import {type Action, resultOf, STATUSES, type Status} from '../../src/domain/transitions.ts';
import {live, plannedAction} from '../support/fixtures.ts';

const CLOCK = {now: () => 0, ticks: () => 0, after: () => () => {}};

/** What a Get tells, what is known when it is in, and what is known when the slot of the action comes. */
interface Shown {
  readonly told: Status;
  readonly known: Status;
  readonly later: Status;
}

/** True where the action was sent. */
const isSent = async (desired: Status, from: Status, shown: Shown, exact = false): Promise<boolean> => {
  const relation = relate(desired, from);
  if (relation.kind !== 'act') throw new Error(`${desired} asks for nothing from ${from}`);
  const [action] = relation.steps;
  const [planned] = guard([plannedAction({action, from, desired})], {now: 0}).passed;
  if (!planned) throw new Error(`${action} from ${from} is guarded`);
  let [sent, known] = [false, shown.known];
  const view: Knowledge = {
    fresh: () => undefined,
    statusOf: () => known,
    confirm: () => {},
    sending: () => {},
    unsent: () => {},
    believe: () => {},
    miss: () => {},
    doubt: () => {},
  };
  const platform: Pick<Platform, 'read' | 'update'> = {
    read: async () => ({ok: true, value: {campaign: live(shown.told), askedAt: 0}}),
    update: async (_id, asked: Action, {holds}) => {
      known = shown.later;
      if (!holds()) return {ok: false, failure: {kind: 'outdated', message: 'moved', unsent: true}};
      sent = true;
      return {ok: true, value: live(resultOf(shown.told, asked) ?? shown.told)};
    },
  };
  const applier = new Applier(platform as Platform, view, () => 1, CLOCK, {exact, lead: () => 0});
  await applier.turn(planned, new AbortController().signal);
  return sent;
};

const PLANNED = (['active', 'paused', 'cancelled', 'scheduled'] as const).flatMap(desired =>
  STATUSES.filter(from => relate(desired, from).kind === 'act').map(from => [desired, from] as const),
);
const SHOWN: readonly Shown[] = STATUSES.flatMap(told =>
  STATUSES.flatMap(known => STATUSES.map(later => ({told, known, later}))),
);

const nextFrom = (desired: Status, status: Status): Action | undefined => {
  const relation = relate(desired, status);
  return relation.kind === 'act' ? relation.steps[0] : undefined;
};

describe('an action whose campaign is shown in two statuses at one time', () => {
  it.each(PLANNED)('is sent where each of them asks for it: %s, planned from %s', async (desired, from) => {
    const action = nextFrom(desired, from);
    for (const shown of SHOWN) {
      const isRight = Object.values(shown).every(status => nextFrom(desired, status) === action);
      expect([shown, await isSent(desired, from, shown)]).toEqual([shown, isRight]);
    }
  });

  it.each(PLANNED)(
    'is not sent by an apply, which goes by one: %s, planned from %s',
    async (desired, from) => {
      for (const shown of SHOWN) {
        const isSame = Object.values(shown).every(status => status === from);
        expect([shown, await isSent(desired, from, shown, true)]).toEqual([shown, isSame]);
      }
    },
  );
});
