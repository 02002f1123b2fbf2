/** A plan that was reviewed is done as it was reviewed, or not at all. */
import {createHash} from 'node:crypto';
import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {applyResultSchema} from '../../src/cli/schemas.ts';
import {declared, HOUR, live, NOW, openReview} from '../support/review.ts';
import {run} from '../support/rollcall.ts';
import {eventually} from '../support/wait.ts';

const CAMPAIGNS = [live('a', 'active'), live('b', 'paused'), live('c', 'paused'), live('other', 'paused')];
const BASE = {...declared('a', 'active'), ...declared('b', 'paused'), ...declared('other', 'active')};
const CHANGE = {...declared('a', 'paused'), ...declared('b', 'active'), ...declared('c', 'cancelled')};

/** A reviewed change with its plan saved in `plan.json`. */
const reviewed = async (campaigns = CAMPAIGNS, change: Record<string, string | null> = CHANGE) => {
  const world = await openReview(campaigns, BASE, change);
  const {code, stderr} = await world.plan('--out', 'plan.json');
  expect([code, stderr]).toEqual([2, expect.stringContaining('rollcall apply plan.json')]);
  world.api.journal.length = 0;
  const file = join(world.repository.path, 'plan.json');
  const edit = (text: string): void => writeFileSync(file, text);
  return {...world, file, edit, saved: readFileSync(file, 'utf8')};
};

/** What a person would do who edits a plan and knows how its checksum is made. */
const resealed = (text: string): string => {
  const {checksum: _checksum, ...rest} = JSON.parse(text);
  const checksum = `sha256:${createHash('sha256').update(JSON.stringify(rest)).digest('hex')}`;
  return JSON.stringify({...rest, checksum});
};

