import type {ControllerEvent, Listener} from '../../src/controller/events.ts';
import type {Platform, Reply, Sighting} from '../../src/controller/ports.ts';
import {type KnownPast, NO_PAST} from '../../src/controller/store/known-past.ts';
import type {WorkspaceDependencies, WorkspaceSettings} from '../../src/controller/workspace-options.ts';
import {WorkspaceState} from '../../src/controller/workspace-state.ts';
import type {LiveCampaign} from '../../src/domain/campaign.ts';
import type {Claim} from '../../src/domain/declarations.ts';
import type {Action} from '../../src/domain/transitions.ts';
import {claim, live, WHOLE_READING, WORKSPACE} from './fixtures.ts';

const NEVER = new AbortController().signal;
const QUIET = {heed: async () => {}, read: () => {}};
const LEADS_TO = {pause: 'paused', resume: 'active', cancel: 'cancelled'} as const;

/** The revision that a test commits. */
export const REVISION = {id: 'r1', committedAt: 4_000_000};

/** What a revision says otherwise: the status that each campaign should have. */
export const changes = (desired: Readonly<Record<string, 'active' | 'paused' | 'cancelled'>>) => ({
  claims: new Map<string, Claim | undefined>(
    Object.entries(desired).map(([campaignId, wanted]) => [campaignId, claim({campaignId, desired: wanted})]),
  ),
  wishes: new Set(Object.keys(desired)),
});

export interface Opened {
  readonly settings?: Partial<WorkspaceSettings>;
  readonly past?: Partial<KnownPast>;
  /** What the platform has. */
  readonly statuses?: Readonly<Record<string, string>>;
  /** Called with each event before it is noted; may throw. */
  readonly onEvent?: Listener;
  /** Answers an action otherwise than by carrying it out. */
  readonly update?: (campaignId: string, action: Action) => Promise<Reply<LiveCampaign> | undefined>;
}

/** A workspace without a wire: its platform is a table of statuses, its clock stands until a test moves it. */
export const openState = ({onEvent, past, settings, statuses = {}, update}: Opened = {}) => {
  const time = {now: 5_000_000, ticks: 1_000};
  const events: ControllerEvent[] = [];
  const sent: string[] = [];
  const shown = {...statuses};
  const listener: Listener = event => {
    onEvent?.(event);
    events.push(event);
  };
  const sight = (campaignId: string): Sighting => ({
    campaign: live(shown[campaignId] ?? 'active', {campaignId, updatedAt: sent.length}),
    askedAt: time.ticks,
  });
  const read: Platform['poll'] = async ({open, take}) => {
    take([...open].map(sight));
    return WHOLE_READING;
  };
  const platform: Platform = {
    rate: {slots: 5, window: 1_000, used: 3},
    keysUsed: 1,
    tookEffect: () => {},
    poll: read,
    resync: read,
    read: async campaignId => ({ok: true, value: sight(campaignId)}),
    update: async (campaignId, action) => {
      sent.push(`${action} ${campaignId}`);
      const answer = await update?.(campaignId, action);
      if (answer) return answer;
      shown[campaignId] = LEADS_TO[action];
      return {ok: true, value: sight(campaignId).campaign};
    },
  };
  const clock = {now: () => time.now, ticks: () => time.ticks, after: () => () => {}};
  const dependencies: WorkspaceDependencies = {
    clock,
    listener,
    platform,
    random: () => 0.5,
    ...(past && {past: {...NO_PAST, ...past}}),
  };
  const all: WorkspaceSettings = {mode: 'enforce', concurrency: 1, dryRun: false, ...settings};
  const state = new WorkspaceState(WORKSPACE, all, dependencies);
  return {
    state,
    dependencies,
    settings: all,
    time,
    sent,
    /** The events of one kind. */
    told: <K extends ControllerEvent['kind']>(kind: K) =>
      events.filter((event): event is Extract<ControllerEvent, {kind: K}> => event.kind === kind),
    /** Reads what there is, and takes it in. */
    poll: async () => {
      await state.settled();
      await state.reading.read('poll', NEVER, QUIET);
      await state.settled();
    },
  };
};
