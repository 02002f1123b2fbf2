import type {Moment} from '../../src/controller/moment.ts';
import {type Entry, pairOf, pastOf} from '../../src/controller/store/entry.ts';
import type {CampaignStore} from '../../src/controller/store/store.ts';
import type {Claim, DeclarationSet} from '../../src/domain/declarations.ts';
import {judge, type Verdict} from '../../src/domain/judge.ts';
import {restraintOf} from '../../src/domain/restraint.ts';
import {CAMPAIGN_STATES} from '../../src/domain/states.ts';
import {ACTIONS, type Action} from '../../src/domain/transitions.ts';

/** What a store must say, worked out anew from everything that it knows: each difference in words. */
export const differences = (
  store: CampaignStore,
  declarations: DeclarationSet,
  moment: Moment,
  resumeMaxAge?: number,
): string[] => {
  const entries = [...store.after()];
  const claims = declarations.claims.get(store.workspace) ?? new Map<string, Claim>();
  const found: string[] = [];
  const differs = (what: string, is: unknown, should: unknown): void => {
    const [one, other] = [JSON.stringify(is), JSON.stringify(should)];
    if (one !== other) found.push(`${store.workspace} ${what}: ${one}, and from scratch ${other}`);
  };
  for (const entry of entries.filter(one => isUpToDate(one, moment))) {
    const {campaignId, freeSince, inForceAt, queuedFor, verdict, waiting} = entry;
    const expected = judge(pairOf(entry), {
      mode: 'enforce',
      now: moment.now,
      lead: store.closings.closing.lead,
      limited: store.stops.restraints,
      ...(resumeMaxAge !== undefined && {freshness: {maxAge: resumeMaxAge, inForceAt, freeSince}}),
      past: pastOf(entry, store.indexes.origin),
      restraint: restraintOf(entry.moves, moment.now),
      ...(waiting && {trouble: {...waiting.outcome, retryAt: moment.now}}),
    });
    differs(`${campaignId} verdict`, said(verdict), said(expected));
    differs(`${campaignId} due`, queuedFor, waiting ? undefined : dueFor(verdict));
    differs(`${campaignId} claim`, entry.claim, claims.get(campaignId));
  }
  differs('declared', [...store.declared].toSorted(), [...claims.keys()].toSorted());
  const {counts, drifted, due, states} = store.indexes;
  for (const state of CAMPAIGN_STATES) {
    differs(state, counts.summary[state], entries.filter(({verdict}) => verdict?.state === state).length);
    differs(`those that are ${state}`, states[state].size, counts.summary[state]);
  }
  for (const action of ACTIONS)
    differs(`due ${action}`, due.number(action), entries.filter(one => one.queuedFor === action).length);
  differs('drifted', drifted.size, entries.filter(({verdict}) => isDrifted(verdict)).length);
  return found;
};

/** False where an entry has changed since it was settled, or its time has come: the next settling takes it in. */
const isUpToDate = (entry: Entry, {now, ticks}: Moment): boolean => {
  const {claim, inTurn, marked, verdict, waiting, wanted} = entry;
  const {staleAt} = verdict ?? {};
  const holdsUntil = claim?.kind === 'valid' ? claim.declaration.hold?.until : undefined;
  const restraint = verdict?.restraint;
  return (
    !marked &&
    !inTurn &&
    !(waiting && waiting.dueAt <= ticks) &&
    !(holdsUntil !== undefined && holdsUntil <= now) &&
    !(restraint?.until !== undefined && restraint.until <= now) &&
    !(wanted?.until !== undefined && wanted.until <= now) &&
    !(staleAt !== undefined && staleAt <= now)
  );
};

const said = (verdict: Verdict | undefined) =>
  verdict && [verdict.state, verdict.mode, verdict.steps, verdict.cause, verdict.restraint?.reason];

const dueFor = (verdict: Verdict | undefined): Action | undefined =>
  verdict?.cause && verdict.mode !== 'detect' && verdict.state !== 'held' && !verdict.restraint
    ? verdict.steps[0]
    : undefined;

const isDrifted = (verdict: Verdict | undefined): boolean =>
  verdict?.cause === 'drifted' && ['drifted', 'failed', 'held'].includes(verdict.state);
