/** One campaign's turn: what is asked, what is sent, and what each answer comes to. */
import {describe, expect, it} from 'vitest';
import {Applier} from '../../src/controller/apply.ts';
import {LiveView} from '../../src/controller/live-view.ts';
import type {Failure, Platform, Reply, Sighting} from '../../src/controller/ports.ts';
import type {Sent} from '../../src/controller/store/sighted.ts';
import type {Declaration, LiveCampaign} from '../../src/domain/campaign.ts';
import {guard} from '../../src/domain/guard.ts';
import type {Action, Status} from '../../src/domain/transitions.ts';
import {declaration, live, plannedAction} from '../support/fixtures.ts';

const TICKS = 50_000;
const NOW = 1_000_000;
const NEVER = new AbortController().signal;

type Kind = Failure['kind'];

/** A turn of a campaign that Git wants paused, or otherwise, against a platform that answers as it is told. */
class Trial {
  readonly asked: string[] = [];
  readonly view = new LiveView();
  readonly sent: Sent[] = [];
  readonly unsent: Sent[] = [];
  read: Reply<LiveCampaign> = {ok: true, value: live('active')};
  answer: Reply<LiveCampaign> | 'as asked' = 'as asked';
  /** What happens while the action waits for its slot. */
  meanwhile = (): void => {};
  readonly told: Action[] = [];

  constructor() {
    Object.assign(this.view, {
      sending: (_id: string, sent: Sent, keysUsed: number) => {
        this.sent.push(sent);
        this.asked.push(`sending, key ${keysUsed}`);
      },
      unsent: (_id: string, sent: Sent) => this.unsent.push(sent),
    });
  }

  know(campaign: LiveCampaign, askedAt = TICKS): void {
    this.view.confirm(campaign, askedAt);
  }

  readonly #platform = {
    keysUsed: 3,
    read: async (id: string, before: Action): Promise<Reply<Sighting>> => {
      this.asked.push(`read ${id} before ${before}`);
      return this.read.ok ? {ok: true, value: {campaign: this.read.value, askedAt: TICKS}} : this.read;
    },
    update: async (id: string, action: Action, {holds, readAt}: {holds: () => boolean; readAt: number}) => {
      this.meanwhile();
      if (!holds()) return {ok: false, failure: {kind: 'outdated', message: 'moved', unsent: true}};
      this.asked.push(`${action} ${id}, read at ${readAt}`);
      return this.answer === 'as asked'
        ? {
            ok: true,
            value: live(action === 'pause' ? 'paused' : action === 'cancel' ? 'cancelled' : 'scheduled'),
          }
        : this.answer;
    },
  };

  async turn(
    {
      action = 'pause',
      exact = false,
      from = 'active',
    }: {action?: Action; exact?: boolean; from?: Status} = {},
    overrides: Partial<Declaration> = {desired: 'paused'},
  ) {
    const declared = declaration(overrides);
    const {opening: _opening, ...withoutHours} = declared;
    const {desired} = declared;
    const [planned] = guard(
      [plannedAction({action, from, cause: 'drifted', desired, declaration: withoutHours})],
      {now: NOW},
    ).passed;
    if (!planned) throw new Error('guarded');
    const clock = {now: () => NOW, ticks: () => TICKS, after: () => () => {}};
    const delays = (id: string, kind: string, rest?: number): number =>
      rest ?? (id === 'camp-1' ? (kind === 'refused' ? 7 : 5) : 0);
    const applier = new Applier(this.#platform as unknown as Platform, this.view, delays, clock, {
      exact,
      lead: () => 1_000,
      onSend: ({action: one}) => this.told.push(one),
    });
    return applier.turn({...planned, declaration: declared}, NEVER);
  }
}

const failing = (kind: Kind, more: Partial<Failure> = {}) =>
  ({ok: false, failure: {kind, message: kind, ...more}}) as const;

