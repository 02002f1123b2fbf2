/** The action on a real merge commit, against the simulator and a GitHub over HTTP. */
import {existsSync, readFileSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it, onTestFinished} from 'vitest';
import {yaml} from '../support/fixtures.ts';
import {serveGitHub} from '../support/github.ts';
import {API_KEY, startPlatform} from '../support/platform.ts';
import {Repository} from '../support/repository.ts';
import {declared, live, NOW, reviewConfig} from '../support/review.ts';
import {run, runProcess} from '../support/rollcall.ts';
import {temporaryFolder} from '../support/temp.ts';

const CAMPAIGNS = [live('a', 'active'), live('b', 'paused'), live('c', 'paused')];
const BASE = {...declared('a', 'active'), ...declared('b', 'paused')};

const startGitHub = async () => {
  const github = await serveGitHub();
  onTestFinished(github.close);
  return github;
};

/** A pull request as actions/checkout lays it out: the merge of its head into the base, checked out. */
const openPull = async (
  change: Readonly<Record<string, string>>,
  options: {fork?: boolean; base?: Readonly<Record<string, string>>; config?: (url: string) => string} = {},
) => {
  const [platform, github] = [await startPlatform(CAMPAIGNS, {now: () => NOW}), await startGitHub()];
  const folder = temporaryFolder();
  const repository = new Repository(join(folder, 'campaigns'));
  repository.at = NOW - 3_600_000;
  const config = (options.config ?? reviewConfig)(platform.baseUrl);
  repository.commit({...(options.base ?? BASE), ...(config && {'rollcall.yaml': config})}, 'base');
  repository.git('checkout', '--quiet', '-b', 'change');
  const headSha = repository.commit(change, 'change');
  repository.git('checkout', '--quiet', '--detach', 'main');
  repository.git('merge', '--quiet', '--no-ff', '--message', 'merge', 'change');
  const [event, summary, output] = ['event.json', 'summary.md', 'output'].map(name => join(folder, name));
  const name = options.fork ? 'stranger/campaigns' : 'acme/campaigns';
  const pull = {
    number: 7,
    head: {sha: headSha, repo: {full_name: name}},
    base: {repo: {full_name: 'acme/campaigns'}},
  };
  writeFileSync(event ?? '', JSON.stringify({pull_request: pull}));
  const env = {
    GITHUB_EVENT_NAME: 'pull_request',
    GITHUB_EVENT_PATH: event ?? '',
    GITHUB_REPOSITORY: 'acme/campaigns',
    GITHUB_WORKSPACE: repository.path,
    GITHUB_API_URL: github.url,
    GITHUB_SERVER_URL: 'https://github.example',
    GITHUB_RUN_ID: '42',
    GITHUB_STEP_SUMMARY: summary ?? '',
    GITHUB_OUTPUT: output ?? '',
    ROLLCALL_ACTION_TOKEN: github.token,
    ...(!options.fork && {KEY: API_KEY}),
  };
  const text = (file: string | undefined): string =>
    file && existsSync(file) ? readFileSync(file, 'utf8') : '';
  return {
    ...platform,
    github,
    headSha,
    repository,
    outputs: () => text(output),
    summary: () => text(summary),
    run: (more: Record<string, string> = {}) =>
      run([], {cwd: folder, env: {...env, ...more}, action: true, now: NOW}),
    /** The same in a process of its own, with every rest that GitHub asks for. */
    runProcess: () => runProcess([], {cwd: folder, env, action: true, now: NOW}),
  };
};

