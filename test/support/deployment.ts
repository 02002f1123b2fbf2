import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {yaml} from './fixtures.ts';
import {API_KEY, startPlatform} from './platform.ts';
import {Repository} from './repository.ts';
import {Rollcall, run} from './rollcall.ts';
import {temporaryFolder} from './temp.ts';

export const RATE = {requests: 25, per: 500};

const config = (baseUrl: string): string => `apiVersion: rollcall.dev/v1
kind: Controller
source: {git: {url: file://REPOSITORY, path: campaigns, interval: 1s}}
platform: {baseUrl: ${baseUrl}, timeout: 1s}
workspaces:
  - {name: collections, orgId: org-1, workspaceId: ws-1, apiKey: {env: KEY}, rate: {requests: ${RATE.requests}, per: ${RATE.per}ms}}
reconcile: {interval: 1s}
http: {port: 0}
`;

/** One declaration in its file, as a commit takes it. */
export const file = (id: string, desired: string, extra = '') => ({
  [`campaigns/${id}.yaml`]: yaml({name: id, campaignId: id, desired, extra}),
});

/** A repository, the simulator over HTTP, and a configuration that joins them: all that the process needs. */
export const deploy = async (
  campaigns: Parameters<typeof startPlatform>[0],
  files: Record<string, string>,
) => {
  const folder = temporaryFolder();
  const repository = new Repository(join(folder, 'repository'));
  repository.commit(files);
  const platform = await startPlatform(campaigns);
  writeFileSync(
    join(folder, 'rollcall.yaml'),
    config(platform.baseUrl).replace('REPOSITORY', repository.path),
  );
  const options = {cwd: folder, env: {KEY: API_KEY}};
  return {
    ...platform,
    folder,
    repository,
    options,
    start: (...args: string[]) => new Rollcall(['run', ...args], options),
    once: (...args: string[]) => run(['run', '--once', ...args], options),
  };
};
