import {relate} from '../../src/domain/assess.ts';
import type {Limits} from '../../src/domain/limits.ts';
import {isStatus, STATUSES, type Status} from '../../src/domain/transitions.ts';
import {FAULT_KINDS} from '../../src/simulator/faults.ts';
import {DAY} from '../support/campaigns.ts';
import {yaml} from '../support/fixtures.ts';
import {TestHistory} from '../support/test-history.ts';
import {timerClock} from '../support/timer-clock.ts';
import {START, simulated, World} from '../support/world.ts';
import {type Asked, Model} from './model.ts';
import {pick, seeded} from './random.ts';
import {differences} from './scratch.ts';
import {allowances, type Calendar, calendarText, type Freeze, freezeText, isOpen} from './texts.ts';
import {FRESH_FOR, LIMITED_PER, Watch} from './watch.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** How long the world is troubled, and how long it then has to come to rest. */
const TROUBLED = 2 * DAY;
const REST = 2 * HOUR;

const WORKSPACES = ['alpha', 'beta'];
const MAX_AGE = 12 * HOUR;

/** Said of a change that nobody saw come: nobody is blamed for it. */
const PERHAPS_OWN = 'may have been Rollcall itself';

/** Each so many seeds one has a thousand campaigns in each workspace. */
const CROWDED = 500;
const CROWD = 1_000;

interface Wish {
  readonly workspace: string;
  readonly desired: Status;
  readonly held: boolean;
  readonly broken: boolean;
  /** It goes by the calendar. */
  readonly timed: boolean;
}

/** What one seed came to. */
export interface SoakResult {
  readonly seed: number;
  readonly violations: readonly string[];
  readonly requests: number;
  readonly actions: number;
  readonly days: number;
}

/** Small ones, so that they are met. */
const LIMITS: Limits = {
  resume: {most: 3, share: 0.5, per: LIMITED_PER},
  cancel: {most: 1, share: 0.2, per: LIMITED_PER},
};

/** The minutes from ten before to ten after. */
const AROUND = Array.from({length: 21}, (_, i) => i - 10);

/** A closing may be under way, or an opening. */
const isNearEdge = (calendar: Calendar, at: number): boolean =>
  new Set(AROUND.map(minutes => isOpen(calendar, at + minutes * MINUTE))).size > 1;

/** Each so many seeds the process is started anew, now and then, with its history. */
const RESTARTED = 3;

class Soak {
  readonly #random: () => number;
  readonly #wishes = new Map<string, Wish>();
  /** Cancels that some revision asked for, with their confirmation. */
  readonly #cancelsAskedFor = new Set<string>();
  /** The freezes of the revision that was committed last. */
  #freezes: readonly Freeze[] = [];
  #calendar: Calendar;
  /** When something was last committed, moved by hand, or made worse: until the next poll nobody knows of it. */
  #troubledAt = 0;
  #committedAt = START;
  #isFaulty = false;
  readonly #isLimited: boolean;
  readonly #pollInterval: number;
  readonly #restsAt: number;
  readonly #watch: Watch;
  readonly #model = new Model();
  /** How many times somebody changed each campaign in the dashboard. */
  readonly #moves = new Map<string, number>();
  /** What was moved away in a quiet time just now, and how often it was told as drifted before. */
  #moved: {readonly id: string; readonly told: number} | undefined;
  readonly #differences: string[] = [];
  readonly #world: World;
  readonly #history: TestHistory | undefined;

