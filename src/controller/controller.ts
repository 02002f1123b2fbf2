import {type Condition, conditions, type Trouble} from '../domain/conditions.ts';
import {claimed, claimsByWorkspace, type DeclarationSet, NOTHING_DECLARED} from '../domain/declarations.ts';
import {type Finding, find} from '../domain/finding.ts';
import {type Report, summarise} from '../domain/report.ts';
import {Loop} from './loop.ts';
import type {Clock, DeclarationSource, Random, Recorder, Revision} from './ports.ts';
import type {WorkspaceReconciler} from './workspace.ts';

export interface ControllerOptions {
  readonly source: DeclarationSource;
  readonly workspaces: readonly WorkspaceReconciler[];
  readonly clock: Clock;
  readonly random: Random;
  readonly recorder: Recorder;
  /** Milliseconds between two reads of the source. */
  readonly sourceInterval: number;
  /** Milliseconds between two polls of a workspace. */
  readonly pollInterval: number;
}

const EMPTIED: Trouble = {
  reason: 'EmptyRevision',
  message: 'the revision declares nothing, where there were declarations before; no action is taken',
  stalls: true,
};

/** How much an interval varies, so that many controllers do not ask in step. */
const JITTER = 0.1;

interface Lane {
  readonly workspace: WorkspaceReconciler;
  readonly poll: Loop;
  readonly pass: Loop;
}

/**
 * Keeps the platform as Git wants it. The source has one loop; each workspace has two of its own, one that
 * polls and one that makes passes, so that no workspace waits for another, nor a new revision for a poll.
 */
export class Controller {
  readonly #options: ControllerOptions;
  readonly #stopping = new AbortController();
  readonly #sourceLoop: Loop;
  readonly #lanes: readonly Lane[];
  #unwatch: () => Promise<void> = async () => {};
  #revision: Revision | undefined;
  #declarations: DeclarationSet = NOTHING_DECLARED;
  #sourceTrouble: Trouble | undefined;
  #emptied = false;
  #conditions: readonly Condition[] = [];

  constructor(options: ControllerOptions) {
    this.#options = options;
    const {clock} = options;
    this.#sourceLoop = new Loop(() => this.#sourceRun(), clock);
    this.#lanes = options.workspaces.map(workspace => {
      const poll: Loop = new Loop(() => this.#pollRun(lane), clock);
      const lane: Lane = {workspace, poll, pass: new Loop(() => this.#passRun(lane), clock)};
      return lane;
    });
  }

  /** Starts all loops, and returns at once. */
  async start(): Promise<void> {
    this.#observe();
    this.#unwatch = await this.#options.source.watch(() => this.#sourceLoop.trigger());
    this.#sourceLoop.trigger();
  }

  /** Takes up no more work; resolves when what was in flight has ended. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#unwatch();
    await Promise.all(
      [this.#sourceLoop, ...this.#lanes.flatMap(({pass, poll}) => [poll, pass])].map(loop => loop.stop()),
    );
  }

  /** Reads the source and every workspace once, and acts until nothing is left that can be done now. */
  async once(): Promise<void> {
    await this.#readSource();
    const {signal} = this.#stopping;
    await Promise.all(
      this.#lanes.map(async ({workspace}) => {
        await workspace.poll(signal);
        while ((await workspace.pass(signal)).again);
      }),
    );
    this.#observe();
  }

  /** The revision in force, if one could be read. */
  get revision(): Revision | undefined {
    return this.#revision;
  }

  get declarations(): DeclarationSet {
    return this.#declarations;
  }

  /** Every campaign that Git or the platform knows, those of workspaces that are not configured among them. */
  findings(): readonly Finding[] {
    const known = new Set(this.#options.workspaces.map(({name}) => name));
    const now = this.#options.clock.now();
    const strays = [...this.#declarations.claims.values()].flatMap(claim => {
      const {campaignId, workspace} = claimed(claim);
      if (known.has(workspace)) return [];
      return find({campaignId, claim}, {workspace, mode: 'detect', now, past: {}}) ?? [];
    });
    return [...this.#options.workspaces.flatMap(({findings}) => findings), ...strays];
  }

  /** What is missing until the controller may be called ready; empty once it is. */
  notReady(): readonly string[] {
    if (!this.#revision) return [this.#sourceTrouble?.message ?? 'no revision has been read yet'];
    return this.#options.workspaces
      .filter(({passed}) => !passed)
      .map(({name}) => `workspace ${name}: no pass has ended yet`);
  }

  report(): Report {
    this.#observe();
    return {
      revision: this.#revision?.id,
      observedAt: this.#options.clock.now(),
      leader: true,
      conditions: this.#conditions,
      summary: summarise(this.findings()),
      diagnostics: this.#declarations.diagnostics,
    };
  }

  async #sourceRun(): Promise<void> {
    const adopted = await this.#readSource();
    if (adopted) {
      for (const {pass, poll, workspace} of this.#lanes) {
        if (workspace.polled) pass.trigger();
        poll.trigger();
      }
    }
    this.#observe();
    this.#sourceLoop.wakeAt(this.#jittered(this.#options.sourceInterval));
  }

  async #pollRun({pass, poll, workspace}: Lane): Promise<void> {
    await workspace.poll(this.#stopping.signal);
    pass.trigger();
    const next = this.#jittered(this.#options.pollInterval);
    poll.wakeAt(Math.max(next, workspace.restUntil ?? 0));
  }

  async #passRun({pass, workspace}: Lane): Promise<void> {
    const {again, wakeAt} = await workspace.pass(this.#stopping.signal);
    if (again) pass.trigger();
    if (wakeAt !== undefined) pass.wakeAt(wakeAt);
    this.#observe();
  }

  /** True when a revision was taken into force. */
  async #readSource(): Promise<boolean> {
    const {recorder, source} = this.#options;
    const reading = await source.read(this.#stopping.signal);
    if (this.#stopping.signal.aborted) return false;
    recorder.sourceRead(reading);
    this.#sourceTrouble = reading.kind === 'failed' ? reading.trouble : undefined;
    if (reading.kind !== 'read') return false;
    this.#adopt(reading.revision, reading.declarations);
    return true;
  }

  #adopt(revision: Revision, declarations: DeclarationSet): void {
    const nothing = declarations.claims.size === 0 && declarations.diagnostics.length === 0;
    this.#emptied = nothing && (this.#emptied || this.#declarations.claims.size > 0);
    this.#revision = revision;
    this.#declarations = declarations;
    const parts = claimsByWorkspace(declarations);
    for (const {workspace} of this.#lanes) workspace.adopt(revision, parts.get(workspace.name) ?? new Map());
    this.#options.recorder.revisionAdopted(revision, declarations);
  }

  #observe(): void {
    const {clock, workspaces} = this.#options;
    const troubles = [
      this.#sourceTrouble,
      this.#emptied ? EMPTIED : undefined,
      ...workspaces.map(w => w.trouble),
    ];
    this.#conditions = conditions(
      {
        started: this.#revision !== undefined && workspaces.every(({passed}) => passed),
        troubles: troubles.filter(trouble => trouble !== undefined),
        summary: summarise(this.findings()),
        diagnostics: this.#declarations.diagnostics.length,
        actionsLeft: workspaces.reduce((sum, {actionsLeft}) => sum + actionsLeft, 0),
      },
      this.#conditions,
      clock.now(),
    );
  }

  #jittered(interval: number): number {
    const {clock, random} = this.#options;
    return clock.now() + interval * (1 - JITTER + 2 * JITTER * random());
  }
}