describe('rollcall apply', () => {
  it('does just what the plan says, pauses first and cancels before resumes, and nothing else', async () => {
    const world = await reviewed();
    const {code, stderr, stdout} = await world.run('apply', '--yes', 'plan.json');
    expect(code).toBe(0);
    expect(stderr).toBe(
      [
        '1 of 3: collections/a: pause applied: active → paused',
        '2 of 3: collections/c: cancel applied: paused → cancelled',
        '3 of 3: collections/b: resume applied: paused → active',
        '3 applied\n',
      ].join('\n'),
    );
    expect(stdout).toBe(
      [
        'WORKSPACE    NAME  CAMPAIGN  ACTION  OUTCOME  DETAIL',
        'collections  a     a         pause   applied  active → paused',
        'collections  c     c         cancel  applied  paused → cancelled',
        'collections  b     b         resume  applied  paused → active',
        '',
      ].join('\n'),
    );
    expect(world.actions()).toEqual(['pause a', 'cancel c', 'resume b']);
    expect(world.status('other')).toBe('paused');
  });

  it('refuses what a limit stops by now, and says what would let it through', async () => {
    const world = await reviewed();
    const config = join(world.repository.path, 'rollcall.yaml');
    const limits = 'limits: {resume: {most: 0, share: 0%, per: 1d}}';
    writeFileSync(config, readFileSync(config, 'utf8').replace('rate: {', `${limits}, rate: {`));
    const {code, stderr} = await world.run('apply', '--yes', '--allow-partial', 'plan.json');
    expect([code, stderr]).toEqual([4, expect.stringMatching(/1 resume is more than 0.*kind: Allowance/)]);
    expect(world.actions()).toEqual([]);
  });

  it('prints the result as one JSON document', async () => {
    const world = await reviewed();
    const {code, stdout} = await world.run('apply', '--yes', '--format', 'json', 'plan.json');
    expect(code).toBe(0);
    expect(applyResultSchema.parse(JSON.parse(stdout))).toMatchObject({
      kind: 'ApplyResult',
      plan: JSON.parse(world.saved).checksum,
      summary: {applied: 3, already: 0, leftOut: 0},
      items: [{name: 'a', action: 'pause', outcome: 'applied', detail: 'active → paused'}, {}, {}],
    });
  });

  it('prints one JSON document where it refuses, too, with the reasons', async () => {
    const world = await reviewed();
    writeFileSync(join(world.repository.path, 'cut.json'), world.saved.slice(0, 200));
    const cut = await world.run('apply', '--format', 'json', 'cut.json');
    expect([cut.code, applyResultSchema.parse(JSON.parse(cut.stdout))]).toMatchObject([
      4,
      {plan: null, revision: null, refused: [expect.stringContaining('cut off')]},
    ]);
    const needsYes = await world.run('apply', '--format', 'json', 'plan.json');
    const said = applyResultSchema.parse(JSON.parse(needsYes.stdout));
    expect([needsYes.code, said.refused]).toEqual([4, [expect.stringContaining('or --yes')]]);
    world.repository.commit(declared('a', 'active'));
    const moved = await world.run('apply', '--yes', '--format', 'json', 'plan.json');
    const {items, leftOut, refused} = applyResultSchema.parse(JSON.parse(moved.stdout));
    expect([moved.code, items, leftOut.map(({campaignId}) => campaignId)]).toEqual([4, [], ['a']]);
    expect(refused.join()).toContain('Git asked for paused, and now for active');
  });

  it('refuses when a campaign was cancelled in between, names it, and sends nothing', async () => {
    const world = await reviewed();
    world.workspace.act('b', 'cancel', 'ops@example.com', Date.UTC(2026, 10, 24, 12, 30));
    const {code, stderr, stdout} = await world.run('apply', 'plan.json');
    expect([code, stdout]).toEqual([4, '']);
    expect(stderr).toContain(
      'collections/b (b): live was paused, and is now cancelled, changed by ops@example.com at Tue 2026-11-24 12:30 UTC',
    );
    expect(stderr).toContain('refused, nothing was sent');
    expect(world.actions()).toEqual([]);
  });

  it('refuses when a campaign was changed and put back in between', async () => {
    const world = await reviewed();
    world.workspace.act('a', 'pause', 'ops', Date.UTC(2026, 10, 24, 12, 30));
    world.workspace.act('a', 'resume', 'ops', Date.UTC(2026, 10, 24, 12, 31));
    const {code, stderr} = await world.run('apply', 'plan.json');
    expect(code).toBe(4);
    expect(stderr).toContain('live is active as planned, but was changed since');
    expect(world.actions()).toEqual([]);
  });

  it('with --allow-partial leaves out what has moved, and does the rest', async () => {
    const world = await reviewed();
    world.workspace.act('b', 'cancel', 'ops', Date.UTC(2026, 10, 24, 12, 30));
    const {code, stderr} = await world.run('apply', '--yes', '--allow-partial', 'plan.json');
    expect(code).toBe(2);
    expect(stderr).toContain('left out: collections/b (b): live was paused, and is now cancelled');
    expect(stderr).toContain('2 applied, 1 left out');
    expect(world.actions()).toEqual(['pause a', 'cancel c']);
  });

  it('refuses when the declarations have changed since', async () => {
    const world = await reviewed();
    world.repository.commit(declared('a', 'active'));
    const {code, stderr} = await world.run('apply', 'plan.json');
    expect(code).toBe(4);
    expect(stderr).toMatch(/revision on disk: was sha256:\w+, and now declares otherwise: sha256:\w+/);
    expect(stderr).toContain('collections/a (a): Git asked for paused, and now for active');
    expect(world.actions()).toEqual([]);
  });

  it('is not put off by a commit that declares the same', async () => {
    const world = await reviewed();
    world.repository.commit({'README.md': 'another sentence\n'});
    expect((await world.run('apply', '--yes', 'plan.json')).code).toBe(0);
  });

  it.each([
    [
      'a plan that was edited by hand',
      (text: string) => text.replace('"pause"\n', '"cancel"\n'),
      'was changed after',
    ],
    ['a plan that was cut off', (text: string) => text.slice(0, text.length / 2), 'not whole'],
    ['an empty file', () => '', 'not whole'],
    ['something else', () => '{"kind": "Deployment"}', 'no plan'],
    [
      'a plan of another version',
      (text: string) => resealed(text.replace('rollcall.dev/v1', 'rollcall.dev/v9')),
      'apiVersion',
    ],
  ])('refuses %s, and sends nothing', async (_name, change, why) => {
    const world = await reviewed();
    world.edit(change(world.saved));
    const {code, stderr} = await world.run('apply', 'plan.json');
    expect(code).toBe(4);
    expect(stderr).toContain(why);
    expect(world.api.journal).toEqual([]);
  });

  it.each([
    [
      'another action',
      (text: string) => text.replace('"pause"\n', '"cancel"\n'),
      'the plan says cancel, but Git asks for pause',
    ],
    [
      'another wish',
      (text: string) => text.replace('"desired": "paused"', '"desired": "cancelled"'),
      'Git asked for cancelled, and now for paused',
    ],
    [
      'a campaign that Git does not declare',
      (text: string) => text.replace('"campaignId": "a"', '"campaignId": "stray"'),
      'no file declares it now',
    ],
    [
      'a workspace that is not configured',
      (text: string) => text.replaceAll('"collections"', '"elsewhere"'),
      'workspace elsewhere is not in this configuration',
    ],
  ])(
    'refuses a forged plan with %s and a good checksum, since Git does not say so',
    async (_name, change, why) => {
      const world = await reviewed();
      world.edit(resealed(change(world.saved)));
      const {code, stderr} = await world.run('apply', 'plan.json');
      expect(code).toBe(4);
      expect(stderr).toContain(why);
      expect(world.actions()).toEqual([]);
    },
  );

  it('refuses a plan that was made of another platform', async () => {
    const world = await reviewed();
    world.edit(
      resealed(world.saved.replace(/"platform": "[^"]+"/, '"platform": "https://elsewhere.example"')),
    );
    const {code, stderr} = await world.run('apply', 'plan.json');
    expect([code, world.actions()]).toEqual([4, []]);
    expect(stderr).toContain('made of https://elsewhere.example');
  });

  it('saves no plan that has errors', async () => {
    const world = await openReview([live('a', 'cancelled')], {}, declared('a', 'active'));
    const {code, stderr} = await world.plan('--out', 'plan.json');
    expect([code, stderr]).toEqual([3, 'not saved to plan.json: mend what is wrong first\n']);
    expect((await world.run('apply', 'plan.json')).code).toBe(1);
  });

  it('sits out a platform that asks for patience', async () => {
    const world = await reviewed();
    world.faults({throttled: 1});
    const running = world.start('apply', '--yes', 'plan.json');
    await eventually(() => world.api.journal.some(({status}) => status === 429));
    world.faults({});
    expect(await running.exited()).toBe(0);
    expect(running.stderr).toContain('\n3 applied\n');
    expect(['a', 'b', 'c'].map(world.status)).toEqual(['paused', 'active', 'cancelled']);
    expect(new Set(world.actions()).size).toBe(3);
  });

  it('sends nothing when a workspace cannot be read', async () => {
    const world = await reviewed();
    world.faults({unauthorised: 1});
    const {code, stderr} = await world.run('apply', 'plan.json');
    expect([code, world.actions()]).toEqual([1, []]);
    expect(stderr).toContain('check the workspace’s API key; nothing was sent');
  });

  it('ends after the action in flight when it is told to stop, and says what was not sent', async () => {
    const ids = Array.from({length: 40}, (_, i) => `c${i}`);
    const world = await reviewed(
      [...CAMPAIGNS, ...ids.map(id => live(id, 'active'))].filter(({campaignId}) => campaignId !== 'c'),
      Object.assign({}, ...ids.map(id => declared(id, 'paused'))),
    );
    world.faults({latency: 60});
    const running = world.start('apply', '--format', 'json', 'plan.json');
    await eventually(() => world.actions().length >= 4);
    expect(await running.stop()).toBe(1);
    const {items, summary} = JSON.parse(running.stdout);
    expect(summary.applied).toBe(world.actions().length);
    expect(summary.applied + summary.skipped).toBe(40);
    expect(items.at(-1).detail).toBe('not sent: it was told to stop');
    expect(running.stderr).toContain('to go on: rollcall apply --allow-partial plan.json');
  });

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('tells on %s what it has sent', async signal => {
    const world = await reviewed();
    world.faults({latency: 300});
    const running = world.start('apply', '--yes', 'plan.json');
    await eventually(() => world.actions().length >= 1);
    expect(await running.stop(signal)).toBe(1);
    expect(running.stdout).toMatch(/collections +a +a +pause +applied/);
  });

  it('goes on after it was stopped: what is as the plan wants it already is named, and the rest is done', async () => {
    const world = await reviewed();
    world.workspace.act('a', 'pause', 'api-key', Date.UTC(2026, 10, 24, 12, 30));
    const {code, stderr} = await world.run('apply', '--yes', 'plan.json');
    expect([code, world.actions()]).toEqual([0, ['cancel c', 'resume b']]);
    expect(stderr).toContain(
      'already as planned: collections/a (a): live is paused already, as the plan wants it',
    );
    expect(stderr).toContain('2 applied, 1 already as planned');
  });

  it('ends with 0 when a plan is applied for the second time, and sends nothing', async () => {
    const world = await reviewed();
    expect((await world.run('apply', '--yes', 'plan.json')).code).toBe(0);
    world.api.journal.length = 0;
    const {code, stderr, stdout} = await world.run('apply', 'plan.json');
    expect([code, stdout, world.actions()]).toEqual([0, 'nothing to do\n', []]);
    expect(stderr).toContain('3 already as planned');
  });

  it('does what cannot be undone only with --yes where nobody can be asked, and names it', async () => {
    const world = await reviewed();
    const {code, stderr} = await world.run('apply', 'plan.json');
    expect([code, world.actions()]).toEqual([4, []]);
    expect(stderr).toContain('cancels, which cannot be undone: collections/c (c)');
    expect(stderr).toContain('or --yes');
  });

  it('refuses what is not in the branch that the configuration follows, unless it is told to', async () => {
    const world = await reviewed();
    const file = join(world.repository.path, 'rollcall.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replace('branch: change, ', ''));
    const {code, stderr} = await world.run('apply', '--yes', 'plan.json');
    expect([code, world.actions()]).toEqual([4, []]);
    expect(stderr).toContain('what stands on disk is not in main, which counts: nobody has merged it');
    expect(stderr).toContain('merge it first, or say --unmerged');
    const meant = await world.run('apply', '--yes', '--unmerged', 'plan.json');
    expect([meant.code, meant.stderr]).toEqual([
      0,
      expect.stringContaining('a controller will undo it, but for cancels'),
    ]);
  });

  it.each([
    ['nowhere.json', 'nowhere.json does not exist'],
    ['.', '. is a folder, and no plan'],
  ])('says of %s that it is no plan, before it asks anybody', async (file, message) => {
    const world = await openReview([live('a', 'active')], declared('a', 'active'), {});
    const {code, stderr} = await world.run('apply', file);
    expect([code, stderr, world.api.journal]).toEqual([1, expect.stringContaining(message), []]);
  });

  it('leaves out what a hold still keeps, names it, and does it with the same plan once the hold has ended', async () => {
    const held = (until: string) => declared('a', 'paused', `hold: {reason: repair, until: ${until}}`);
    const world = await openReview(
      [live('a', 'active')],
      declared('a', 'active'),
      held('2026-11-24T13:00:00Z'),
    );
    expect((await world.plan('--out', 'plan.json')).code).toBe(2);
    const early = await world.run('apply', 'plan.json');
    expect([early.code, world.actions()]).toEqual([2, []]);
    expect(early.stderr).toContain('left out: collections/a (a): its hold has not ended yet: ');
    const late = await run(['apply', 'plan.json'], {...world.options, now: NOW + 2 * HOUR});
    expect([late.code, world.actions()]).toEqual([0, ['pause a']]);
  });

  it('warns of files that are not committed, and overwrites nothing that is no plan', async () => {
    const world = await openReview([live('a', 'active')], declared('a', 'active'), {});
    world.repository.write(declared('a', 'paused'));
    const saved = await world.plan('--out', 'plan.json');
    expect(saved.stderr).toContain(
      'note: 1 declaration file is not as HEAD has it; a controller goes by what is committed',
    );
    expect((await world.plan('--out', 'plan.json')).code).toBe(2);
    const before = readFileSync(join(world.repository.path, 'rollcall.yaml'), 'utf8');
    const taken = await world.plan('--out', 'rollcall.yaml');
    expect([taken.code, taken.stderr]).toEqual([
      1,
      'rollcall: rollcall.yaml is there, and is no plan: not overwritten\n',
    ]);
    expect(readFileSync(join(world.repository.path, 'rollcall.yaml'), 'utf8')).toBe(before);
  });
});
