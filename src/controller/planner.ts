import type {Claim, DeclarationSet} from '../domain/declarations.ts';
import type {Finding} from '../domain/finding.ts';
import type {Limited} from '../domain/limits.ts';
import {type Proposal, propose} from '../domain/proposal.ts';
import {actsAt, type ProposedChange} from '../domain/proposed-change.ts';
import {type Patience, patiently} from './patiently.ts';
import {findAll, findKnown, type Live, pastBy, UNKNOWN_PAST} from './plan-findings.ts';
import {allowsResumes, countsAs, limitsExceeded} from './plan-limits.ts';
import type {PlanWorkspace} from './plan-workspace.ts';
import type {Clock, Failure} from './ports.ts';
import {readLive} from './read-live.ts';

/** What a plan is made of, besides the live campaigns. */
export interface PlanRequest {
  readonly declarations: DeclarationSet;
  /** What the revision is compared with, if with anything. */
  readonly base?: DeclarationSet;
  readonly workspaces: readonly PlanWorkspace[];
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onWait: Patience['onWait'];
  /** Files whose problems are told by themselves: their campaigns need no further word. */
  readonly told: ReadonlySet<string>;
  /**
   * When files last changed in Git (epoch milliseconds), up to the base where there is one; a file that never did, or
   * not yet, is left out.
   */
  readonly changedAt: (files: readonly string[]) => Promise<ReadonlyMap<string, number>>;
  /** Told how many campaigns' windows have been read, of how many. */
  readonly onProgress: (done: number, total: number) => void;
}

/** A plan for review; with what kept a workspace from being read, where something did: its campaigns are then left out. */
export interface PlanResult {
  readonly proposal: Proposal;
  readonly failures: readonly {readonly workspace: string; readonly failure: Failure}[];
  /** What a controller would stop as a whole, in words: what it has sent before is not counted here. */
  readonly limits: readonly string[];
}

const NONE: ReadonlyMap<string, Claim> = new Map();

const openAll = async (request: PlanRequest): Promise<Live[]> => {
  return Promise.all(
    request.workspaces.map(async workspace => {
      const claims = request.declarations.claims.get(workspace.name) ?? NONE;
      const base = request.base?.claims.get(workspace.name) ?? NONE;
      const declared = new Set([...claims.keys(), ...base.keys()]);
      const {allowances} = request.declarations;
      const isFree = allowsResumes(workspace.name, allowances, request.clock.now());
      const live = await readLive(workspace.platform, declared, request);
      return {workspace, claims, base, allowsResumes: isFree, ...live};
    }),
  );
};

/** Reads one campaign's window. A failure that concerns more than this campaign ends its workspace's turn. */
const readWindow = async (live: Live, {campaignId, steps}: Finding, request: PlanRequest): Promise<void> => {
  const [action] = steps;
  if (!action) return;
  const {clock, signal} = request;
  const read = () => live.workspace.platform.read(campaignId, action, signal);
  const reply = await patiently(read, answer => (answer.ok ? undefined : answer.failure), request);
  if (reply.ok) live.view.confirm(reply.value.campaign, reply.value.askedAt);
  else if (reply.failure.kind === 'missing') live.view.miss(campaignId, clock.ticks());
  else live.failure = reply.failure;
};

/** Asks for the windows of the campaigns that would be resumed or cancelled, and for those alone. */
const readWindows = async (lives: readonly Live[], request: PlanRequest): Promise<void> => {
  const now = request.clock.now();
  const wanted = lives.map(live =>
    findAll(live, live.claims, UNKNOWN_PAST, now).filter(
      finding => actsAt(finding, now) !== undefined && finding.steps[0] !== 'pause',
    ),
  );
  const total = wanted.reduce((sum, {length}) => sum + length, 0);
  let done = 0;
  const work = async (live: Live, waiting: Iterable<Finding>): Promise<void> => {
    for (const finding of waiting) {
      if (live.failure || request.signal.aborted) return;
      await readWindow(live, finding, request);
      done += 1;
      request.onProgress(done, total);
    }
  };
  await Promise.all(
    lives.flatMap((live, index) => {
      const waiting = (wanted[index] ?? []).values();
      return Array.from({length: live.workspace.concurrency}, () => work(live, waiting));
    }),
  );
};

/** What the actions of a workspace exceed, where some of them come from the change. */
const limitsOf = (
  {claims, workspace}: Live,
  {anyway, changes}: Proposal,
  {declarations: {allowances}}: PlanRequest,
  now: number,
): readonly string[] => {
  const isHere = (change: ProposedChange): boolean =>
    change.workspace === workspace.name && change.effect === 'act';
  const [brought, besides] = [changes.filter(isHere), anyway.filter(isHere)];
  const wanted = (action: Limited): number => {
    const own = brought.filter(countsAs(action)).length;
    return own === 0 ? 0 : own + besides.filter(countsAs(action)).length;
  };
  const atOnce = {resume: wanted('resume'), cancel: wanted('cancel')};
  return limitsExceeded(workspace, {wanted: atOnce, declared: claims.size, allowances}, now);
};

/**
 * Plans for review: what a revision would do to the live campaigns, and what of it its base would do as well.
 * Only reads.
 */
export const planRevision = async (request: PlanRequest): Promise<PlanResult> => {
  const lives = await openAll(request);
  await readWindows(
    lives.filter(({failure}) => !failure),
    request,
  );
  const now = request.clock.now();
  const compared = request.base !== undefined;
  const rough = lives.flatMap(live => findAll(live, compared ? live.base : live.claims, UNKNOWN_PAST, now));
  const files = rough.flatMap(({cause, source}) => (cause && source ? [source.file] : []));
  const times = await request.changedAt([...new Set(files)]);
  const after = lives.flatMap(live =>
    findKnown(live, live.claims, pastBy(times, compared ? live.base : undefined), now),
  );
  const before = lives.flatMap(live => findKnown(live, live.base, pastBy(times), now));
  const known = propose(after, compared ? before : undefined, now, request.told);
  const declared = lives.reduce((sum, {claims}) => sum + claims.size, 0);
  const proposal = {...known, declared};
  return {
    proposal,
    limits: lives.flatMap(live => limitsOf(live, proposal, request, now)),
    failures: lives.flatMap(({failure, workspace}) =>
      failure ? [{workspace: workspace.name, failure}] : [],
    ),
  };
};
