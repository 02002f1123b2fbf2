/** What is believed of what the platform shows: later knowledge wins, whatever order it arrives in. */
import {describe, expect, it} from 'vitest';
import {believe, failToRead, miss, see} from '../../src/controller/store/see.ts';
import {
  isKnown,
  isSetBack,
  NOTHING_SHOWN,
  newSighted,
  type Sighted,
  statusIn,
} from '../../src/controller/store/sighted.ts';
import type {Status} from '../../src/domain/transitions.ts';
import {live} from '../support/fixtures.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const show = (sighted: Sighted, status: Status, updatedAt: number, askedAt: number): boolean =>
  see(sighted, live(status, {updatedAt}), {askedAt, confirmed: false});

const tell = (sighted: Sighted, status: Status, updatedAt: number, askedAt: number): boolean =>
  see(sighted, live(status, {updatedAt}), {askedAt, confirmed: true});

const cancelledAt = (updatedAt: number): Sighted => {
  const sighted = newSighted();
  show(sighted, 'cancelled', updatedAt, 0);
  return sighted;
};

describe('a version older than the one that is known', () => {
  it('is a stale read, however long ago the newer one was read', () => {
    const sighted = newSighted();
    show(sighted, 'active', 2_000, 0);
    expect(show(sighted, 'paused', 1_000, HOUR)).toBe(false);
    expect(statusIn(sighted)).toBe('active');
  });
  it.each([
    ['a list had lost the campaign', (sighted: Sighted) => miss(sighted, MINUTE)],
    ['the campaign could not be read', (sighted: Sighted) => failToRead(sighted, 'broken', MINUTE)],
    [
      'it could not be read, and then was lost',
      (sighted: Sighted) => [failToRead(sighted, 'broken', MINUTE), miss(sighted, MINUTE)],
    ],
  ])('is one also where %s in between', (_name, happen) => {
    const sighted = newSighted();
    show(sighted, 'active', 2_000, 0);
    happen(sighted);
    expect(show(sighted, 'paused', 1_000, HOUR)).toBe(false);
    expect(statusIn(sighted)).toBeUndefined();
    expect(show(sighted, 'active', 2_000, 2 * HOUR)).toBe(true);
    expect(statusIn(sighted)).toBe('active');
  });
  it('is believed when nothing else was shown for a minute: a platform may have been set back', () => {
    const sighted = newSighted();
    show(sighted, 'active', 2_000, 0);
    show(sighted, 'paused', 1_000, HOUR);
    expect(show(sighted, 'paused', 1_000, HOUR + MINUTE - 1)).toBe(false);
    expect(show(sighted, 'paused', 1_000, HOUR + MINUTE)).toBe(true);
    expect(statusIn(sighted)).toBe('paused');
  });
  it('is not, where the newer one was shown again meanwhile', () => {
    const sighted = newSighted();
    show(sighted, 'active', 2_000, 0);
    show(sighted, 'paused', 1_000, HOUR);
    show(sighted, 'active', 2_000, HOUR + 1);
    expect(show(sighted, 'paused', 1_000, HOUR + MINUTE)).toBe(false);
  });
  it('is none where only the fractions of a second are missing', () => {
    const sighted = newSighted();
    show(sighted, 'active', 5_678, 0);
    expect(show(sighted, 'paused', 5_000, HOUR)).toBe(true);
    expect(isSetBack(sighted)).toBe(false);
  });
  it('is one where it was another change of the same second', () => {
    const sighted = newSighted();
    show(sighted, 'active', 5_678, 0);
    expect(show(sighted, 'paused', 5_200, HOUR)).toBe(false);
  });
  it.each([1_000, 2_000])(
    'is never believed of what has ended, once a Get has told the end: %i',
    updatedAt => {
      const sighted = newSighted();
      tell(sighted, 'cancelled', 2_000, 0);
      expect(show(sighted, 'paused', updatedAt, HOUR)).toBe(false);
      expect(tell(sighted, 'paused', updatedAt, 10 * HOUR)).toBe(false);
      expect(statusIn(sighted)).toBe('cancelled');
    },
  );
  it('shows what has ended as that, where it had been lost', () => {
    const sighted = cancelledAt(2_000);
    miss(sighted, MINUTE);
    expect(show(sighted, 'paused', 1_000, MINUTE + 1)).toBe(true);
    expect(statusIn(sighted)).toBe('cancelled');
  });
  it('is believed no more once the newest is shown, if by an answer that was asked for a little earlier', () => {
    const sighted = newSighted();
    show(sighted, 'paused', 2_000, 0);
    show(sighted, 'active', 1_000, MINUTE);
    show(sighted, 'active', 1_000, HOUR);
    expect(statusIn(sighted)).toBe('active');
    expect(show(sighted, 'paused', 2_000, HOUR - 1)).toBe(true);
    expect(statusIn(sighted)).toBe('paused');
  });
  it('does not hide that the platform’s clock went on from the one that is known', () => {
    const sighted = newSighted();
    show(sighted, 'scheduled', 2_000, 0);
    show(sighted, 'paused', 1_000, MINUTE);
    expect(show(sighted, 'paused', 1_000, HOUR)).toBe(true);
    show(sighted, 'active', 3_000, 2 * HOUR);
    expect(sighted.byItselfAt).toBe(3_000);
  });
  it('is none of a later change', () => {
    const sighted = cancelledAt(2_000);
    show(sighted, 'paused', 1_000, HOUR);
    expect(show(sighted, 'paused', 1_000, 10 * HOUR)).toBe(false);
    expect(show(sighted, 'paused', 3_000, 11 * HOUR)).toBe(true);
  });
});

