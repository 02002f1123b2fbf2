/** What a configuration of replicas means for a process. */
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {loadConfig} from '../../src/config/load.ts';
import {WorkspacePlatform} from '../../src/platform/platform.ts';
import {command} from '../support/command.ts';
import {live} from '../support/fixtures.ts';
import {temporaryFolder} from '../support/temp.ts';
import {timerClock} from '../support/timer-clock.ts';

const write = (election: string): string => {
  const folder = temporaryFolder();
  const file = join(folder, 'rollcall.yaml');
  const workspace = '{name: w, orgId: o, workspaceId: w, apiKey: {env: KEY}}';
  writeFileSync(
    file,
    `apiVersion: rollcall.dev/v1\nkind: Controller\nsource: {directory: {path: .}}\nhttp: {port: 0}\nworkspaces: [${workspace}]\n${election}\n`,
  );
  return file;
};

const problems = (election: string): string[] => {
  const loaded = loadConfig(write(election), [], {});
  return 'diagnostics' in loaded ? loaded.diagnostics.map(({message}) => message) : [];
};

describe('leaderElection', () => {
  it('has timings that are in order, and says which are not', () => {
    expect(problems('leaderElection: {}')).toEqual([]);
    expect(problems('leaderElection: {leaseDuration: 30s}')).toEqual([
      'leaderElection.renewDeadline: must be at most 0.9 of leaseDuration: two clocks may run apart',
    ]);
    expect(problems('leaderElection: {retryPeriod: 10s}')).toEqual([
      'leaderElection.retryPeriod: must be at most a quarter of renewDeadline: a renewal may fail and be tried again',
    ]);
    expect(problems('leaderElection: {leaseName: Not_A_Name}')).toHaveLength(1);
  });

  it('is off where it is not configured', () => {
    const loaded = loadConfig(write(''), [], {});
    expect('config' in loaded && loaded.config.leaderElection).toBeUndefined();
  });
});

describe('rollcall run', () => {
  it('outside of a cluster says where the API server is to be named', async () => {
    const {code, stderr} = await command(['run', '--config', write('leaderElection: {}')]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/this is no pod: name it with leaderElection\.server, or run one process without/);
  });

  it('--once is refused where replicas may act at the same time', async () => {
    const {code, stderr} = await command(['run', '--once', '--config', write('leaderElection: {}')]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/run --once holds no lease.*Use plan or get to look/);
  });

  it('is refused as one of several replicas without leases', async () => {
    const {code, stderr} = await command(['run', '--config', write('')], {ROLLCALL_REPLICAS: '3'});
    expect(code).toBe(1);
    expect(stderr).toMatch(/3 replicas are to run .* configure leaderElection, or run one/);
  });
});

describe('a workspace whose lease has run out', () => {
  it('is sent nothing: no action, no read, no poll', async () => {
    const sent: string[] = [];
    let isHeld = true;
    const answer = async <T>(operation: string, value: T) => {
      sent.push(operation);
      return {ok: true, value} as const;
    };
    const platform = new WorkspacePlatform(
      {
        list: () => answer('list', {campaigns: [], unusable: [], size: 0, total: 0}),
        get: () => answer('get', live('active')),
        updateStatus: () => answer('update', live('paused')),
      },
      {rate: {requests: 100, per: 1}, concurrency: 1},
      {clock: timerClock, random: () => 0.5, observer: {waited: () => {}, depth: () => {}}},
      () => isHeld,
    );
    const never = new AbortController().signal;
    const act = () =>
      platform.update('camp-1', 'pause', {readAt: timerClock.ticks(), holds: () => true}, never);
    expect(await act()).toMatchObject({ok: true});
    isHeld = false;
    const fenced = {ok: false, failure: {kind: 'dropped'}};
    expect(await act()).toMatchObject(fenced);
    expect(await platform.read('camp-1', 'pause', never)).toMatchObject(fenced);
    const knowledge = {
      open: new Set(['camp-1']),
      unknown: new Set(['camp-1']),
      urgent: new Set<string>(),
      take: () => 0,
    };
    expect(await platform.poll(knowledge, never)).toMatchObject({failure: {kind: 'dropped'}});
    expect(sent).toEqual(['update']);
  });
});
