import type {LiveReading} from '../../src/controller/ports.ts';
import type {Declaration, LiveCampaign} from '../../src/domain/campaign.ts';
import type {Claim} from '../../src/domain/declarations.ts';
import type {PlannedAction} from '../../src/domain/plan.ts';
import type {Status} from '../../src/domain/transitions.ts';

export const WORKSPACE = 'collections';

export const declaration = (overrides: Partial<Declaration> = {}): Declaration => {
  const campaignId = overrides.campaignId ?? 'camp-1';
  return {
    workspace: WORKSPACE,
    campaignId,
    name: `name-${campaignId}`,
    labels: {},
    desired: 'active',
    source: {file: `${campaignId}.yaml`, line: 1},
    ...(overrides.desired === 'cancelled' && {confirmCancel: campaignId}),
    ...overrides,
  };
};

export const claim = (overrides: Partial<Declaration> = {}): Claim => ({
  kind: 'valid',
  declaration: declaration(overrides),
});

/** An action on a campaign that is declared so, as a plan has it: the pause of an active one, where nothing else is said. */
export const plannedAction = (
  overrides: Partial<PlannedAction> = {},
  declared: Partial<Declaration> = {},
): PlannedAction => {
  const desired = overrides.desired ?? declared.desired ?? 'paused';
  return {
    action: 'pause',
    from: 'active',
    fromUpdatedAt: 0,
    cause: 'pending',
    reason: '',
    desired,
    declaration: declaration({desired, ...declared}),
    ...overrides,
  };
};

export const live = (status: Status | string, overrides: Partial<LiveCampaign> = {}): LiveCampaign => ({
  campaignId: 'camp-1',
  name: 'Campaign',
  status: ['scheduled', 'active', 'paused', 'ended', 'cancelled'].includes(status)
    ? {known: status as Status}
    : {unrecognised: status},
  createdAt: 0,
  updatedAt: 0,
  ...overrides,
});

export interface DocumentFields {
  readonly name?: string;
  readonly workspace?: string;
  readonly campaignId?: string;
  readonly desired?: string;
  readonly extra?: string;
}

/** A declaration as a person would write it. `extra` goes below spec. */
export const yaml = ({
  name = 'q1',
  workspace = WORKSPACE,
  campaignId = 'camp-1',
  desired = 'active',
  extra = '',
}: DocumentFields = {}): string =>
  [
    'apiVersion: rollcall.dev/v1',
    'kind: Campaign',
    'metadata:',
    `  name: ${name}`,
    'spec:',
    `  workspace: ${workspace}`,
    `  campaignId: ${campaignId}`,
    `  desiredStatus: ${desired}`,
    ...(extra ? [`  ${extra}`] : []),
    '',
  ].join('\n');

/** What a reading of everything came to in which nothing was wrong. */
export const WHOLE_READING: LiveReading = {
  listed: true,
  missing: new Map(),
  unreadable: new Map(),
  unanswered: new Map(),
  postponed: [],
  unusable: [],
};
