import {compareText} from './diagnostic.ts';
import type {Finding} from './finding.ts';
import {describeOutcome, type Outcome} from './outcome.ts';
import {statusWord} from './reasons.ts';
import {rfc3339, timeOrNull} from './time.ts';

/** A campaign as the API and `--format json` show it. Times are ISO 8601. */
export interface CampaignView {
  readonly workspace: string;
  readonly campaignId: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly desired: string | null;
  readonly live: string | null;
  readonly state: string;
  readonly cause: string | null;
  readonly mode: string;
  readonly reason: string;
  readonly steps: readonly string[];
  readonly liveUpdatedBy: string | null;
  readonly liveUpdatedAt: string | null;
  readonly lastOutcome: {readonly kind: string; readonly message: string; readonly at: string} | null;
  readonly source: {readonly file: string; readonly line: number} | null;
}

/** @param last how the campaign's last action ended, and when (epoch milliseconds) */
export const campaignView = (
  finding: Finding,
  last: {readonly outcome: Outcome; readonly at: number} | undefined,
): CampaignView => ({
  workspace: finding.workspace,
  campaignId: finding.campaignId,
  name: finding.name,
  labels: finding.labels,
  desired: finding.desired ?? null,
  live: finding.live ? statusWord(finding.live) : null,
  state: finding.state,
  cause: finding.cause ?? null,
  mode: finding.mode,
  reason: finding.reason,
  steps: finding.steps,
  liveUpdatedBy: finding.liveUpdatedBy ?? null,
  liveUpdatedAt: timeOrNull(finding.liveUpdatedAt),
  lastOutcome: last
    ? {kind: last.outcome.kind, message: describeOutcome(last.outcome), at: rfc3339(last.at)}
    : null,
  source: finding.source ?? null,
});

/** The order in which campaigns are shown: by workspace, name and id. */
export const byName = (a: Finding, b: Finding): number =>
  compareText(a.workspace, b.workspace) ||
  compareText(a.name, b.name) ||
  compareText(a.campaignId, b.campaignId);
