/** From `git push` to the action: a remote that is asked once in a long while, and a hook that tells of pushes. */
import {execFileSync} from 'node:child_process';
import {createHmac} from 'node:crypto';
import {chmodSync, copyFileSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {file, deploy as open} from '../support/deployment.ts';
import {HOSTS, SECRET as SIGNING} from '../support/hooks.ts';
import {campaign} from '../support/platform.ts';
import {canServeHttps, canServeSsh, secretFile, startGitHttps, startSshd} from '../support/servers.ts';
import {eventually} from '../support/wait.ts';

const SECRET = 'a-secret-of-the-webhook';

describe.skipIf(!canServeHttps)('a webhook', () => {
  it('brings a push to the platform within a second, though the remote is asked once an hour', async () => {
    const world = await open([campaign('a', 'active')], file('a', 'active'));
    const credentials = {username: 'rollcall', password: 'password-of-git'};
    const remote = await startGitHttps(world.folder, world.folder, credentials);
    const config = join(world.folder, 'rollcall.yaml');
    writeFileSync(join(world.folder, 'hook'), `${SECRET}\n`);
    secretFile(join(world.folder, 'password'), credentials.password);
    const source = {
      url: remote.url('repository/.git'),
      caFile: remote.caFile,
      branch: 'main',
      path: 'campaigns',
      interval: '1h',
      auth: {username: credentials.username, passwordFile: 'password'},
      webhook: {secretFile: 'hook'},
    };
    const text = readFileSync(config, 'utf8');
    writeFileSync(config, text.replace(/source: .*/, `source: ${JSON.stringify({git: source})}`));
    const rollcall = world.start();
    const url = await rollcall.ready();
    const hook = join(world.repository.path, '.git', 'hooks', 'post-commit');
    const body = JSON.stringify({ref: 'refs/heads/main'});
    const signature = createHmac('sha256', SECRET).update(body).digest('hex');
    writeFileSync(
      hook,
      `#!/bin/sh\ncurl -fsS -X POST -H 'x-gitea-signature: ${signature}' -d '${body}' ${url}/hooks/git\n`,
    );
    chmodSync(hook, 0o755);
    const startedAt = performance.now();
    world.repository.commit(file('a', 'paused'));
    await eventually(() => world.status('a') === 'paused');
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    const report = await (await fetch(`${url}/api/v1/report`)).json();
    expect(report).toMatchObject({webhook: {result: 'accepted'}});
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toContain('rollcall_webhook_deliveries_total{result="accepted"} 1');
    expect(rollcall.stderr).not.toContain(SECRET);
  });
});

/** What a hook of a repository runs to tell of a push as a host does. */
const telling = (url: string, body: string, headers: Readonly<Record<string, string>>): string => {
  const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
  const given = Object.entries(headers).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`);
  return `#!/bin/sh\ncat >/dev/null\ncurl -fsS -X POST ${given.join(' ')} -d ${quoted(body)} ${url}/hooks/git\n`;
};

describe.skipIf(!canServeSsh)('a repository behind a real sshd, whose hook tells of pushes', () => {
  it('brings each git push to the platform at once, told as any host tells it', async () => {
    const world = await open([campaign('a', 'active')], file('a', 'active'));
    const remote = join(world.folder, 'remote.git');
    execFileSync('git', ['clone', '--quiet', '--bare', world.repository.path, remote]);
    const {clientKey, knownHosts, url: at} = await startSshd(world.folder);
    const known = join(world.folder, 'known');
    copyFileSync(knownHosts, known);
    const ssh = `ssh -F none -i ${clientKey} -o IdentitiesOnly=yes -o UserKnownHostsFile=${known}`;
    world.repository.git('config', 'core.sshCommand', ssh);
    world.repository.git('remote', 'add', 'origin', at(remote));
    writeFileSync(join(world.folder, 'hook'), SIGNING);
    const source = {
      url: at(remote),
      branch: 'main',
      path: 'campaigns',
      interval: '1h',
      auth: {sshKeyFile: clientKey, knownHostsFile: knownHosts},
      webhook: {secretFile: 'hook'},
    };
    const config = join(world.folder, 'rollcall.yaml');
    writeFileSync(
      config,
      readFileSync(config, 'utf8').replace(/source: .*/, `source: ${JSON.stringify({git: source})}`),
    );
    const url = await world.start().ready();
    const times: number[] = [];
    for (const [index, {payload, sign}] of Object.values(HOSTS).entries()) {
      const body = payload('main');
      const hook = join(remote, 'hooks', 'post-receive');
      writeFileSync(hook, telling(url, body, sign(body)));
      chmodSync(hook, 0o755);
      const wanted = index % 2 === 0 ? 'paused' : 'active';
      world.repository.commit(file('a', wanted));
      const from = performance.now();
      world.repository.git('push', '--quiet', 'origin', 'main');
      await eventually(() => world.status('a') === wanted);
      times.push(performance.now() - from);
    }
    const sorted = times.toSorted((a, b) => a - b);
    console.log(
      `from git push to the action, over ssh: p50 ${sorted[Math.floor(sorted.length / 2)]?.toFixed(0)} ms`,
    );
    expect(times).toHaveLength(Object.keys(HOSTS).length);
  }, 120_000);
});
