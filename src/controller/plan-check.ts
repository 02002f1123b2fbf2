import {campaignKey} from '../domain/campaign.ts';
import type {Claim} from '../domain/declarations.ts';
import {diff} from '../domain/diff.ts';
import {type Finding, find} from '../domain/finding.ts';
import {type GuardedAction, guard} from '../domain/guard.ts';
import {asPlanned, movedSince} from '../domain/moved.ts';
import {plan} from '../domain/plan.ts';
import type {ProposedChange} from '../domain/proposed-change.ts';
import type {LiveView} from './live-view.ts';
import {leadOf} from './plan-lead.ts';
import {countsAs, limitsExceeded} from './plan-limits.ts';
import type {PlanWorkspace} from './plan-workspace.ts';
import type {PlanRequest} from './planner.ts';
import type {Failure, Random} from './ports.ts';
import {readLive} from './read-live.ts';

/** A saved plan's actions, and what they are held against. */
export type ApplyRequest = Pick<
  PlanRequest,
  'declarations' | 'workspaces' | 'clock' | 'signal' | 'onWait'
> & {
  readonly planned: readonly ProposedChange[];
  readonly random: Random;
};

/** One workspace with what a plan wants of it and what is so now. */
interface Site {
  readonly workspace: PlanWorkspace;
  readonly view: LiveView;
  readonly findings: ReadonlyMap<string, Finding>;
  /** How long before its edge a closing begins: milliseconds. */
  readonly lead: number;
}

/** A planned change that no longer holds, and why. */
export interface Moved {
  readonly change: ProposedChange;
  readonly message: string;
}

/** What came of holding a plan against Git and the platform. Nothing has been sent. */
export interface Checked {
  readonly moved: readonly Moved[];
  /** What is as the plan wants it already. */
  readonly already: readonly Moved[];
  /** What the plan says for when a hold or a freeze ends, where it has not ended yet. */
  readonly waiting: readonly Moved[];
  /** What may be sent, by workspace. */
  readonly ready: readonly {readonly site: Site; readonly actions: readonly GuardedAction[]}[];
  readonly failures: readonly {readonly workspace: string; readonly failure: Failure}[];
  /** What of it a limit stops by now, in words. */
  readonly limits: readonly string[];
}

const openSite = async (
  workspace: PlanWorkspace,
  request: ApplyRequest,
): Promise<Site & {failure: Failure | undefined}> => {
  const {clock, declarations, planned} = request;
  const ids = new Set(planned.flatMap(item => (item.workspace === workspace.name ? [item.campaignId] : [])));
  const {failure, view} = await readLive(workspace.platform, ids, request);
  const {mode, name, pace} = workspace;
  const claims = declarations.claims.get(name) ?? new Map<string, Claim>();
  const wanted = new Map([...claims].filter(([id]) => ids.has(id)));
  const lead = leadOf(claims, pace);
  const context = {workspace: name, mode, now: clock.now(), lead, past: {}};
  const findings = diff(wanted, view.observations()).flatMap(pair => find(pair, context) ?? []);
  const byId = new Map(findings.map(finding => [finding.campaignId, finding]));
  return {workspace, view, findings: byId, lead, failure};
};

/** Why a change that the plan says for later is not sent yet; undefined where nothing keeps it any more. */
const keptYet = ({effect}: ProposedChange, found: Finding | undefined): string | undefined => {
  if (effect !== 'later' || !found) return undefined;
  if (found.state === 'held') return `its hold has not ended yet: ${found.reason}`;
  return found.restraint?.reason === 'frozen' ? `its freeze has not ended yet: ${found.reason}` : undefined;
};

/** What is to be said of each planned change that is not to be sent now: it has moved, or something keeps it yet. */
const partition = (
  sites: readonly Site[],
  {clock, planned}: ApplyRequest,
): {moved: Moved[]; already: Moved[]; waiting: Moved[]} => {
  const now = clock.now();
  const byName = new Map(sites.map(site => [site.workspace.name, site]));
  const [moved, already, waiting]: [Moved[], Moved[], Moved[]] = [[], [], []];
  for (const change of planned) {
    const site = byName.get(change.workspace);
    const found = site?.findings.get(change.campaignId);
    const done = asPlanned(change, found);
    if (done !== undefined) {
      already.push({change, message: done});
      continue;
    }
    const kept = keptYet(change, found);
    if (kept !== undefined) {
      waiting.push({change, message: kept});
      continue;
    }
    const message = site
      ? movedSince(change, found, now)
      : `workspace ${change.workspace} is not in this configuration`;
    if (message !== undefined) moved.push({change, message});
  }
  return {moved, already, waiting};
};

const keyOf = ({campaignId, workspace}: {campaignId: string; workspace: string}) =>
  campaignKey(workspace, campaignId);

/** Reads every planned campaign again, and holds the plan against it and against Git. Sends nothing. */
export const checkPlan = async (request: ApplyRequest): Promise<Checked> => {
  const named = new Map(request.planned.map(change => [keyOf(change), change]));
  const concerned = request.workspaces.filter(({name}) =>
    request.planned.some(({workspace}) => workspace === name),
  );
  const sites = await Promise.all(concerned.map(workspace => openSite(workspace, request)));
  const {already, moved, waiting} = partition(sites, request);
  const out = new Set([...moved, ...already, ...waiting].map(({change}) => keyOf(change)));
  const now = request.clock.now();
  const verdicts = sites.map(site => {
    const holding = [...site.findings.values()].filter(finding => !out.has(keyOf(finding)));
    return {site, ...guard(plan(holding, now), {now, lead: site.lead})};
  });
  const stopped = verdicts.flatMap(verdict =>
    verdict.stopped.flatMap(({message, planned: {declaration}}) => {
      const change = named.get(keyOf(declaration));
      return change ? [{change, message}] : [];
    }),
  );
  const {allowances, claims} = request.declarations;
  return {
    limits: verdicts.flatMap(({passed, site: {workspace}}) => {
      const due = passed.map(({action, cause}) => ({cause, steps: [action]}));
      const wanted = {
        resume: due.filter(countsAs('resume')).length,
        cancel: due.filter(countsAs('cancel')).length,
      };
      const declared = claims.get(workspace.name)?.size ?? 0;
      return limitsExceeded(workspace, {wanted, declared, allowances}, now);
    }),
    moved: [...moved, ...stopped],
    already,
    waiting,
    ready: verdicts.map(({passed, site}) => ({site, actions: passed})),
    failures: sites.flatMap(({failure, workspace}) =>
      failure ? [{workspace: workspace.name, failure}] : [],
    ),
  };
};
