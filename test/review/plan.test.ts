/** The real command, a real repository, the simulator over HTTP, and what a reviewer then reads. */
import {readFileSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {marked} from 'marked';
import {describe, expect, it} from 'vitest';
import type {PlanDocument} from '../../src/cli/plan/document.ts';
import {STATUSES} from '../../src/domain/transitions.ts';
import {yaml} from '../support/fixtures.ts';
import {Repository} from '../support/repository.ts';
import {DAY, declared, HOUR, live, NOW, openReview, steady} from '../support/review.ts';
import {run} from '../support/rollcall.ts';

const json = (stdout: string): PlanDocument => JSON.parse(stdout);
const FORMATS = {text: 'txt', markdown: 'md', json: 'json'} as const;

/** Runs a plan in each of the three formats, and holds each against its golden file. */
const matchGolden = async (name: string, world: Awaited<ReturnType<typeof openReview>>) => {
  const codes = new Set<number | null>();
  for (const [format, extension] of Object.entries(FORMATS)) {
    const {code, stdout} = await world.plan('--format', format);
    codes.add(code);
    await expect(steady(stdout)).toMatchFileSnapshot(`golden/${name}.${extension}`);
  }
  return [...codes];
};

const all = (...files: Record<string, string>[]): Record<string, string> => Object.assign({}, ...files);

describe('rollcall plan', () => {
  it('says which campaigns a change holds that breaks their file, where something would have been sent to them', async () => {
    const base = {...declared('a', 'paused'), ...declared('b', 'active')};
    const broken = {...declared('a', 'pausd'), 'campaigns/b.yaml': '[\n'};
    const world = await openReview([live('a', 'active'), live('b', 'active')], base, broken);
    const {code, stdout} = await world.plan('--format', 'json');
    const {changes, summary} = JSON.parse(stdout);
    expect([code, changes.map((one: {campaignId: string}) => one.campaignId), summary.errors]).toEqual([
      3,
      ['a'],
      2,
    ]);
    expect(changes[0].notes.map((one: {message: string}) => one.message).join()).toContain(
      'without this change Rollcall would pause it',
    );
  });

  it('says where the base has gone on since: what that changed shows the other way round', async () => {
    const world = await openReview([live('a', 'active')], declared('a', 'active'), declared('b', 'paused'));
    expect((await world.plan()).stderr).not.toContain('the other way round');
    world.repository.git('checkout', '--quiet', 'main');
    world.repository.write(declared('a', 'paused'));
    world.repository.git('commit', '--quiet', '--all', '--message', 'later');
    world.repository.git('checkout', '--quiet', 'change');
    for (const more of [[], ['--revision', 'change']])
      expect((await world.plan(...more)).stderr).toContain(
        'note: main has commits that are not in what is planned: what they changed is told the other way round',
      );
  });

  it('says that there is nothing to do, and ends with 0', async () => {
    const files = all(declared('a', 'active'), declared('b', 'paused'), declared('over', 'active'));
    const world = await openReview(
      [live('a', 'active'), live('b', 'paused'), live('over', 'ended')],
      files,
      {},
    );
    expect(await matchGolden('nothing', world)).toEqual([0]);
    expect(world.actions()).toEqual([]);
  });

  it('tells each of the 25 pairs as the table has it', async () => {
    const pairs = STATUSES.flatMap(desired => STATUSES.map(status => ({desired, status})));
    const id = ({desired, status}: (typeof pairs)[number]): string => `${status}-to-${desired}`;
    const world = await openReview(
      pairs.map(pair =>
        live(id(pair), pair.status, pair.status === 'scheduled' ? {startsAt: NOW + DAY} : {}),
      ),
      {},
      all(...pairs.map(pair => declared(id(pair), pair.desired))),
    );
    expect(await matchGolden('pairs', world)).toEqual([3]);
    const {changes} = json((await world.plan('--format', 'json')).stdout);
    const told = Object.fromEntries(changes.map(({effect, name, steps}) => [name, steps[0] ?? effect]));
    for (const {desired, status} of pairs) {
      const over = status === 'ended' || status === 'cancelled';
      const act = {
        active: 'resume',
        scheduled: 'resume',
        paused: 'pause',
        cancelled: 'cancel',
        ended: 'none',
      };
      const moves = status === 'paused' ? ['active', 'scheduled'] : ['paused'];
      const expected =
        over || status === desired
          ? status === desired
            ? 'none'
            : 'error'
          : desired === 'cancelled' || moves.includes(desired)
            ? act[desired]
            : 'none';
      expect([id({desired, status}), told[id({desired, status})]]).toEqual([id({desired, status}), expected]);
    }
  });

  it('keeps drift, and what is pending already, apart from what this change brings', async () => {
    const base = all(
      declared('drifted', 'active', 'reason: Runs through the quarter'),
      declared('pending', 'paused'),
      declared('mine', 'active'),
      declared('held', 'paused', 'hold: {reason: repair}'),
      declared('adopted', 'active'),
    );
    const world = await openReview(
      [
        live('drifted', 'paused', {updatedBy: 'ops@example.com', updatedAt: NOW - 2 * HOUR}),
        live('pending', 'active', {updatedAt: NOW - 8 * DAY}),
        live('mine', 'active'),
        live('held', 'active'),
        live('adopted', 'paused', {updatedBy: 'ops@example.com', updatedAt: NOW - 2 * HOUR}),
      ],
      base,
      all(declared('mine', 'paused'), declared('adopted', 'paused')),
    );
    expect(await matchGolden('drift', world)).toEqual([2]);
    const {anyway, changes, summary} = json((await world.plan('--format', 'json')).stdout);
    expect(changes.map(({effect, name}) => [name, effect])).toEqual([
      ['mine', 'act'],
      ['adopted', 'none'],
    ]);
    expect(anyway.map(({cause, name}) => [name, cause])).toEqual([
      ['pending', 'pending'],
      ['drifted', 'drifted'],
      ['held', 'pending'],
    ]);
    expect(summary).toMatchObject({pause: 1, resume: 0, noAction: 1, anyway: 2, errors: 0});
  });

  it('says that drift is not resumed which has stood for longer than a resume may be due, as a controller does', async () => {
    const world = await openReview(
      [live('a', 'paused', {updatedBy: 'ops@example.com', updatedAt: NOW - 2 * DAY})],
      declared('a', 'active'),
      {'README.md': 'another sentence'},
    );
    const {anyway} = json((await world.plan('--format', 'json')).stdout);
    expect(anyway).toMatchObject([{cause: 'drifted', effect: 'none', steps: [], notes: [{code: 'stale'}]}]);
  });

  it('says of a cancel that it cannot be undone and what it cuts off, and of a resume when dialling starts', async () => {
    const india = {
      allowed_start_time: '09:00',
      allowed_end_time: '18:00',
      allowed_days: ['Monday', 'Wednesday'],
      timezone: 'Asia/Kolkata',
    };
    const world = await openReview(
      [
        live('stop', 'active', {startsAt: NOW - 20 * DAY, endsAt: NOW + 10 * DAY, allowedSchedule: india}),
        live('go', 'paused', {startsAt: NOW - DAY, endsAt: NOW + 10 * DAY, allowedSchedule: india}),
        live('late', 'paused', {startsAt: NOW - DAY, endsAt: NOW + 2 * HOUR, allowedSchedule: india}),
        live('odd', 'paused', {allowedSchedule: {...india, timezone: 'Mars/Base'}}),
      ],
      all(declared('stop', 'active'), declared('go', 'paused'), declared('late', 'paused')),
      all(
        declared('stop', 'cancelled'),
        declared('go', 'active'),
        declared('late', 'active'),
        declared('odd', 'active'),
      ),
    );
    expect(await matchGolden('cancel', world)).toEqual([2]);
    const asked = world.api.journal.filter(({path}) => /campaigns\/[^/]+$/.test(path));
    expect(new Set(asked.map(({path}) => path.split('/').at(-1)))).toEqual(
      new Set(['stop', 'go', 'late', 'odd']),
    );
  });

  it('calls a declaration that can never come true an error, before the merge', async () => {
    const world = await openReview(
      [
        live('cancelled', 'cancelled'),
        live('ended', 'ended'),
        live('old', 'cancelled'),
        live('gone', 'active'),
      ],
      all(declared('old', 'active'), declared('gone', 'active')),
      {
        ...all(declared('cancelled', 'active'), declared('ended', 'paused'), declared('missing', 'active')),
        'campaigns/gone.yaml': null,
        'campaigns/typo.yaml': 'apiVersion: rollcall.dev/v1\nkind: Campagin\n',
      },
    );
    expect(await matchGolden('impossible', world)).toEqual([3]);
    const {anyway, changes} = json((await world.plan('--format', 'json')).stdout);
    const codes = Object.fromEntries(changes.map(({name, notes}) => [name, notes.map(({code}) => code)]));
    expect(codes).toEqual({
      cancelled: ['terminal-status', 'becomes-managed'],
      ended: ['already-ended', 'becomes-managed'],
      missing: ['campaign-missing', 'becomes-managed'],
      gone: ['becomes-unmanaged'],
    });
    expect(anyway.map(({name}) => name)).toEqual(['old']);
  });

  it('fits 3,000 changes into a comment, and says how many it had to leave out', async () => {
    const ids = Array.from({length: 3000}, (_, i) => `campaign-${String(i).padStart(4, '0')}`);
    const world = await openReview(
      ids.map((id, i) => live(id, i % 2 ? 'active' : 'paused')),
      {},
      all(...ids.map((id, i) => declared(id, i === 7 ? 'cancelled' : i % 2 ? 'paused' : 'active'))),
    );
    const {code, stdout} = await world.plan('--format', 'markdown');
    expect(code).toBe(4);
    expect(Buffer.byteLength(stdout)).toBeLessThanOrEqual(65_536);
    await expect(steady(stdout)).toMatchFileSnapshot('golden/many.md');
    expect(stdout).toContain('#### ⛔ Stopped by a limit');
    const shown = stdout.match(/^\| [^S-]/gm)?.length ?? 0;
    expect(stdout).toContain(`and ${(3000 - shown).toLocaleString('en').replace(',', '')} more`);
    expect(stdout).toContain('<code>collections/campaign-0007</code>');
    expect(json((await world.plan('--format', 'json')).stdout).changes).toHaveLength(3000);
  }, 90_000);
});

describe('a plan hides nothing', () => {
  const until = '2026-11-25T00:00:00Z';
  it('tells what a changed calendar and a new timetable will do by themselves, now and later', async () => {
    const calendar = (closed: string) => ({
      'campaigns/calendars/hours.yaml': `apiVersion: rollcall.dev/v1
kind: Calendar
metadata: {name: hours}
spec:
  timezone: Asia/Kolkata
  weekly: {mon-fri: "09:00-19:00"}
  holidays: {country: IN}
  closed: [${closed}]
`,
    });
    const timed = (id: string) => declared(id, 'active', 'timetable: {calendar: hours}');
    const world = await openReview(
      [live('a', 'active'), live('b', 'active'), live('c', 'active')],
      {
        ...calendar('{date: 2026-12-07, reason: moving}'),
        ...timed('a'),
        ...timed('b'),
        ...declared('c', 'active'),
      },
      {
        ...calendar('{date: 2026-11-24, reason: a strike}'),
        ...declared('c', 'active', 'timetable: {until: 2026-12-01T00:00Z}'),
      },
    );
    expect(await matchGolden('timetable', world)).toEqual([2]);
    const later = await world.plan(
      '--base',
      'main',
      '--as-of',
      '2026-12-07T12:00:00+05:30',
      '--format',
      'json',
    );
    expect(JSON.parse(later.stdout)).toMatchObject({
      asOf: '2026-12-07T06:30:00.000Z',
      changes: [
        {name: 'c', effect: 'act', steps: ['pause']},
        {name: 'a', effect: 'none'},
        {name: 'b', effect: 'none'},
      ],
    });
    const both = await world.plan('--as-of', '2026-12-07T12:00:00+05:30', '--out', 'plan.json');
    expect([both.code, both.stderr]).toEqual([64, expect.stringContaining('cannot be used with option')]);
    for (const given of ['7d', '2026-02-30', '2026-12-07T12:00'])
      expect((await world.plan('--as-of', given)).code).toBe(64);
  });

  it('shows a cancel that is only sent when its hold ends, as irreversible as any other', async () => {
    const world = await openReview(
      [live('a', 'active', {startsAt: NOW - 10 * DAY, endsAt: NOW + 10 * DAY})],
      declared('a', 'active'),
      declared('a', 'cancelled', `hold: {reason: repair, until: ${until}}`),
    );
    expect(await matchGolden('later', world)).toEqual([2]);
    const {changes, summary} = json((await world.plan('--format', 'json')).stdout);
    expect(changes).toMatchObject([{effect: 'later', steps: ['cancel']}]);
    expect(summary).toMatchObject({cancel: 0, irreversible: 1, later: 1, noAction: 0});
  });

  it('shows it also where the change does no more than let the hold end', async () => {
    const world = await openReview(
      [live('a', 'active')],
      declared('a', 'cancelled', 'hold: {reason: repair}'),
      declared('a', 'cancelled', `hold: {reason: repair, until: ${until}}`),
    );
    const {anyway, changes} = json((await world.plan('--format', 'json')).stdout);
    expect([anyway, changes]).toMatchObject([[], [{effect: 'later', steps: ['cancel']}]]);
  });

  it('is not whole where one campaign cannot be read, and is not saved', async () => {
    const world = await openReview(
      [live('a', 'active')],
      declared('a', 'active'),
      declared('a', 'cancelled'),
    );
    world.faults({otherCampaign: 1, emptyList: 1});
    const {code, stderr} = await world.plan('--out', 'plan.json');
    expect(code).toBe(1);
    expect(stderr).toContain('collections/a (a): ');
    expect(stderr).toContain('not saved to plan.json');
  });

  it('knows of a freeze whose file was broken before this change, and still is, as a controller does', async () => {
    const freeze =
      'apiVersion: rollcall.dev/v1\nkind: Freeze\nmetadata: {name: f}\nspec: {selector: {}, until: 2099-01-01T00:00:00Z, reason: migration}\n';
    const world = await openReview(
      [live('a', 'paused')],
      {'campaigns/f.yaml': freeze, ...declared('a', 'paused')},
      {'campaigns/f.yaml': '<<<<<<< HEAD\n'},
    );
    world.repository.commit(declared('a', 'active'));
    for (const revision of [[], ['--revision', 'HEAD']]) {
      const {stdout} = await run(['plan', '--base', 'HEAD~1', ...revision, '-o', 'json'], world.options);
      expect(json(stdout).changes).toMatchObject([{name: 'a', notes: expect.any(Array)}]);
      expect(stdout).toContain('by f: migration');
    }
    expect((await run(['plan', '--revision', 'HEAD'], world.options)).stdout).toContain('by f: migration');
  });

  it('tells of a campaign that is moved into a file that was broken before', async () => {
    const broken = yaml({name: 'a', campaignId: 'a', desired: 'pausd'});
    const world = await openReview(
      [live('a', 'active'), live('b', 'active')],
      {'campaigns/a.yaml': broken, ...declared('b', 'paused')},
      {
        'campaigns/a.yaml': `${broken}---\n${declared('b', 'cancelled')['campaigns/b.yaml']}`,
        'campaigns/b.yaml': null,
      },
    );
    const {code, stdout} = await world.plan('--format', 'json');
    expect(code).toBe(3);
    expect(json(stdout).changes).toMatchObject([
      {name: 'b', effect: 'error', notes: [{code: 'invalid-declaration'}, {code: 'instead'}]},
    ]);
  });

  it('still knows who drifted a campaign whose file the change only moves or touches', async () => {
    const drifted = live('a', 'paused', {updatedBy: 'ops@example.com', updatedAt: NOW - 2 * DAY});
    const text = declared('a', 'active')['campaigns/a.yaml'] ?? '';
    const world = await openReview([drifted], declared('a', 'active'), {
      'campaigns/a.yaml': null,
      'campaigns/moved.yaml': `# moved\n${text}`,
    });
    const {anyway} = json((await world.plan('--format', 'json')).stdout);
    expect(anyway).toMatchObject([{cause: 'drifted', reason: expect.stringContaining('ops@example.com')}]);
  });

  it('takes a clone with converted line ends for what it is: committed', async () => {
    const world = await openReview([live('a', 'active')], declared('a', 'active'), {});
    const file = join(world.repository.path, 'campaigns/a.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('\n', '\r\n'));
    expect((await world.plan()).stderr).toBe('');
  });

  it('reads the repository that is named, and none that it happens to lie in', async () => {
    const world = await openReview([live('a', 'active')], declared('a', 'cancelled'), {});
    const bare = join(world.repository.path, 'inner.git');
    const commit = emptied(world.repository);
    world.repository.git('clone', '--quiet', '--bare', '.', bare);
    world.repository.git('--git-dir', bare, 'fetch', '--quiet', '.', `+${commit}:refs/heads/change`);
    const {code, stdout} = await world.run('plan', '--git-url', bare, '--revision', 'HEAD');
    expect([code, stdout]).toEqual([
      0,
      expect.stringContaining('0 campaigns are declared; 1 that may still call'),
    ]);
  });

  it('says of a workspace that cannot be read just that, and never that there is nothing to do', async () => {
    const world = await openReview([live('a', 'active')], declared('a', 'active'), {});
    for (const env of [{KEY: ''}, {KEY: '“curly”'}, {KEY: 'not-the-right-key'}]) {
      const {code, stderr, stdout} = await run(['plan'], {...world.options, env});
      expect([code, stdout]).toEqual([1, expect.stringContaining('Plan: the plan is not whole.')]);
      expect(stdout).not.toContain('unknown');
      expect(stderr).toContain(env.KEY === 'not-the-right-key' ? '401' : 'the environment variable KEY');
    }
  });

  it.each([
    [['--revision', ''], 64, 'It is empty: an unset variable?'],
    [['--revision', '--base', 'main'], 64, 'It looks like a flag.'],
    [['--revision', 'nowhere'], 1, 'the revision "nowhere" is no commit in this repository'],
    [['--revision', 'HEAD:campaigns'], 1, 'is no commit in this repository'],
    [['--git-path', 'nowhere'], 1, 'there is no folder nowhere: check source.git.path'],
    [['--out', ''], 64, 'It is empty'],
  ])('says what is wrong with %j', async (args, code, text) => {
    const world = await openReview([live('a', 'active')], declared('a', 'active'), {});
    const result = await world.run('plan', ...args);
    expect([result.code, result.stderr]).toEqual([code, expect.stringContaining(text)]);
  });

  it('says how much is declared, and how much is not, also where there is nothing to do', async () => {
    const world = await openReview(
      [live('a', 'active'), live('stray', 'paused')],
      declared('a', 'active'),
      {},
    );
    const {stdout} = await world.plan();
    expect(stdout).toContain('1 campaign is declared; 1 that may still call no file declares.');
  });

  it.each(['hold: {reason: repair}', 'mode: detect'])(
    'ends with 2 where all that differs is kept by %s',
    async extra => {
      const files = declared('a', 'paused', extra);
      const world = await openReview([live('a', 'active')], files, {});
      const {code, stdout} = await world.plan();
      expect([code, stdout]).toEqual([
        2,
        expect.stringContaining('Plan: nothing to do; 1 held or only reported.'),
      ]);
    },
  );

  it('counts what was invalid before as none of this change’s errors', async () => {
    const world = await openReview(
      [live('a', 'active')],
      {...declared('a', 'active'), 'campaigns/bad.yaml': 'kind: Campagin\n'},
      declared('a', 'paused'),
    );
    const {code, stderr} = await world.plan();
    expect(code).toBe(2);
    expect(stderr).toContain('Not from this change, and holding their own campaigns alone:');
    const {anywayDiagnostics, diagnostics, summary} = json((await world.plan('--format', 'json')).stdout);
    expect([diagnostics, summary.errors]).toEqual([[], 0]);
    expect(anywayDiagnostics.length).toBeGreaterThan(0);
    expect((await world.plan('--format', 'markdown')).stdout).toContain(
      'Invalid already, and not from this change',
    );
  });

  it('refuses a revision that declares nothing, where its base declares something', async () => {
    const world = await openReview([live('a', 'active')], declared('a', 'active'), {
      'campaigns/a.yaml': '# nothing is declared here any more\n',
    });
    const {code, stderr} = await world.plan();
    expect(code).toBe(4);
    expect(stderr).toContain('Rollcall takes no action from such a revision');
  });

  it('reads no repository inside the repository, and no folder behind a link: a commit has no files there', async () => {
    const world = await openReview([live('a', 'active'), live('b', 'active')], declared('a', 'active'), {});
    const inner = join(world.repository.path, 'campaigns/inner');
    new Repository(inner).commit({'b.yaml': yaml({name: 'b', campaignId: 'b', desired: 'paused'})});
    expect((await world.plan()).code).toBe(0);
    world.repository.git('mv', 'campaigns', 'elsewhere');
    symlinkSync('elsewhere', join(world.repository.path, 'campaigns'));
    const {code, stderr} = await world.plan();
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining('campaigns is a symbolic link, and no folder of this repository'),
    ]);
  });
});

