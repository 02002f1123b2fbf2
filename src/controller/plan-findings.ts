import type {Past} from '../domain/assess.ts';
import {type Claim, claimed, desiredOf} from '../domain/declarations.ts';
import {diff} from '../domain/diff.ts';
import {type Finding, find} from '../domain/finding.ts';
import type {LiveView} from './live-view.ts';
import {leadOf} from './plan-lead.ts';
import type {PlanWorkspace} from './plan-workspace.ts';
import type {Failure} from './ports.ts';

/** A workspace as a plan finds it: what is declared there, by the revision and by its base, and what is live. */
export interface Live {
  readonly workspace: PlanWorkspace;
  readonly claims: ReadonlyMap<string, Claim>;
  readonly base: ReadonlyMap<string, Claim>;
  readonly view: LiveView;
  /** An allowance lets resumes through, however long they have been due. */
  readonly allowsResumes: boolean;
  failure: Failure | undefined;
}

/** What is known of a campaign's past. */
export type PastOf = (claim: Claim) => Past;

/** How old the resume of a campaign may be that somebody moved since its file was last changed. */
const freshnessOf = ({resumeMaxAge: maxAge}: PlanWorkspace, {declaredBefore: inForceAt}: Past) =>
  maxAge === undefined || inForceAt === undefined ? undefined : {maxAge, inForceAt};

/** What is found of each campaign. */
export const findAll = (
  {allowsResumes: isFree, view, workspace}: Live,
  claims: ReadonlyMap<string, Claim>,
  pastOf: PastOf,
  now: number,
): Finding[] => {
  const {mode, name, pace} = workspace;
  const about = {workspace: name, mode, now, lead: leadOf(claims, pace)};
  return diff(claims, view.observations()).flatMap(pair => {
    const past = pair.claim ? pastOf(pair.claim) : {};
    const found = find(pair, {...about, past});
    if (!found) return [];
    const freshness = found.cause === 'drifted' && !isFree ? freshnessOf(workspace, past) : undefined;
    return (freshness && find(pair, {...about, past, freshness})) ?? found;
  });
};

/** Nothing is known. */
export const UNKNOWN_PAST: PastOf = () => ({});

/**
 * Since when Git asks for what a claim asks for: since its file last changed; where there is a base, since the
 * file changed there that asks for the same, or else since the change itself.
 */
export const pastBy =
  (times: ReadonlyMap<string, number>, base?: ReadonlyMap<string, Claim>): PastOf =>
  claim => {
    const earlier = base ? base.get(claimed(claim).campaignId) : claim;
    const same = earlier !== undefined && desiredOf(earlier) === desiredOf(claim);
    const declaredBefore = same ? times.get(claimed(earlier).source.file) : undefined;
    return declaredBefore === undefined ? {} : {declaredBefore};
  };

/** What is found of a workspace; where it could not be read, only what is known all the same. */
export const findKnown = (
  live: Live,
  claims: ReadonlyMap<string, Claim>,
  pastOf: PastOf,
  now: number,
): Finding[] => findAll(live, claims, pastOf, now).filter(({state}) => !live.failure || state !== 'unknown');
