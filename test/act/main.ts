/**
 * The plan workflow of this repository on a pull request: a clone, a change, its merge checked out, and `act` as the
 * runner on this machine. Usage: node test/act/main.ts PATH_OF_ACT. Ends with 0 where the comment, the status and the
 * outputs are those of the change.
 */
import assert from 'node:assert/strict';
import {execFileSync, spawn} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {serveGitHub} from '../support/github.ts';

const [act = 'act'] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'rollcall-act-'));
const repository = join(folder, 'repository');
const WHO = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com'];
const git = (...args: string[]): string =>
  execFileSync('git', [...WHO, ...args], {cwd: repository, encoding: 'utf8'}).trim();

const openPullRequest = (): string => {
  execFileSync('git', ['clone', '--quiet', '.', repository]);
  const base = git('rev-parse', 'HEAD');
  git('checkout', '--quiet', '-b', 'change');
  const file = join(repository, 'campaigns/collections/instalment-offers.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace('desiredStatus: active', 'desiredStatus: paused'));
  git('commit', '--quiet', '--all', '--message', 'Pause the instalment offers');
  const head = git('rev-parse', 'HEAD');
  git('checkout', '--quiet', '--detach', base);
  git('merge', '--quiet', '--no-ff', '--message', 'merge', 'change');
  return head;
};

const runWorkflow = (event: string, url: string, token: string): Promise<number | null> => {
  const from = ['pull_request', '--workflows', '.github/workflows/plan.yaml', '--eventpath', event];
  const where = ['--platform', 'ubuntu-latest=-self-hosted', '--secret', 'GITHUB_TOKEN'];
  const env = ['--env', `GITHUB_API_URL=${url}`, '--env', 'GITHUB_REPOSITORY=acme/campaigns'];
  const options = {cwd: repository, stdio: 'inherit' as const, env: {...process.env, GITHUB_TOKEN: token}};
  const child = spawn(act, [...from, ...where, ...env], options);
  return new Promise(resolve => child.once('close', resolve));
};

try {
  const head = openPullRequest();
  const repo = {full_name: 'acme/campaigns'};
  const event = join(folder, 'event.json');
  const pull = {number: 7, head: {sha: head, repo}, base: {repo}};
  writeFileSync(event, JSON.stringify({pull_request: pull, repository: repo}));
  const github = await serveGitHub();
  try {
    assert.equal(await runWorkflow(event, github.url, github.token), 0);
    assert.equal(github.comments.length, 1);
    assert.match(github.comments[0]?.body ?? '', /^<!-- rollcall\/plan -->\n### Rollcall plan: 1 pause/);
    assert.match(github.comments[0]?.body ?? '', /collections\/instalment-offers/);
    assert.equal(github.statuses[0]?.['sha'], head);
    assert.equal(github.statuses[0]?.['state'], 'success');
  } finally {
    await github.close();
  }
  console.log('the workflow commented the plan, and set the status');
} finally {
  rmSync(folder, {recursive: true, force: true});
}