describe('the action on a pull request', () => {
  it('comments the plan, sets the status, writes the summary and the outputs, and ends well', async () => {
    const pull = await openPull({...declared('a', 'paused'), ...declared('c', 'cancelled')});
    const {code, stderr, stdout} = await pull.runProcess();
    expect([code, stderr]).toEqual([0, '']);
    const [comment, ...more] = pull.github.comments;
    expect(more).toEqual([]);
    expect(comment?.body).toMatch(
      /^<!-- rollcall\/plan -->\n### Rollcall plan: 1 cancel \(cannot be undone\), 1 pause\n/,
    );
    expect(comment?.body).toContain(`Head <code>${pull.headSha.slice(0, 12)}</code>`);
    expect(pull.github.statuses).toEqual([
      {
        sha: pull.headSha,
        state: 'success',
        context: 'rollcall/plan',
        description: '1 cancel (cannot be undone), 1 pause',
        target_url: 'https://github.example/acme/campaigns/actions/runs/42',
      },
    ]);
    expect(pull.outputs()).toBe('changes=2\nirreversible=1\nerrors=0\n');
    expect(pull.summary()).toContain('### Rollcall plan: 1 cancel (cannot be undone), 1 pause');
    expect(stdout).toMatch(
      /^::warning file=campaigns\/c\.yaml,line=1,title=Cancels%3A cannot be undone::collections\/c/m,
    );
    expect(pull.actions()).toEqual([]);
  });

  it('keeps one comment up to date, on whichever page it stands, and leaves a look-alike alone', async () => {
    const pull = await openPull(declared('a', 'paused'));
    const forged = {
      id: 1,
      body: '<!-- rollcall/plan -->\n### Rollcall plan: nothing to do',
      user: {login: 'somebody-else'},
    };
    pull.github.comments.push(forged);
    for (let id = 2; id < 140; id++) pull.github.comments.push({id, body: 'talk', user: {login: 'somebody'}});
    await pull.run();
    await pull.run();
    expect(pull.github.comments).toHaveLength(140);
    expect(pull.github.comments[0]?.body).toBe('<!-- rollcall/plan -->\n### Rollcall plan: nothing to do');
    expect(pull.github.comments[139]?.body).toContain('### Rollcall plan: 1 pause');
  });

  it('plans what the merge brings, not what main has brought already', async () => {
    const pull = await openPull(declared('b', 'active'));
    await pull.run();
    expect(pull.outputs()).toContain('changes=1\n');
    const pending = await openPull(declared('b', 'active'), {base: {...BASE, ...declared('a', 'paused')}});
    await pending.run();
    expect(pending.outputs()).toContain('changes=1\n');
    expect(pending.github.comments[0]?.body).toContain('#### Not from this change (1)');
  });

  it('fails on invalid and impossible declarations, each annotated on its line', async () => {
    const pull = await openPull({
      'campaigns/a.yaml': yaml({name: 'a', campaignId: 'a', desired: 'pausd'}),
      ...declared('nowhere', 'active'),
    });
    const {code, stdout} = await pull.run();
    expect(code).toBe(3);
    expect(stdout).toContain('::error file=campaigns/a.yaml,line=8,col=18,title=wrong-value::');
    expect(stdout).toContain('::error file=campaigns/nowhere.yaml,line=1,title=Can never come true::');
    expect(pull.outputs()).toBe('changes=0\nirreversible=0\nerrors=2\n');
    expect(pull.github.statuses).toMatchObject([{state: 'failure', description: '2 errors; nothing to do'}]);
  });

  it('from a fork, without secrets, validates only, says so, and writes nothing', async () => {
    const pull = await openPull(declared('a', 'paused'), {fork: true});
    const {code, stdout} = await pull.run();
    expect(code).toBe(0);
    expect(stdout).toContain(
      '::notice title=Rollcall::validated only: a pull request from a fork has no secrets',
    );
    expect(pull.summary()).toContain('### Rollcall: validated only (2 valid, 0 problems)');
    expect([pull.github.requests, pull.api.journal]).toEqual([[], []]);
  });

  it('takes the configuration from the base, so that a change cannot send the key elsewhere', async () => {
    const trap = await startPlatform(CAMPAIGNS, {now: () => NOW});
    const pull = await openPull({...declared('a', 'paused'), 'rollcall.yaml': reviewConfig(trap.baseUrl)});
    const {code, stdout} = await pull.run();
    expect(code).toBe(0);
    expect(stdout).toContain('::warning title=Rollcall::This change alters the configuration.');
    expect(trap.api.journal).toEqual([]);
    expect(pull.github.comments[0]?.body).toContain('1 pause');
  });

  it('says above the plan what a change of the configuration means', async () => {
    const config = (url: string): string =>
      reviewConfig(url).replace('{name: collections,', '{name: collections, mode: detect,');
    const pull = await openPull(
      {
        ...declared('a', 'paused'),
        'rollcall.yaml': reviewConfig('http://127.0.0.1:1').replace('ws-1', 'ws-2'),
      },
      {config},
    );
    await pull.run();
    expect(pull.github.comments[0]?.body).toContain(
      '> [!WARNING]\n> This change alters the configuration: workspace collections: mode detect → enforce.',
    );
    expect(pull.github.statuses[0]?.['description']).toContain('; the configuration changes');
  });

  it('plans by a configuration outside the repository, which no change can reach', async () => {
    const pull = await openPull(declared('a', 'paused'), {config: () => ''});
    const file = join(temporaryFolder(), 'rollcall.yaml');
    writeFileSync(
      file,
      reviewConfig(pull.baseUrl).replace('url: .', 'url: "https://git.example/acme/campaigns.git"'),
    );
    const {code} = await pull.run({ROLLCALL_ACTION_CONFIG: file});
    expect([code, pull.github.statuses[0]?.['description']]).toEqual([0, '1 pause']);
  });

  it.each([
    ['the certificates that it trusts', (text: string) => text.replace('baseUrl:', 'caFile: file, baseUrl:')],
    ['the key that it sends', (text: string) => text.replace('{env: KEY}', '{file: file}')],
  ])('refuses a change of %s', async (_name, edit) => {
    const pull = await openPull(
      {...declared('a', 'paused'), file: 'theirs\n'},
      {base: {...BASE, file: `${API_KEY}\n`}, config: url => edit(reviewConfig(url))},
    );
    const {code, stdout} = await pull.run();
    expect([code, pull.api.journal]).toEqual([1, []]);
    expect(stdout).toContain('file, which the configuration names, is not what it is at the base');
  });

  it('runs nothing that a change lays out like a repository of Git', async () => {
    const trap = join(temporaryFolder(), 'sprung');
    const pull = await openPull(
      {
        ...declared('a', 'paused'),
        'campaigns/HEAD': 'ref: refs/heads/main\n',
        'campaigns/objects/info/keep': '',
        'campaigns/refs/heads/main': `${'1'.repeat(40)}\n`,
        'campaigns/config': `[core]\n\trepositoryformatversion = 1\n\tbare = false\n\tworktree = .\n\tfsmonitor = "touch ${trap}"\n[extensions]\n\tpartialClone = x\n[remote "x"]\n\turl = .\n\tpromisor = true\n\tuploadpack = "touch ${trap};"\n`,
      },
      {
        config: url =>
          reviewConfig(url).replace('{git: {url: ., path: campaigns}}', '{directory: {path: campaigns}}'),
      },
    );
    const {code} = await pull.run();
    expect([code, existsSync(trap)]).toEqual([0, false]);
    expect(pull.github.comments[0]?.body).toContain('1 pause');
  });

  it('does not trust a configuration that only the change brings', async () => {
    const trap = await startPlatform(CAMPAIGNS, {now: () => NOW});
    const pull = await openPull(
      {...declared('a', 'paused'), 'rollcall.yaml': reviewConfig(trap.baseUrl)},
      {config: () => ''},
    );
    const {stdout} = await pull.run();
    expect(stdout).toContain('validated only: its base has no configuration yet');
    expect(pull.github.statuses).toMatchObject([
      {state: 'error', description: expect.stringContaining('there is no plan')},
    ]);
    expect(trap.api.journal).toEqual([]);
  });

  it('replaces an old plan by the reason where no new one could be made', async () => {
    const pull = await openPull(declared('a', 'paused'));
    await pull.run();
    pull.faults({unauthorised: 1});
    const {code, stdout} = await pull.run();
    expect(code).toBe(1);
    expect(stdout).toContain('::error title=Rollcall::workspace collections: the platform answered 401');
    expect(pull.github.comments).toHaveLength(1);
    expect(pull.github.comments[0]?.body).toContain('the plan is not whole');
    expect(pull.github.statuses.at(-1)).toMatchObject({state: 'failure'});
  });

  it('refuses to compare where the merge of the pull request is not what is checked out', async () => {
    const pull = await openPull(declared('a', 'paused'));
    pull.repository.git('checkout', '--quiet', 'change');
    const {code, stdout} = await pull.run();
    expect(code).toBe(1);
    expect(stdout).toContain('leave the ref of actions/checkout as it is, and give it fetch-depth: 0');
    expect(pull.github.comments[0]?.body).toContain('could not be made');
    expect(pull.github.statuses).toMatchObject([{state: 'error'}]);
  });

  it.each(['pull_request_target', 'workflow_run', 'issue_comment', 'anything_else'])(
    'refuses to run on %s, with secrets for a change that nobody has looked at',
    async event => {
      const pull = await openPull(declared('a', 'paused'));
      const {code, stdout} = await pull.run({GITHUB_EVENT_NAME: event});
      expect([code, pull.github.requests, pull.api.journal]).toEqual([4, [], []]);
      expect(stdout).toContain('use pull_request');
    },
  );

  it('does nothing for a pull request that the event does not describe', async () => {
    const pull = await openPull(declared('a', 'paused'));
    for (const text of ['{}', '{"pull_request": {"number": "7"}}']) {
      const event = join(temporaryFolder(), 'event.json');
      writeFileSync(event, text);
      const {code, stdout} = await pull.run({GITHUB_EVENT_PATH: event});
      expect(stdout).toContain('::error title=Rollcall::the event of this run');
      expect([code, pull.github.requests, pull.api.journal]).toEqual([1, [], []]);
    }
  });

  it('lets the runner look for no commands in the text of a plan', async () => {
    const pull = await openPull(declared('a', 'paused', 'reason: "::error::x ##[error]y"'));
    const {stdout} = await pull.run();
    const [, token] = /^::stop-commands::([0-9a-f-]{36})$/m.exec(stdout) ?? [];
    expect(stdout.indexOf(`::${token}::`)).toBeGreaterThan(stdout.indexOf('error'));
    expect(stdout).not.toMatch(/##\[|^\s*::error/m);
  });

  it('fails, and names the permission, where the token may not write', async () => {
    const pull = await openPull(declared('a', 'paused'));
    pull.github.readOnly = true;
    const {code, stdout} = await pull.run();
    expect(code).toBe(1);
    expect(stdout).toContain('(GitHub answered 403): give the job the permission pull-requests: write');
    expect(stdout).toContain('(GitHub answered 403): give the job the permission statuses: write');
    expect(pull.summary()).toContain('1 pause');
  });

  it('sets no success where the comment could not be written', async () => {
    const pull = await openPull(declared('a', 'paused'));
    pull.github.broken = /comments/;
    const {code, stdout} = await pull.run();
    expect(code).toBe(1);
    expect(stdout).toContain('the comment could not be written (GitHub answered 502): run the job again');
    expect(pull.github.statuses).toMatchObject([
      {state: 'error', description: 'the plan could not be written to the pull request: see the run'},
    ]);
  });

  it('takes the configuration from the base also where the checkout is reached through a link', async () => {
    const trap = await startPlatform(CAMPAIGNS, {now: () => NOW});
    const pull = await openPull({...declared('a', 'paused'), 'rollcall.yaml': reviewConfig(trap.baseUrl)});
    const link = join(temporaryFolder(), 'link');
    symlinkSync(pull.repository.path, link);
    const {code} = await pull.run({
      GITHUB_WORKSPACE: link,
      ROLLCALL_ACTION_CONFIG: join(link, 'rollcall.yaml'),
    });
    expect([code, trap.api.journal]).toEqual([0, []]);
    expect(pull.github.comments[0]?.body).toContain('1 pause');
  });

  it('refuses to compare a head that is not the merge, also with a base of its own', async () => {
    const pull = await openPull(declared('a', 'paused'));
    pull.repository.git('checkout', '--quiet', 'change');
    const {code, stdout} = await pull.run({ROLLCALL_ACTION_BASE: 'main'});
    expect([code, stdout]).toEqual([1, expect.stringContaining('is not the merge of this pull request')]);
  });

  it('plans the group of a merge queue against its base, and sets the status on the group', async () => {
    const pull = await openPull(declared('a', 'paused'));
    const [headSha, baseSha] = ['HEAD', 'main'].map(name => pull.repository.git('rev-parse', name));
    const event = join(temporaryFolder(), 'event.json');
    writeFileSync(event, JSON.stringify({merge_group: {head_sha: headSha, base_sha: baseSha}}));
    const {code} = await pull.run({GITHUB_EVENT_NAME: 'merge_group', GITHUB_EVENT_PATH: event});
    expect([code, pull.github.comments]).toEqual([0, []]);
    expect(pull.github.statuses).toMatchObject([{sha: headSha, state: 'success', description: '1 pause'}]);
    expect(pull.summary()).toContain('#### This change (1)');
  });

  it('compares with nothing after a push, and writes no comment', async () => {
    const pull = await openPull(declared('a', 'paused'));
    const {code} = await pull.run({GITHUB_EVENT_NAME: 'push', GITHUB_EVENT_PATH: ''});
    expect([code, pull.github.requests]).toEqual([0, []]);
    expect(pull.summary()).toContain('#### Changes (1)');
  });

  it('shows neither the key nor the token', async () => {
    const pull = await openPull({...declared('a', 'paused'), ...declared('c', 'cancelled')});
    const {stderr, stdout} = await pull.run();
    for (const text of [stdout, stderr, pull.summary(), pull.github.comments[0]?.body ?? '']) {
      expect(text).not.toContain(API_KEY);
      expect(text).not.toContain(pull.github.token);
    }
  });
});

describe('the action, where GitHub is in a bad mood', () => {
  it.each([
    [
      'Unable to create comment because issue is locked.',
      {},
      'the comment could not be written (GitHub answered 403): the conversation is locked: unlock it, and run the job again',
    ],
    [
      'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
      {'retry-after': '600'},
      'GitHub’s secondary rate limit was met: run the job again in some minutes',
    ],
    [
      'API rate limit exceeded',
      {'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(NOW / 1000 + 3_600)},
      'rate limit is used up',
    ],
  ])('tells %j from a permission that is missing', async (message, headers, expected) => {
    const pull = await openPull(declared('a', 'paused'));
    pull.github.instead = [{status: 403, message, headers}];
    const {code, stdout} = await ('retry-after' in headers ? pull.runProcess : pull.run)();
    expect([code, stdout]).toEqual([1, expect.stringContaining(expected)]);
    expect(stdout).not.toContain('give the job the permission');
  });
  it('sits out a single 502, and a secondary limit that is short', async () => {
    const pull = await openPull(declared('a', 'paused'));
    pull.github.instead = [
      {status: 502, message: 'Bad Gateway'},
      {status: 403, message: 'You have exceeded a secondary rate limit', headers: {'retry-after': '1'}},
    ];
    expect((await pull.runProcess()).code).toBe(0);
    expect(pull.github.comments).toHaveLength(1);
  });
  it('leaves one comment also where another job writes one at the same time', async () => {
    const pull = await openPull(declared('a', 'paused'));
    pull.github.onCreate = () => {
      pull.github.comments.push({
        id: pull.github.comments.length + 1,
        body: '<!-- rollcall/plan -->\nof the other job',
        user: {login: 'github-actions[bot]'},
      });
      pull.github.onCreate = () => {};
    };
    expect((await pull.run()).code).toBe(0);
    expect(pull.github.comments.map(({id, body}) => [id, body.includes('1 pause')])).toEqual([[1, true]]);
  });
});

describe('the workflows', () => {
  it('name every action by its commit, with the version beside it', () => {
    for (const file of [
      '.github/workflows/ci.yaml',
      '.github/workflows/plan.yaml',
      'templates/init/workflow.yaml',
    ]) {
      const text = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
      const uses = [...text.matchAll(/- uses: (?!\.\/|your-org)(.*)/g)].map(([, used]) => used);
      expect(uses.length).toBeGreaterThan(0);
      for (const used of uses) expect(used).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    }
  });
});