  constructor(seed: number, troubled: number) {
    this.#restsAt = START + troubled;
    const random = seeded(seed);
    this.#random = random;
    const rate = pick(random, [
      {requests: 5, per: 1000},
      {requests: 2, per: 1000},
      {requests: 10, per: 2500},
    ]);
    this.#isLimited = random() < 0.3;
    this.#calendar = this.#newCalendar();
    this.#pollInterval = pick(random, [20, 30, 60]) * MINUTE;
    this.#watch = new Watch(rate, {
      isClosed: (id, at) => this.#isClosed(id, at),
      ceiling: this.#isLimited ? (action, workspace) => this.#ceiling(action, workspace) : undefined,
      cancelConfirmed: id => this.#cancelsAskedFor.has(id),
      isFrozen: (workspace, at) =>
        this.#freezes.some(
          freeze =>
            (freeze.workspace ?? workspace) === workspace &&
            Math.max(freeze.from, freeze.committedAt) + FRESH_FOR < at &&
            at < freeze.until,
        ),
    });
    const isCrowded = seed % CROWDED === 0;
    const campaigns = () =>
      Array.from({length: isCrowded ? CROWD : 2 + Math.floor(random() * 5)}, (_, i) => i);
    this.#world = new World({
      rate,
      random,
      concurrency: pick(random, [1, 2, 4]),
      pollInterval: this.#pollInterval,
      ...(this.#isLimited && {guardrails: {limits: LIMITS, resumeMaxAge: MAX_AGE}}),
      resyncInterval: pick(random, [20, 40, 60]) * MINUTE,
      ignoresOrder: random() < 0.3,
      automaticTransitionsTouch: random() < 0.7,
      latency: () => random() * 800,
      workspaces: Object.fromEntries(
        WORKSPACES.map(workspace => [
          workspace,
          campaigns().map(i => this.#newCampaign(`${workspace}-${i}`, workspace)),
        ]),
      ),
      onSent: sent => {
        this.#watch.sent(sent);
        this.#model.sent(sent);
      },
      onAnswered: (sent, answered) => {
        this.#watch.answered(sent, answered);
        this.#model.answered(sent, answered, this.#world.now);
      },
    });
    if (seed % RESTARTED !== 0 || isCrowded) return;
    this.#history = new TestHistory(() => this.#world.now);
    this.#world.listeners.push(this.#history.hear);
  }

  async run(seed: number): Promise<SoakResult> {
    const world = this.#world;
    this.#tellModel(START);
    await world.start(this.#files());
    while (world.now < this.#restsAt) {
      if (this.#history && this.#random() < 0.1) await this.#restart(this.#history);
      this.#happen();
      const length = this.#random() * 2 * HOUR;
      await this.#passWithEdges(length);
      this.#compare();
      if (length > this.#seenWithin) this.#differences.push(...this.#untold());
    }
    world.faults({});
    world.commit({...this.#files(), ...allowances(WORKSPACES)});
    await world.pass(REST);
    this.#compare();
    const left = [...this.#unsettled(), ...this.#blamed()];
    const {length: requests} = world.sent;
    const result = {
      seed,
      violations: [...this.#watch.violations, ...this.#model.violations, ...this.#differences, ...left],
      requests,
      actions: world.actions().length,
      days: (world.now - START) / DAY,
    };
    await world.close();
    this.#history?.close();
    return result;
  }

  /** Another process takes over: nobody knows of the last until it has read. */
  async #restart(history: TestHistory): Promise<void> {
    const {now} = this.#world;
    await this.#world.restart(workspace => history.past(workspace));
    this.#troubledAt = now;
    await this.#world.pass(1_000);
  }

  #newCampaign(id: string, workspace: string) {
    const random = this.#random;
    this.#wish(id, workspace);
    return simulated(
      id,
      pick(random, ['scheduled', 'active', 'paused', 'paused', 'active', 'ended', 'cancelled']),
      {
        startsAt: START + (random() - 0.5) * DAY,
        endsAt: START + random() * 10 * DAY,
        dialsFor: random() < 0.2 ? random() * DAY : null,
      },
    );
  }

  #wish(id: string, workspace: string): void {
    const random = this.#random;
    const desired = pick(random, [...STATUSES, 'active', 'paused', 'active', 'paused'] as Status[]);
    this.#wishes.set(id, {
      workspace,
      desired,
      held: random() < 0.1,
      broken: random() < 0.1,
      timed: !this.#isLimited && random() < 0.4 && (desired === 'active' || desired === 'scheduled'),
    });
  }

  #files(): Record<string, string> {
    const files: Record<string, string> = {};
    for (const [id, {broken, desired, held, timed, workspace}] of this.#wishes) {
      const confirmed = desired === 'cancelled' && !broken;
      if (confirmed) this.#cancelsAskedFor.add(id);
      const extra = [
        ...(confirmed ? [`confirmCancel: ${id}`] : []),
        ...(held ? ['hold: {reason: soak}'] : []),
        ...(timed ? ['timetable: {calendar: soak}'] : []),
      ].join('\n  ');
      const text = yaml({name: id, campaignId: id, workspace, desired, extra});
      files[`${id}.yaml`] = broken && !confirmed ? `${text}  unknownKey: 1\n` : text;
    }
    files['calendar.yaml'] = calendarText(this.#calendar);
    for (const [index, freeze] of this.#freezes.entries())
      files[`freeze-${index}.yaml`] = freezeText(freeze, index);
    return files;
  }

  #tellModel(at: number): void {
    const calendar = this.#calendar;
    const asked = [...this.#wishes].map(
      ([id, {broken, desired, held, timed, workspace}]): [string, Asked] => [
        id,
        {
          workspace,
          isKept: broken || held,
          desiredAt: time => {
            if (!timed) return desired;
            if (isNearEdge(calendar, time)) return undefined;
            return isOpen(calendar, time) ? desired : 'paused';
          },
        },
      ],
    );
    this.#model.committed(new Map(asked), at);
  }

  /** Freezes come and go with commits; all of them are over before the world comes to rest. */
  #freeze(): void {
    const random = this.#random;
    const {now} = this.#world;
    const kept = this.#freezes.filter(() => random() < 0.6);
    if (random() < 0.5) {
      this.#freezes = kept;
      return;
    }
    const from = now + (random() - 0.5) * 4 * HOUR;
    const until = Math.min(from + (0.5 + random()) * 4 * HOUR, this.#restsAt);
    const workspace = pick(random, ['', ...WORKSPACES]) || undefined;
    const fresh = {workspace, from, until, committedAt: now};
    this.#freezes = from < until ? [...kept, fresh] : kept;
  }

  #newCalendar(): Calendar {
    const random = this.#random;
    const from = Math.floor(random() * 1_000);
    const closedFrom = START + Math.floor((random() * TROUBLED) / MINUTE) * MINUTE;
    return {
      from,
      to: from + 60 + Math.floor(random() * (1_380 - from)),
      closed: {from: closedFrom, to: closedFrom + Math.ceil(random() * 300) * MINUTE},
    };
  }

  /** A timetable has been closed for so long that nobody may have overlooked it. */
  #isClosed(id: string, at: number): boolean {
    const wish = this.#wishes.get(id);
    if (!wish?.timed || wish.broken || at - this.#committedAt < FRESH_FOR) return false;
    return !isOpen(this.#calendar, at) && !isOpen(this.#calendar, at - FRESH_FOR);
  }

  #ceiling(action: string, workspace: string): number {
    const limit = LIMITS[action === 'cancel' ? 'cancel' : 'resume'];
    if (this.#world.now >= this.#restsAt) return Number.POSITIVE_INFINITY;
    const declared = [...this.#wishes.values()].filter(wish => wish.workspace === workspace).length;
    return Math.max(limit.most, limit.share * declared);
  }

  /** Lets time pass, and looks at each closing that comes in a quiet time: by its edge, nobody may dial any more. */
  async #passWithEdges(length: number): Promise<void> {
    const world = this.#world;
    const end = world.now + length;
    for (let at = Math.ceil(world.now / MINUTE) * MINUTE; at < end; at += MINUTE) {
      if (isOpen(this.#calendar, at) || !isOpen(this.#calendar, at - MINUTE)) continue;
      await world.pass(at - world.now);
      if (this.#isQuiet(at)) this.#differences.push(...this.#dialling(at));
    }
    await world.pass(end - world.now);
  }

  /** Within which time everything that happened in a quiet world has been seen. */
  get #seenWithin(): number {
    return this.#pollInterval + 10 * MINUTE;
  }

  #isQuiet(at: number): boolean {
    return !this.#isFaulty && at - this.#troubledAt > this.#seenWithin;
  }

  /** What every campaign really is. */
  get #statuses(): Readonly<Record<string, string>> {
    return Object.assign({}, ...WORKSPACES.map(workspace => this.#world.statuses(workspace)));
  }

  #dialling(at: number): string[] {
    const statuses = this.#statuses;
    return [...this.#wishes].flatMap(([id, {broken, held, timed}]) => {
      const status = statuses[id];
      if (!timed || held || broken || (status !== 'active' && status !== 'scheduled')) return [];
      return [`${id} is ${status} at the closing of ${new Date(at).toISOString()}`];
    });
  }

  /** One thing that may happen: a commit, a person in the dashboard, the platform getting worse or better. */
  #happen(): void {
    const random = this.#random;
    const id = pick(random, [...this.#wishes.keys()]);
    const {workspace} = this.#wishes.get(id) ?? {workspace: ''};
    const what = random();
    const wasQuiet = this.#isQuiet(this.#world.now);
    this.#moved = undefined;
    this.#troubledAt = what < 0.9 ? this.#world.now : this.#troubledAt;
    if (what >= 0.9) this.#isFaulty = false;
    else if (what >= 0.65) this.#isFaulty = true;
    if (what < 0.35) {
      for (const changed of [...this.#wishes.keys()].filter(() => random() < 0.4)) {
        this.#wish(changed, this.#wishes.get(changed)?.workspace ?? '');
      }
      this.#freeze();
      if (random() < 0.2) this.#calendar = this.#newCalendar();
      this.#committedAt = this.#world.now;
      this.#tellModel(this.#committedAt);
      this.#world.commit(this.#files());
    } else if (what < 0.65) {
      this.#move(id, workspace, wasQuiet);
    } else if (what < 0.9) {
      this.#world.faults(
        Object.fromEntries(FAULT_KINDS.filter(() => random() < 0.25).map(fault => [fault, random() * 0.6])),
      );
    } else this.#world.faults({});
  }

  /** Somebody works in the dashboard. */
  #move(id: string, workspace: string, wasQuiet: boolean): void {
    const action = pick(this.#random, ['pause', 'resume', 'pause', 'resume', 'cancel'] as const);
    const wasInPlace = this.#isInPlace(id);
    const {ok} = this.#world.dashboard(workspace).act(id, action, 'soak', this.#world.now);
    if (!ok) return;
    this.#moves.set(id, (this.#moves.get(id) ?? 0) + 1);
    if (wasQuiet && wasInPlace) this.#moved = {id, told: this.#driftsOf(id)};
  }

  /** A campaign is as Git wants it, and would be set right if it were not. */
  #isInPlace(id: string): boolean {
    const wish = this.#wishes.get(id);
    if (!wish || wish.held || wish.broken || wish.timed) return false;
    const status = this.#statuses[id] ?? '';
    const runs = status === 'active' || status === 'scheduled';
    return wish.desired === 'active' || wish.desired === 'scheduled' ? runs : wish.desired === status;
  }

  #driftsOf(id: string): number {
    return this.#world.drifts.filter(({campaignId}) => campaignId === id).length;
  }

  /** What somebody moved in a quiet time, and nobody was told of. */
  #untold(): string[] {
    if (!this.#moved) return [];
    const {id, told} = this.#moved;
    const hasEnded = this.#statuses[id] === 'ended';
    return hasEnded || this.#driftsOf(id) > told ? [] : [`${id} was moved, and nobody was told of drift`];
  }

  /** Holds what the stores say against the same worked out from scratch. */
  #compare(): void {
    const {controller, now, workspaces} = this.#world;
    const moment = {now, ticks: timerClock.ticks()};
    const isTroubled = now < this.#restsAt;
    const maxAge = this.#isLimited && isTroubled ? MAX_AGE : undefined;
    for (const {store} of workspaces)
      this.#differences.push(...differences(store, controller.declarations, moment, maxAge));
  }

  /** Campaigns of which more drift was told than anybody made: somebody was blamed for what Rollcall did, or nobody. */
  #blamed(): string[] {
    const certain = this.#world.drifts.filter(({reason}) => !reason.includes(PERHAPS_OWN));
    const told = Map.groupBy(certain, ({campaignId}) => campaignId);
    return [...told].flatMap(([id, drifts]) => {
      const length = new Set(drifts.map(({liveUpdatedAt}) => liveUpdatedAt)).size;
      const moves = this.#moves.get(id) ?? 0;
      return length > moves ? [`${id} drifted ${length} times, and was changed ${moves} times`] : [];
    });
  }

  /** What should be settled, two hours after the last fault, and is not. */
  #unsettled(): string[] {
    const [world, statuses] = [this.#world, this.#statuses];
    return [...this.#wishes].flatMap(([id, {broken, desired: declared, held, timed}]) => {
      const status = statuses[id] ?? '';
      if (held || broken || !isStatus(status) || (timed && isNearEdge(this.#calendar, world.now))) return [];
      const desired = timed && !isOpen(this.#calendar, world.now) ? 'paused' : declared;
      return relate(desired, status).kind === 'act'
        ? [`${id} is ${status}, although Git wants ${desired}`]
        : [];
    });
  }
}

/**
 * Runs one seed: some days of trouble, then rest, after which everything must be in place.
 *
 * @param troubled how long it is troubled, in milliseconds of the simulated world
 */
export const soak = (seed: number, troubled = TROUBLED): Promise<SoakResult> =>
  new Soak(seed, troubled).run(seed);