describe('a turn', () => {
  it('reads the campaign, sends the action, and believes the answer', async () => {
    const trial = new Trial();
    expect(await trial.turn()).toEqual({
      outcome: {kind: 'applied', action: 'pause', from: 'active', to: 'paused'},
    });
    expect(trial.asked).toEqual([
      'read camp-1 before pause',
      'sending, key 3',
      `pause camp-1, read at ${TICKS}`,
    ]);
    expect(trial.view.statusOf('camp-1')).toBe('paused');
    expect(trial.sent).toEqual([{action: 'pause', cause: 'drifted', from: 'active', at: TICKS, sentAt: NOW}]);
    expect([trial.told, trial.unsent]).toEqual([['pause'], []]);
  });

  it('reads nothing where it was read moments ago, and says when that was', async () => {
    const trial = new Trial();
    trial.know(live('active'), TICKS - 2_000);
    await trial.turn();
    expect(trial.asked).toEqual(['sending, key 3', `pause camp-1, read at ${TICKS - 2_000}`]);
  });

  it('takes in what it reads', async () => {
    const trial = new Trial();
    trial.read = {ok: true, value: live('paused')};
    expect(await trial.turn()).toEqual({
      outcome: {kind: 'superseded', action: 'pause', message: 'live is now paused'},
    });
    expect([trial.view.statusOf('camp-1'), trial.sent]).toEqual(['paused', []]);
  });

  it('sends nothing to a status that Rollcall does not know', async () => {
    const trial = new Trial();
    trial.read = {ok: true, value: live('melted')};
    expect(await trial.turn()).toEqual({
      outcome: {
        kind: 'superseded',
        action: 'pause',
        message: 'live is now melted, which Rollcall does not know',
      },
    });
  });

  it('sends nothing from a status older than the one that is known, and comes back', async () => {
    const trial = new Trial();
    trial.know(live('paused', {updatedAt: 90_000}), TICKS - 20_000);
    expect(await trial.turn()).toEqual({
      outcome: {
        kind: 'deferred',
        action: 'pause',
        message: 'the platform answered with an older status than it had shown before',
        retryAt: NOW + 5,
      },
    });
    expect(trial.sent).toEqual([]);
  });

  it('asks the guard anew, by the time that it is now, with the lead of a closing', async () => {
    const trial = new Trial();
    trial.read = {ok: true, value: live('paused')};
    const resume = {action: 'resume', from: 'paused'} as const;
    expect(await trial.turn(resume, {desired: 'active', opening: {until: NOW + 500}})).toMatchObject({
      outcome: {kind: 'skipped', action: 'resume'},
    });
    expect(await trial.turn(resume, {desired: 'active', opening: {until: NOW + 1_500}})).toMatchObject({
      outcome: {kind: 'applied'},
    });
  });

  it('takes an action back that is no longer asked for when its slot comes: it was not sent', async () => {
    const trial = new Trial();
    trial.meanwhile = () => trial.know(live('paused', {updatedAt: 9}), TICKS + 1);
    expect(await trial.turn()).toEqual({
      outcome: {kind: 'deferred', action: 'pause', message: 'moved', retryAt: NOW + 5},
    });
    expect([trial.told, trial.unsent]).toEqual([[], trial.sent]);
    expect(trial.sent).toHaveLength(1);
  });

  it('takes it back as well where nothing is known of the campaign any more', async () => {
    const trial = new Trial();
    trial.meanwhile = () => trial.view.miss('camp-1', TICKS + 1);
    expect(await trial.turn()).toMatchObject({outcome: {kind: 'deferred', message: 'moved'}});
  });

  it('sends it from another status that asks for the same, but not where it must be the very one', async () => {
    const trial = new Trial();
    trial.meanwhile = () => trial.know(live('scheduled', {updatedAt: 9}), TICKS + 1);
    expect(await trial.turn()).toMatchObject({outcome: {kind: 'applied'}});
    const exact = new Trial();
    exact.meanwhile = () => exact.know(live('scheduled', {updatedAt: 9}), TICKS + 1);
    expect(await exact.turn({exact: true})).toMatchObject({outcome: {kind: 'deferred', message: 'moved'}});
  });

  it('that must be from the very status says how it has moved', async () => {
    const trial = new Trial();
    trial.read = {ok: true, value: live('active', {updatedAt: 5, updatedBy: 'ops'})};
    expect(await trial.turn({exact: true})).toMatchObject({
      outcome: {kind: 'superseded', message: expect.stringContaining('was changed since, by ops')},
    });
    trial.read = {ok: true, value: live('scheduled')};
    expect(await new Trial().turn({exact: true})).toMatchObject({outcome: {kind: 'applied'}});
  });
});

describe('a read that', () => {
  const read = async (reply: Trial['read']) => {
    const trial = new Trial();
    trial.know(live('active'), 0);
    trial.read = reply;
    return {turn: await trial.turn(), status: trial.view.statusOf('camp-1'), sent: trial.sent.length};
  };

  it('finds no campaign says that it is missing', async () => {
    expect(await read(failing('missing'))).toEqual({
      turn: {outcome: {kind: 'superseded', action: 'pause', message: 'missing'}},
      status: undefined,
      sent: 0,
    });
  });

  it.each<Kind>(['rejected', 'unavailable', 'malformed'])('is %s defers this campaign alone', async kind => {
    expect(await read(failing(kind))).toEqual({
      turn: {outcome: {kind: 'deferred', action: 'pause', message: kind, retryAt: NOW + 5}},
      status: 'active',
      sent: 0,
    });
  });

  it.each<[Kind, Partial<Failure>]>([
    ['throttled', {}],
    ['unauthorised', {}],
    ['dropped', {}],
    ['unavailable', {retryAt: 9}],
  ])('meets what concerns all (%s %j) defers it, and has the workspace rest', async (kind, more) => {
    const {turn} = await read(failing(kind, more));
    expect(turn).toEqual({
      outcome: {kind: 'deferred', action: 'pause', message: kind, retryAt: NOW + (more.retryAt ? 0 : 5)},
      halt: {kind, message: kind, ...more},
    });
  });

  it('was never sent leaves the campaign as it was', async () => {
    const failure = {kind: 'throttled', message: 'rest', unsent: true} as const;
    expect((await read({ok: false, failure})).turn).toEqual({halt: failure});
  });

  it('was not sent for its own sake defers it', async () => {
    expect((await read(failing('outdated', {unsent: true}))).turn).toMatchObject({
      outcome: {kind: 'deferred'},
    });
  });
});

