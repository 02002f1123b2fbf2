import type {Revision} from '../controller/ports.ts';
import type {Standing} from '../controller/standing.ts';
import type {Finding} from '../domain/finding.ts';
import {PERHAPS_OWN, statusWord} from '../domain/reasons.ts';
import {shortRevision} from '../domain/revision.ts';
import {type Summary, summaryText} from '../domain/tally.ts';
import {counted} from '../domain/text.ts';
import {rfc3339} from '../domain/time.ts';

/** What a message is about. */
type MessageType = 'revision.applied' | 'revision.failed' | 'drift.began' | 'drift.ended';

/** A campaign that a message names. */
interface NamedCampaign {
  readonly campaignId: string;
  readonly name: string;
  readonly desired: string | null;
  readonly live: string | null;
  readonly changedBy: string | null;
  readonly changedAt: string | null;
}

/** One message: of one revision in one workspace, or of drift in it that began or ended. */
export interface Message {
  /** What happened, and nothing of when it is told: by it a message that is sent twice is known for the same. */
  readonly key: string;
  readonly type: MessageType;
  readonly workspace: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /** For a person. */
  readonly text: string;
  readonly revision: {
    readonly id: string;
    readonly author: string | null;
    readonly subject: string | null;
  } | null;
  readonly summary: Summary;
  /** The first few. */
  readonly campaigns: readonly NamedCampaign[];
  /** How many there are besides. */
  readonly omitted: number;
}

/** How many campaigns a message names. */
const MOST_NAMED = 10;

const namedCampaign = (finding: Finding): NamedCampaign => ({
  campaignId: finding.campaignId,
  name: finding.name,
  desired: finding.desired ?? null,
  live: finding.live ? statusWord(finding.live) : null,
  changedBy: finding.liveUpdatedBy ?? null,
  changedAt: finding.liveUpdatedAt === undefined ? null : rfc3339(finding.liveUpdatedAt),
});

/** The first few campaigns, as data and in words, and how many there are besides. */
const named = (findings: readonly Finding[], textOf: (finding: Finding) => string) => {
  const shown = findings.slice(0, MOST_NAMED);
  const omitted = findings.length - shown.length;
  const lines = [...shown.map(textOf), ...(omitted > 0 ? [`and ${omitted} more`] : [])];
  return {campaigns: shown.map(namedCampaign), lines, omitted};
};

const revisionText = ({author, id, subject}: Revision): string => {
  const title = subject === undefined ? '' : ` «${subject}»`;
  return `revision ${shortRevision(id)}${title}${author === undefined ? '' : ` by ${author}`}`;
};

const revisionView = ({author, id, subject}: Revision) => ({
  id,
  author: author ?? null,
  subject: subject ?? null,
});

/**
 * What has become of a revision in a workspace.
 *
 * @param become what; which campaigns of it something stands in the way of, as far as that is known; and how often the revision has
 *   come into force: again where others came between
 */
export const ofRevision = (
  {
    result,
    stuck,
    times,
  }: {
    readonly result: 'applied' | 'failed';
    readonly stuck: readonly Finding[];
    readonly times: number;
  },
  revision: Revision,
  {summary, trouble, workspace}: Standing,
  at: number,
): Message => {
  const why = trouble === undefined ? '' : ` (${trouble})`;
  const what = result === 'applied' ? 'is in place' : `is not in place${why}`;
  const {campaigns, lines, omitted} = named(
    stuck,
    ({campaignId, name, reason}) => `${name} (${campaignId}): ${reason}`,
  );
  return {
    key: `${workspace}/${revision.id}/${result}${times > 1 ? `/${times}` : ''}`,
    type: `revision.${result}`,
    workspace,
    at,
    text: [`${workspace}: ${revisionText(revision)} ${what}: ${summaryText(summary)}`, ...lines].join('; '),
    revision: revisionView(revision),
    summary,
    campaigns,
    omitted,
  };
};

/** Which change of which campaign it was. */
export const whatMoved = ({campaignId, desired, live, liveUpdatedAt}: Finding) => [
  campaignId,
  desired,
  live,
  liveUpdatedAt,
];

const driftText = (finding: Finding): string => {
  const {campaignId, changedBy, desired, live, name} = namedCampaign(finding);
  const by = `${changedBy ?? 'somebody unnamed'}${finding.perhapsOwn ? PERHAPS_OWN : ''}`;
  return `${name} (${campaignId}): Git wants ${desired}, live is ${live}, changed by ${by}`;
};

/** That campaigns of a workspace drifted where none was before. `key` says which change of which campaigns it was. */
export const ofDrift = (
  key: string,
  findings: readonly Finding[],
  {summary, workspace}: Standing,
  revision: Revision | undefined,
  at: number,
): Message => {
  const {campaigns, lines, omitted} = named(findings, driftText);
  return {
    key: `${workspace}/${key}/began`,
    type: 'drift.began',
    workspace,
    at,
    text: `${workspace}: ${counted(findings.length, 'campaign')} changed behind Git’s back: ${lines.join('; ')}`,
    revision: revision ? revisionView(revision) : null,
    summary,
    campaigns,
    omitted,
  };
};

/** That no campaign of a workspace is drifted any more. */
export const ofDriftEnded = (
  key: string,
  {summary, workspace}: Standing,
  revision: Revision | undefined,
  at: number,
): Message => ({
  key: `${workspace}/${key}/ended`,
  type: 'drift.ended',
  workspace,
  at,
  text: `${workspace}: no campaign is drifted any more: ${summaryText(summary)}`,
  revision: revision ? revisionView(revision) : null,
  summary,
  campaigns: [],
  omitted: 0,
});
