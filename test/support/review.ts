import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {SimulatedCampaign} from '../../src/simulator/campaign.ts';
import {simulatedAt} from './campaigns.ts';
import {yaml} from './fixtures.ts';
import {API_KEY, startPlatform} from './platform.ts';
import {Repository} from './repository.ts';
import {Rollcall, run} from './rollcall.ts';
import {temporaryFolder} from './temp.ts';

/** The Tuesday on which every review takes place. */
export const NOW = Date.UTC(2026, 10, 24, 12);
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

export const live = (id: string, status: string, changes: Partial<SimulatedCampaign> = {}) =>
  simulatedAt(NOW, id, status, {updatedAt: NOW - 30 * DAY, ...changes});

/** A declaration in a file of its own, as a commit takes it. */
export const declared = (id: string, desired: string, extra = '') => ({
  [`campaigns/${id}.yaml`]: yaml({
    name: id,
    campaignId: id,
    desired,
    extra: desired === 'cancelled' ? `confirmCancel: ${id}${extra ? `\n  ${extra}` : ''}` : extra,
  }),
});

export const reviewConfig = (baseUrl: string): string => `apiVersion: rollcall.dev/v1
kind: Controller
source: {git: {url: ., path: campaigns}}
platform: {baseUrl: ${baseUrl}}
workspaces:
  - {name: collections, orgId: org-1, workspaceId: ws-1, apiKey: {env: KEY}, rate: {requests: 1000, per: 10ms}}
`;

/** What differs from run to run, and says nothing: where the platform was, the seconds, the checksum. */
export const steady = (text: string): string =>
  text
    .replace(/http(?:&#58;|:)\/\/127\.0\.0\.1(?:&#58;|:)\d+/g, 'PLATFORM')
    .replace(/"createdAt": "[^"]+"/, '"createdAt": "NOW"')
    .replace(/as of Tue 2026-11-24 12:\d\d UTC(?: \(now\))?/g, 'as of NOW')
    .replace(/"until": "2026-12-24T12:[^"]+"/, '"until": "LATER"')
    .replace(/"checksum": "sha256:[0-9a-f]+"/, '"checksum": "CHECKSUM"');

/**
 * A pull request as its reviewer has it: a repository whose branch `main` declares `base`, and the commit that is
 * checked out what `change` makes of it (null takes a file away); and the platform over HTTP.
 */
export const openReview = async (
  campaigns: readonly SimulatedCampaign[],
  base: Readonly<Record<string, string>>,
  change: Readonly<Record<string, string | null>>,
) => {
  const startedAt = performance.now();
  const now = (): number => NOW + (performance.now() - startedAt);
  const platform = await startPlatform(campaigns, {now});
  const repository = new Repository(join(temporaryFolder(), 'repository'));
  repository.at = NOW - 7 * DAY;
  repository.commit({'README.md': 'declarations\n', ...base}, 'base');
  repository.git('checkout', '--quiet', '-b', 'change');
  repository.at = NOW - HOUR;
  const written = Object.entries(change).filter((entry): entry is [string, string] => entry[1] !== null);
  for (const [file, text] of Object.entries(change)) if (text === null) repository.remove(file);
  repository.commit(Object.fromEntries(written), 'change');
  const config = reviewConfig(platform.baseUrl).replace('url: .,', 'url: ., branch: change,');
  writeFileSync(join(repository.path, 'rollcall.yaml'), config);
  const options = {cwd: repository.path, env: {KEY: API_KEY}, now: NOW};
  return {
    ...platform,
    repository,
    options,
    run: (...args: string[]) => run(args, options),
    start: (...args: string[]) => new Rollcall(args, options),
    plan: (...args: string[]) => run(['plan', '--base', 'main', ...args], options),
  };
};