describe('an end that only a list has told', () => {
  it('holds against whatever is shown within a minute: another part of the platform may lag behind', () => {
    const sighted = cancelledAt(2_000);
    expect(show(sighted, 'paused', 2_000, MINUTE - 1)).toBe(false);
    expect(tell(sighted, 'paused', 2_000, MINUTE - 1)).toBe(false);
    expect(statusIn(sighted)).toBe('cancelled');
  });
  it('is in doubt where a later list shows otherwise: the campaign has to be asked for by its id', () => {
    const sighted = cancelledAt(2_000);
    expect(show(sighted, 'active', 2_000, MINUTE)).toBe(true);
    expect(sighted.observation).toMatchObject({
      kind: 'unreadable',
      problem: expect.stringContaining('by its id'),
    });
    expect(isKnown(sighted)).toBe(false);
    expect(show(sighted, 'active', 2_000, HOUR)).toBe(false);
  });
  it.each(['cancelled', 'active'] as const)('is then what a Get says: %s', status => {
    const sighted = cancelledAt(2_000);
    show(sighted, 'active', 2_000, MINUTE);
    expect(tell(sighted, status, 2_000, MINUTE + 1)).toBe(true);
    expect(statusIn(sighted)).toBe(status);
  });
  it('is not in doubt any more once a Get has told it too', () => {
    const sighted = cancelledAt(2_000);
    show(sighted, 'active', 2_000, MINUTE);
    tell(sighted, 'cancelled', 2_000, MINUTE + 1);
    expect(show(sighted, 'active', 2_000, HOUR)).toBe(false);
    expect(tell(sighted, 'active', 2_000, HOUR)).toBe(false);
    expect(statusIn(sighted)).toBe('cancelled');
  });
});

describe('an answer that was asked for before another', () => {
  it('changes nothing, whichever comes first', () => {
    const sighted = newSighted();
    show(sighted, 'active', 2_000, 10);
    expect(show(sighted, 'paused', 3_000, 9)).toBe(false);
    expect(miss(sighted, 9)).toBe(false);
    expect(failToRead(sighted, 'broken', 9)).toBe(false);
    expect(statusIn(sighted)).toBe('active');
    miss(sighted, 20);
    expect(show(sighted, 'paused', 3_000, 19)).toBe(false);
  });
});

