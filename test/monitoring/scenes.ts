import {mkdirSync, readFileSync, renameSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {onTestFinished} from 'vitest';
import {deploy, file} from '../support/deployment.ts';
import {campaign} from '../support/platform.ts';
import {ok, receiver} from '../support/receiver.ts';
import type {Rollcall} from '../support/rollcall.ts';

/** Something that goes wrong in a real deployment, and that somebody mends. */
export interface Scene {
  /** What a Prometheus calls the job. */
  readonly job: string;
  /** The alerts that must fire while it is broken. */
  readonly alerts: readonly string[];
  /** Where its metrics are: host and port. */
  readonly address: string;
  readonly breakIt: () => void | Promise<void>;
  readonly mendIt: () => void | Promise<void>;
}

const addressOf = (url: string): string => new URL(url).host;
const hold = (until: string): string => `hold: {reason: as agreed${until}}`;

/** Campaigns that differ in every way. */
export const ofCampaigns = async (): Promise<Scene> => {
  const there = await receiver();
  const ids = ['drifts', 'dials', 'fought', 'lost', 'waits', 'held', 'forgotten'];
  const world = await deploy(
    ids.map(id => campaign(id, 'active')),
    Object.assign({}, ...ids.map(id => file(id, 'active'))),
  );
  const secret = `whsec_${Buffer.from('a key of more than 24 bytes, as it should be').toString('base64')}`;
  writeFileSync(join(world.folder, 'secret'), secret);
  const config = join(world.folder, 'rollcall.yaml');
  const notified = `notifications: [{name: chat, webhook: {url: '${there.url}', secret: {file: secret}}}]\n`;
  writeFileSync(config, readFileSync(config, 'utf8') + notified);
  const rollcall = world.start();
  const url = await rollcall.ready();
  const act = (id: string, action: 'pause' | 'resume' | 'cancel'): void => {
    world.workspace.act(id, action, 'dialler@example.com', Date.now());
  };
  let fights: NodeJS.Timeout | undefined;
  onTestFinished(() => clearInterval(fights));
  return {
    job: 'campaigns',
    address: addressOf(url),
    alerts: [
      'RollcallDrift',
      'RollcallDiallingAgainstGit',
      'RollcallContested',
      'RollcallTerminal',
      'RollcallPending',
      'RollcallCampaignMissing',
      'RollcallHoldEndsSoon',
      'RollcallHoldForgotten',
      'RollcallInvalidDeclarations',
      'RollcallNotificationUndelivered',
    ],
    breakIt: () => {
      there.state.answer = (_received, response) => void response.writeHead(500).end();
      const soon = new Date(Date.now() + 600_000).toISOString();
      world.repository.commit({
        ...file('drifts', 'active', 'mode: detect'),
        ...file('dials', 'paused', 'mode: detect'),
        ...file('fought', 'paused'),
        ...file('waits', 'paused', 'mode: detect'),
        ...file('held', 'paused', hold(`, until: ${soon}`)),
        ...file('forgotten', 'paused', hold('')),
        ...file('missing', 'active'),
        ...file('broken', 'pausd'),
      });
      act('drifts', 'pause');
      act('lost', 'cancel');
      fights = setInterval(() => {
        if (world.status('fought') === 'paused') act('fought', 'resume');
        if (world.status('drifts') === 'active') act('drifts', 'pause');
      }, 1_500);
    },
    mendIt: () => {
      clearInterval(fights);
      there.state.answer = ok;
      for (const id of ['lost', 'missing', 'broken']) world.repository.remove(`campaigns/${id}.yaml`);
      world.repository.commit(
        Object.assign({}, ...ids.filter(id => id !== 'lost').map(id => file(id, 'paused'))),
      );
    },
  };
};

/** A platform that answers badly, in one way after the other. */
export const ofPlatform = async (
  job: string,
  alerts: readonly string[],
  faults: Parameters<Awaited<ReturnType<typeof deploy>>['faults']>[0],
): Promise<Scene> => {
  const world = await deploy([campaign('a', 'active')], file('a', 'active'));
  const rollcall = world.start();
  const url = await rollcall.ready();
  return {
    job,
    alerts,
    address: addressOf(url),
    breakIt: () => {
      world.faults(faults);
      world.repository.commit(file('a', 'paused'));
    },
    mendIt: () => world.faults({}),
  };
};

/** A campaign whose timetable closes while the platform answers nothing. */
export const ofTimetable = async (): Promise<Scene> => {
  const world = await deploy([campaign('a', 'active')], file('a', 'active'));
  const rollcall = world.start();
  const url = await rollcall.ready();
  return {
    job: 'timetable',
    alerts: ['RollcallTimetableMissed'],
    address: addressOf(url),
    breakIt: () => {
      world.faults({serverError: 1});
      const soon = new Date(Date.now() + 3_000).toISOString().replace(/\.\d+Z$/, 'Z');
      world.repository.commit(file('a', 'active', `timetable: {until: "${soon}"}`));
    },
    mendIt: () => world.faults({}),
  };
};

/** A rate that is too small for what there is to do. */
export const ofRate = async (): Promise<Scene> => {
  const world = await deploy([campaign('a', 'active')], file('a', 'active'));
  const config = join(world.folder, 'rollcall.yaml');
  const before = readFileSync(config, 'utf8');
  const rollcall = world.start();
  const url = await rollcall.ready();
  return {
    job: 'rate',
    alerts: ['RollcallRateExhausted'],
    address: addressOf(url),
    breakIt: () => writeFileSync(config, before.replace(/rate: \{[^}]*\}/, 'rate: {requests: 1, per: 1s}')),
    mendIt: () => writeFileSync(config, before),
  };
};