describe('an action that', () => {
  const answered = async (answer: Trial['answer']) => {
    const trial = new Trial();
    trial.answer = answer;
    const turn = await trial.turn();
    return {turn, trial, isDoubted: trial.view.fresh('camp-1', TICKS) === undefined};
  };

  it.each(['active', 'melted'])('is accepted, and answered %s, is doubted and comes back', async status => {
    const {isDoubted, trial, turn} = await answered({ok: true, value: live(status)});
    expect(turn).toEqual({
      outcome: {
        kind: 'deferred',
        action: 'pause',
        message: `the platform accepted it, but answered ${status}`,
        retryAt: NOW + 5,
      },
    });
    expect([isDoubted, trial.view.statusOf('camp-1'), trial.unsent]).toEqual([true, 'active', []]);
  });

  it('finds no campaign was refused, and has had no effect: whether there is one a Get tells', async () => {
    const {isDoubted, trial, turn} = await answered(failing('missing'));
    expect(turn).toEqual({outcome: {kind: 'refused', action: 'pause', message: 'missing', retryAt: NOW + 7}});
    expect([isDoubted, trial.view.statusOf('camp-1'), trial.unsent]).toEqual([true, 'active', trial.sent]);
  });

  it('is refused comes back, and has had no effect', async () => {
    const {isDoubted, trial, turn} = await answered(failing('rejected'));
    expect(turn).toEqual({
      outcome: {kind: 'refused', action: 'pause', message: 'rejected', retryAt: NOW + 7},
    });
    expect([isDoubted, trial.unsent]).toEqual([true, trial.sent]);
  });

  it.each<Kind>(['unavailable', 'malformed'])('has no answer (%s) may have had an effect', async kind => {
    const {isDoubted, trial, turn} = await answered(failing(kind));
    expect(turn).toEqual({
      outcome: {kind: 'deferred', action: 'pause', message: kind, retryAt: NOW + 5},
      unanswered: true,
    });
    expect([isDoubted, trial.unsent]).toEqual([true, []]);
  });

  it('has no answer in an outage comes back when that is next tried, and no later than what comes after it', async () => {
    const {turn} = await answered(failing('unavailable', {retryAt: TICKS + 900}));
    expect(turn).toEqual({
      outcome: {kind: 'deferred', action: 'pause', message: 'unavailable', retryAt: NOW + 895},
      halt: {kind: 'unavailable', message: 'unavailable', retryAt: TICKS + 900, ofAction: true},
      unanswered: true,
    });
  });

  it('is throttled has the workspace rest, and may have had an effect', async () => {
    const {trial, turn} = await answered(failing('throttled', {retryAt: TICKS + 900}));
    expect(turn).toEqual({
      outcome: {kind: 'deferred', action: 'pause', message: 'throttled', retryAt: NOW + 895},
      halt: {kind: 'throttled', message: 'throttled', retryAt: TICKS + 900, ofAction: true},
    });
    expect(trial.unsent).toEqual([]);
  });

  it('is not taken for want of a good key has had no effect', async () => {
    const {trial, turn} = await answered(failing('unauthorised'));
    expect(turn).toMatchObject({outcome: {kind: 'deferred'}, halt: {kind: 'unauthorised', ofAction: true}});
    expect(trial.unsent).toEqual(trial.sent);
  });

  it('was not sent, since the workspace rests, was no try', async () => {
    const failure = {kind: 'throttled', message: 'rest', unsent: true} as const;
    const {isDoubted, trial, turn} = await answered({ok: false, failure});
    expect([turn, isDoubted]).toEqual([{halt: failure}, true]);
    expect(trial.unsent).toEqual(trial.sent);
  });

  it('is called off comes to nothing', async () => {
    const {turn} = await answered(failing('dropped'));
    expect(turn).toEqual({halt: {kind: 'dropped', message: 'dropped'}});
  });
});
