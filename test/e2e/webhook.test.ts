/** From `git push` to the action: a remote that is asked once in a long while, and a hook that tells of pushes. */
import {createHmac} from 'node:crypto';
import {chmodSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {file, deploy as open} from '../support/deployment.ts';
import {campaign} from '../support/platform.ts';
import {canServeHttps, secretFile, startGitHttps} from '../support/servers.ts';
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
