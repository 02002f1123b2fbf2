import {ACTIONS, type Action} from '../domain/transitions.ts';
import type {Listener} from './events.ts';
import {isMoving, isProgress, nextTime, type PassEnd, resultOf} from './pass-end.ts';
import type {Revision} from './ports.ts';
import {MOST_IN_A_PASS, takeDue} from './take-due.ts';
import {type Came, Turns} from './turns.ts';
import type {WorkspaceDependencies, WorkspaceSettings} from './workspace-options.ts';
import type {WorkspaceState} from './workspace-state.ts';

/** What is in force. */
interface Ground {
  readonly revision: Revision;
  readonly settings: WorkspaceSettings;
}

/** What a pass is given. */
export interface PassOf {
  /** What is in force when it takes its campaigns. */
  readonly ground: () => Ground;
  readonly signal: AbortSignal;
  /** Called when requests have ended that an interrupted pass did not wait for. */
  readonly onNews: () => void;
}

/** The passes of one workspace, which bring it to what Git wants: one at a time. */
export class Passes {
  readonly #state: WorkspaceState;
  readonly #listener: Listener;
  readonly #turns: Turns;
  #hasEnded = false;
  /** In an outage what failed before was tried again in vain: it may be broken itself. */
  #triedInVain = false;
  #interrupt = new AbortController();

  constructor(state: WorkspaceState, dependencies: WorkspaceDependencies) {
    this.#state = state;
    this.#listener = dependencies.listener;
    this.#turns = new Turns(state.store, dependencies);
  }

  get actionsLeft(): number {
    return this.#turns.actor.actionsLeft;
  }

  /** True once one has ended after the platform was asked, whatever came of it. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Resolves once no request of a turn is on its way any more. */
  idle(): Promise<void> {
    return this.#turns.idle();
  }

  /** Has the pass end that is under way, after what is in flight. */
  interrupt(): void {
    this.#interrupt.abort();
    this.#interrupt = new AbortController();
  }

  /** Takes in what was seen: a pass that is past its pauses gives way to one that has become due, and its resumes to what may be one. */
  async heed(): Promise<void> {
    await this.#state.settled();
    const {phase} = this.#turns.actor;
    const isPauseDue = this.#state.store.indexes.due.number('pause') > 0;
    const isOvertaken = phase !== 'pause' && isPauseDue;
    if (phase !== undefined && (isOvertaken || (phase === 'resume' && this.#state.reading.isSought)))
      this.interrupt();
  }

  /** One pass: settle, plan, guard, apply, settle again. One that is interrupted does not wait for requests that are on their way. */
  async run(of: PassOf): Promise<PassEnd> {
    const {health, reading, store} = this.#state;
    const startedAt = this.#state.moment.ticks;
    const rested = health.failure !== undefined;
    const interrupt = AbortSignal.any([of.signal, this.#interrupt.signal]);
    await this.#state.settled();
    const ground = of.ground();
    const isDryRun = ground.settings.dryRun;
    const most = isDryRun ? Number.POSITIVE_INFINITY : MOST_IN_A_PASS;
    const {isWhole, taken} = takeDue(store, {
      most,
      resumes: reading.isWhole,
      sound: this.#soundFirst,
      ticks: startedAt,
      isDryRun,
    });
    const isTry = health.isUnanswered && !this.#triedInVain;
    const {halt, outcomes} = await this.#turns.take(taken, {
      ...ground,
      signal: interrupt,
      finding: entry => this.#state.finding(entry),
      heed: () => this.heed(),
      late: came => {
        this.#learn(came, false);
        of.onNews();
      },
    });
    if (!halt?.unsent) this.#triedInVain = isTry && halt !== undefined;
    this.#learn({halt, outcomes}, taken.length === 0 && isWhole);
    await this.#state.settled();
    this.#hasEnded = reading.polled;
    const seconds = (this.#state.moment.ticks - startedAt) / 1000;
    const result = interrupt.aborted ? 'interrupted' : resultOf(outcomes, health.trouble);
    this.#listener({kind: 'pass-ended', workspace: store.workspace, result, seconds});
    const isUnfinished = interrupt.aborted || (!isWhole && !halt && isProgress(outcomes));
    const again = (isMoving(outcomes) || isUnfinished) && !of.signal.aborted;
    const wakeAt = nextTime(store, health, this.#state.moment, isProgress(outcomes));
    const reopened = rested && health.failure === undefined;
    return {again, read: reopened || reading.isSought, ...(wakeAt !== undefined && {wakeAt})};
  }

  /** A pause goes at any time; what else has not failed only where the pauses that have were tried again. */
  get #soundFirst(): readonly Action[] {
    if (!this.#state.health.isUnanswered) return [];
    return this.#triedInVain ? ACTIONS : ['pause'];
  }

  /** Learns from turns how it stands with the platform. */
  #learn({halt, outcomes}: Came, isIdle: boolean): void {
    const isAnswered = outcomes.some(({kind}) => kind === 'applied' || kind === 'refused');
    const {ticks} = this.#state.moment;
    this.#state.tellTrouble(this.#state.health.passed(halt, {isAnswered, isIdle, ticks}));
  }
}