/** A commit of a repository's that declares nothing. */
const emptied = (repository: Repository): string => {
  const head = repository.git('rev-parse', 'HEAD');
  const commit = repository.commit({'campaigns/a.yaml': '# nothing\n'});
  repository.git('reset', '--quiet', '--hard', head);
  repository.git('restore', '--source', commit, 'rollcall.yaml');
  return commit;
};

const HOSTILE = [
  '](https://evil.example) <img src=x onerror=alert(1)> `code` **bold** | cell | @everyone #1 --> <!-- ~~x~~ $$x$$',
  '\u202Egnp.exe\u202C \u2066right to left\u2069 \u001b[31mred\u001b[0m www.evil.example evil@evil.example',
  '</details></table><script>alert(1)</script> &lt; \\| \\\\| :tada: {{x}} \u0024{{ secrets.KEY }} $(reboot) `reboot`',
  `::error::##[add-mask]cancel ##[stop-commands]x${'x'.repeat(900)}`,
];

describe('text from outside', () => {
  const open = () => {
    const ids = HOSTILE.map((_, i) => `c${i}`);
    const ugly = 'campaigns/<img src=x>|`$(reboot)`;::error::x @everyone.yaml';
    return openReview(
      [
        ...ids.map((id, i) => live(id, 'active', {updatedBy: HOSTILE[i] ?? '', updatedAt: NOW - DAY})),
        live('<b>id</b>|`x`', 'active'),
      ],
      all(declared('c1', 'paused', `reason: ${JSON.stringify('drift beside')}`)),
      {
        ...all(
          ...[0, 2, 3].map(i =>
            declared(`c${i}`, 'paused', `reason: ${JSON.stringify(plainReason(HOSTILE[i] ?? ''))}`),
          ),
        ),
        [ugly]: declared('x', 'cancelled')
          ['campaigns/x.yaml']?.replaceAll(': x\n', ": '<b>id</b>|`x`'\n")
          .replace("name: '<b>id</b>|`x`'", 'name: ugly') as string,
      },
    );
  };
  const plainReason = (text: string): string => text.replace(/\p{Cc}/gu, '');

  it('stays text: in Markdown it makes no element, no link and no cell of its own', async () => {
    const world = await open();
    expect(await matchGolden('hostile', world)).toEqual([2]);
    const {stdout} = await world.plan('--format', 'markdown');
    const html = await marked.parse(stdout, {gfm: true});
    const tags = new Set([...html.matchAll(/<([a-z0-9]+)/g)].map(([, tag]) => tag));
    expect([...tags].toSorted()).toEqual([
      ...[
        'blockquote',
        'br',
        'code',
        'h3',
        'h4',
        'p',
        'strong',
        'sub',
        'table',
        'tbody',
        'td',
        'th',
        'thead',
        'tr',
      ],
    ]);
    for (const [, row = ''] of html.matchAll(/<tr>(.*?)<\/tr>/gs))
      expect(row.match(/<t[dh]>/g)).toHaveLength(5);
    expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;');
    const text = html.replace(/<code>.*?<\/code>/gs, '');
    expect(text).not.toMatch(/[@#]\w/);
    expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  it('stays on its line in a terminal, without control characters', async () => {
    const {stdout} = await (await open()).plan();
    expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(stdout).not.toMatch(/^\s*::|##\[/m);
  });
});