/** A source that is away, after one that said nothing, and a configuration that nobody can read. */
export const ofSource = async (): Promise<Scene> => {
  const world = await deploy([campaign('a', 'active')], file('a', 'active'));
  const config = join(world.folder, 'rollcall.yaml');
  const before = readFileSync(config, 'utf8');
  const rollcall = world.start();
  const url = await rollcall.ready();
  return {
    job: 'source',
    alerts: ['RollcallNothingDeclared', 'RollcallSourceStale', 'RollcallConfigNotReloaded'],
    address: addressOf(url),
    breakIt: async () => {
      writeFileSync(config, 'kind: Nonsense\n');
      world.repository.remove('campaigns/a.yaml');
      world.repository.commit({'campaigns/readme.yaml': '# nothing yet\n'});
      await new Promise(resolve => setTimeout(resolve, 4_000));
      renameSync(world.repository.path, `${world.repository.path}-away`);
    },
    mendIt: () => {
      writeFileSync(config, before);
      renameSync(`${world.repository.path}-away`, world.repository.path);
      world.repository.commit(file('a', 'active'));
    },
  };
};

/** A process that stands still for more than a second, again and again, and for most of the time. */
export const ofEventLoop = async (): Promise<Scene> => {
  const world = await deploy([campaign('a', 'active')], file('a', 'active'));
  const rollcall = world.start();
  const url = await rollcall.ready();
  let freezes: NodeJS.Timeout | undefined;
  const thaw = (): boolean => rollcall.child.kill('SIGCONT');
  onTestFinished(() => {
    clearInterval(freezes);
    thaw();
  });
  return {
    job: 'event-loop',
    alerts: ['RollcallEventLoopStalled'],
    address: addressOf(url),
    breakIt: () => {
      freezes = setInterval(() => {
        rollcall.child.kill('SIGSTOP');
        setTimeout(thaw, 1_500);
      }, 1_800);
    },
    mendIt: () => {
      clearInterval(freezes);
      thaw();
    },
  };
};

/** A replica that reaches no API server, and so leads nothing. */
export const ofLeases = async (): Promise<Scene & {readonly end: () => Promise<unknown>}> => {
  const world = await deploy([campaign('a', 'active')], file('a', 'active'));
  const config = join(world.folder, 'rollcall.yaml');
  mkdirSync(join(world.folder, 'account'));
  writeFileSync(join(world.folder, 'account', 'token'), 'token-of-nobody');
  const leases =
    'leaderElection: {server: http://127.0.0.1:9, namespace: calls, tokenFile: account/token, leaseDuration: 15s, renewDeadline: 10s, retryPeriod: 1s}\n';
  writeFileSync(config, readFileSync(config, 'utf8') + leases);
  const rollcall: Rollcall = world.start();
  const url = await rollcall.url();
  const end = (): Promise<unknown> => rollcall.stop('SIGKILL');
  return {
    job: 'leases',
    alerts: ['RollcallWorkspaceUnled'],
    address: addressOf(url),
    breakIt: () => {},
    mendIt: async () => void (await end()),
    end,
  };
};
