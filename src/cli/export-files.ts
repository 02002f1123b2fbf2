import {stringify} from 'yaml';
import type {LiveCampaign} from '../domain/campaign.ts';
import {compareText} from '../domain/diagnostic.ts';
import {uniqueLabel} from '../domain/naming.ts';
import {statusWord} from '../domain/reasons.ts';
import {isTerminal, type Status} from '../domain/transitions.ts';
import {parseFile} from '../source/parse.ts';
import {plain} from './render.ts';

/** The schema that an editor reads, beside the folders of the workspaces. */
export const SCHEMA_FILE = 'campaign.schema.json';

/** A file to be written: its path below the folder of the declarations, with slashes, and its text. */
export interface ExportedFile {
  readonly path: string;
  readonly text: string;
}

/** A campaign that cannot be declared, and why. */
export interface Unexported {
  readonly campaignId: string;
  readonly why: string;
}

const LONGEST_NAME = 100;

/** What keeps a campaign as it is now: one that is scheduled becomes active by itself. */
const desiredFor = (status: Status): Status => (status === 'scheduled' ? 'active' : status);

const textOf = (campaign: LiveCampaign, status: Status, workspace: string, name: string): string => {
  const declaration = {
    apiVersion: 'rollcall.dev/v1',
    kind: 'Campaign',
    metadata: {name},
    spec: {campaignId: campaign.campaignId, desiredStatus: desiredFor(status), workspace},
  };
  return [
    `# yaml-language-server: $schema=../${SCHEMA_FILE}`,
    `# On the platform: ${plain(campaign.name).trim().slice(0, LONGEST_NAME)}`,
    stringify(declaration, {sortMapEntries: true}),
  ].join('\n');
};

/** The order in which names are given: the oldest campaign has its name first, whatever came later. */
const oldestFirst = (a: LiveCampaign, b: LiveCampaign): number =>
  a.createdAt - b.createdAt || compareText(a.campaignId, b.campaignId);

/** What stands in the folder already: a declared campaign is left alone, a name or path is not used again. */
export interface Existing {
  /** As `workspace/campaignId`. */
  readonly campaigns: ReadonlySet<string>;
  /** As `workspace/name`. */
  readonly names: ReadonlySet<string>;
  readonly paths: ReadonlySet<string>;
}

/** Makes a declaration for each campaign of a workspace that may still run and that nothing declares. */
export const exportFiles = (
  workspace: string,
  live: readonly LiveCampaign[],
  existing: Existing,
): {files: readonly ExportedFile[]; skipped: readonly Unexported[]; over: number} => {
  const files: ExportedFile[] = [];
  const skipped: Unexported[] = [];
  const given = new Set<string>();
  let over = 0;
  const pathOf = (label: string): string => `${workspace}/${label}.yaml`;
  const isTaken = (label: string): boolean =>
    given.has(label) || existing.names.has(`${workspace}/${label}`) || existing.paths.has(pathOf(label));
  for (const campaign of live.toSorted(oldestFirst)) {
    const {campaignId, status} = campaign;
    if (existing.campaigns.has(`${workspace}/${campaignId}`)) continue;
    if (!('known' in status)) {
      skipped.push({campaignId, why: `its status ${JSON.stringify(statusWord(status))} is not known`});
      continue;
    }
    if (isTerminal(status.known)) {
      over += 1;
      continue;
    }
    const label = uniqueLabel(campaign.name, campaignId, isTaken);
    const text = textOf(campaign, status.known, workspace, label);
    const [problem] = parseFile(pathOf(label), new TextEncoder().encode(text)).diagnostics;
    if (problem) {
      skipped.push({campaignId, why: problem.message});
      continue;
    }
    given.add(label);
    files.push({path: pathOf(label), text});
  }
  return {files, skipped, over};
};