describe('an action of ours whose answer was lost', () => {
  const sent = (sighted: Sighted, action: 'pause' | 'resume', from: Status, at: number): void => {
    sighted.sent = [...sighted.sent, {action, cause: 'pending', from, at, sentAt: at}];
  };
  it('is not taken for done by a version that is older than what came before it', () => {
    const sighted = newSighted();
    show(sighted, 'active', 1_000, 0);
    show(sighted, 'paused', 2_000, 1);
    sent(sighted, 'resume', 'paused', MINUTE);
    show(sighted, 'active', 1_000, MINUTE + 1);
    expect(show(sighted, 'active', 1_000, 3 * MINUTE)).toBe(true);
    expect(sighted.sent).toHaveLength(1);
    expect(sighted.ownUpdatedAt).toBeUndefined();
  });
  it('is not taken for done by a version that was there before, though it could not be read in between', () => {
    const sighted = newSighted();
    show(sighted, 'paused', 2_000, 0);
    sent(sighted, 'pause', 'active', 1);
    failToRead(sighted, 'broken', 2);
    show(sighted, 'paused', 2_000, 3);
    expect(sighted.sent).toHaveLength(1);
  });
  it('stays ours where one answer tells its time in whole seconds and the next to the fraction', () => {
    const sighted = newSighted();
    show(sighted, 'active', 1_000, 0);
    sent(sighted, 'pause', 'active', 1);
    show(sighted, 'paused', 5_000, 2);
    expect(sighted.ownUpdatedAt).toBe(5_000);
    show(sighted, 'paused', 5_678, 3);
    expect(sighted.ownUpdatedAt).toBe(5_678);
    show(sighted, 'paused', 5_000, 4);
    expect(sighted.observation).toMatchObject({campaign: {updatedAt: 5_678}});
  });
});

describe('a version that is known from before a start', () => {
  const known = (status: Status): Sighted => ({
    ...newSighted(),
    newer: {campaign: live(status, {updatedAt: 2_000}), unseenSince: NOTHING_SHOWN},
  });

  it.each(['paused', 'cancelled'] as const)(
    'outweighs an older one for a minute from when that is first shown, however long nothing was: %s',
    status => {
      const sighted = known(status);
      show(sighted, 'active', 1_000, HOUR);
      tell(sighted, 'active', 1_000, HOUR + 1);
      expect(statusIn(sighted)).not.toBe('active');
      show(sighted, 'active', 1_000, HOUR + MINUTE);
      tell(sighted, 'active', 1_000, HOUR + MINUTE + 1);
      tell(sighted, 'active', 1_000, HOUR + 3 * MINUTE);
      expect(statusIn(sighted)).toBe('active');
    },
  );

  it('is what is shown, where that is the same or a later one', () => {
    const sighted = known('paused');
    show(sighted, 'active', 3_000, HOUR);
    expect([statusIn(sighted), sighted.newer]).toEqual(['active', undefined]);
  });
});

describe('the hours of a campaign, which a Get has told,', () => {
  const window = {startsAt: 0, endsAt: 9 * HOUR};
  const withHours = (): Sighted => {
    const sighted = newSighted();
    see(sighted, live('paused', {updatedAt: 1_000, window}), {askedAt: 0, confirmed: true});
    return sighted;
  };
  const windowIn = ({observation}: Sighted) =>
    observation?.kind === 'seen' ? observation.campaign.window : undefined;

  it('are known still after an action of ours, and after what the platform’s clock made of it', () => {
    const sighted = withHours();
    believe(sighted, live('scheduled', {updatedAt: 2_000}), {at: 20, sentAt: 10});
    expect([statusIn(sighted), windowIn(sighted)]).toEqual(['scheduled', window]);
    show(sighted, 'active', 3_000, 30);
    expect([statusIn(sighted), windowIn(sighted)]).toEqual(['active', window]);
    show(sighted, 'ended', 3_000, 40);
    expect([statusIn(sighted), windowIn(sighted)]).toEqual(['ended', window]);
  });

  it('are known no more once somebody has changed it, and are others where another Get tells them', () => {
    const sighted = withHours();
    show(sighted, 'active', 2_000, 20);
    expect(windowIn(sighted)).toBeUndefined();
    const other = {...window, endsAt: 5 * HOUR};
    see(sighted, live('active', {updatedAt: 2_000, window: other}), {askedAt: 30, confirmed: true});
    expect(windowIn(sighted)).toEqual(other);
  });
});
