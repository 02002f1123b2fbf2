/** How a repository begins: from what is live, or from nothing. */
import {existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {parseFile} from '../../src/source/parse.ts';
import {yaml} from '../support/fixtures.ts';
import {API_KEY, campaign, startPlatform} from '../support/platform.ts';
import {run} from '../support/rollcall.ts';
import {temporaryFolder} from '../support/temp.ts';

const config = (baseUrl: string): string => `apiVersion: rollcall.dev/v1
kind: Controller
source: {directory: {path: campaigns}}
platform: {baseUrl: ${baseUrl}}
workspaces: [{name: collections, orgId: org-1, workspaceId: ws-1, apiKey: {env: KEY}, rate: {requests: 10, per: 100ms}}]
`;

const open = async (campaigns: Parameters<typeof startPlatform>[0]) => {
  const platform = await startPlatform(campaigns);
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, 'rollcall.yaml'), config(platform.baseUrl));
  const options = {cwd, env: {KEY: API_KEY}};
  const tree = (): Record<string, string> =>
    Object.fromEntries(
      readdirSync(join(cwd, 'campaigns'), {recursive: true, encoding: 'utf8'})
        .filter(path => path.endsWith('.yaml'))
        .toSorted()
        .map(path => [path, readFileSync(join(cwd, 'campaigns', path), 'utf8')]),
    );
  return {...platform, cwd, tree, run: (...args: string[]) => run(args, options)};
};

describe('rollcall export', () => {
  it('writes one file for each campaign that is not over, and then there is nothing to plan', async () => {
    const world = await open([
      campaign('camp-1', 'active', {name: 'Q1 payment reminders'}),
      campaign('camp-2', 'scheduled', {name: 'Späte Gebühren', startsAt: Date.now() + 3_600_000}),
      campaign('0123', 'paused', {name: 'नमस्ते'}),
      campaign('camp-4', 'ended'),
      campaign('camp-5', 'cancelled'),
    ]);
    const {code, stderr, stdout} = await world.run('export', '--config', 'rollcall.yaml');
    expect([code, stderr]).toEqual([
      0,
      '3 declarations written, 0 were there already, 2 left out since they are over\n',
    ]);
    expect(stdout.split('\n')).toContain('campaigns/collections/q1-payment-reminders.yaml');
    expect(world.tree()).toEqual({
      'collections/0123.yaml': expect.stringContaining('  campaignId: "0123"\n  desiredStatus: paused\n'),
      'collections/q1-payment-reminders.yaml': [
        '# yaml-language-server: $schema=../campaign.schema.json',
        '# On the platform: Q1 payment reminders',
        'apiVersion: rollcall.dev/v1',
        'kind: Campaign',
        'metadata:',
        '  name: q1-payment-reminders',
        'spec:',
        '  campaignId: camp-1',
        '  desiredStatus: active',
        '  workspace: collections',
        '',
      ].join('\n'),
      'collections/spate-gebuhren.yaml': expect.stringContaining('  desiredStatus: active\n'),
    });
    expect(existsSync(join(world.cwd, 'campaigns/campaign.schema.json'))).toBe(true);
    expect((await world.run('validate')).stderr).toBe('3 valid declarations, 0 problems\n');
    expect((await world.run('plan')).code).toBe(0);
  });

  it('changes nothing when it is done again, and adds what is new beside what a person has written', async () => {
    const world = await open([campaign('camp-1', 'active', {name: 'Offers'})]);
    await world.run('export', '--config', 'rollcall.yaml');
    const file = join(world.cwd, 'campaigns/collections/offers.yaml');
    writeFileSync(file, yaml({name: 'offers', campaignId: 'camp-1', desired: 'paused'}));
    const before = world.tree();
    const again = await world.run('export', '--config', 'rollcall.yaml');
    expect(again.stderr).toBe('0 declarations written, 1 were there already\n');
    expect(world.tree()).toEqual(before);

    const other = await open([
      campaign('camp-1', 'active', {name: 'Offers'}),
      campaign('camp-2', 'paused', {name: 'offers!'}),
      campaign('camp-3', 'paused', {name: 'OFFERS', createdAt: Date.now()}),
    ]);
    mkdirSync(join(other.cwd, 'campaigns'));
    writeFileSync(join(other.cwd, 'campaigns/mine.yaml'), before['collections/offers.yaml'] ?? '');
    await other.run('export', '--config', 'rollcall.yaml');
    expect(Object.keys(other.tree())).toEqual([
      'collections/offers-camp-2.yaml',
      'collections/offers-camp-3.yaml',
      'mine.yaml',
    ]);
  });

  it('never lets a name lead out of its folder, break its line or its file', async () => {
    const names = ['../../etc/cron.d/x', 'a\nspec: {}\n---\n', '# : {', '\u202Eevil', ''];
    const world = await open(names.map((name, i) => campaign(`camp-${i}`, 'paused', {name})));
    expect((await world.run('export', '--config', 'rollcall.yaml')).code).toBe(0);
    const files = Object.entries(world.tree());
    expect(files).toHaveLength(names.length);
    for (const [path, text] of files) {
      expect(path).toMatch(/^collections\/[a-z0-9-]+\.yaml$/);
      expect(parseFile(path, new TextEncoder().encode(text)).documents).toHaveLength(1);
    }
  });

  it('leaves out, and names, what cannot be declared', async () => {
    const world = await open([campaign('..', 'active'), campaign('camp-2', 'archived')]);
    const {code, stderr} = await world.run('export', '--config', 'rollcall.yaml');
    expect(code).toBe(2);
    expect(stderr).toContain('left out: collections: campaign "..": its id must not be ..');
    expect(stderr).toContain('2 left out as said above');
    expect(stderr).toContain('left out: collections/camp-2: its status "archived" is not known');
    expect(existsSync(join(world.cwd, 'campaigns'))).toBe(false);
  });

  it('writes nothing beside a file that is broken, or where a workspace cannot be read or is not known', async () => {
    const world = await open([campaign('camp-1', 'active')]);
    world.faults({unauthorised: 1});
    const unread = await world.run('export', '--config', 'rollcall.yaml');
    expect([unread.code, unread.stderr]).toEqual([1, expect.stringContaining('nothing was written')]);
    world.faults({});
    const unknown = await world.run('export', '--config', 'rollcall.yaml', '--workspace', 'x');
    expect([unknown.code, unknown.stderr]).toEqual([
      64,
      expect.stringContaining('known workspaces: collections'),
    ]);
    const file = await world.run('export', '--config', 'rollcall.yaml', '--directory', 'rollcall.yaml');
    expect([file.code, file.stderr]).toEqual([1, expect.stringContaining('is a file, not a folder')]);
    mkdirSync(join(world.cwd, 'campaigns'));
    writeFileSync(join(world.cwd, 'campaigns/broken.yaml'), '<<<<<<< HEAD\n');
    const broken = await world.run('export', '--config', 'rollcall.yaml');
    expect([broken.code, broken.stderr]).toEqual([3, expect.stringContaining('mend these first')]);
    expect(Object.keys(world.tree())).toEqual(['broken.yaml']);
  });
});

describe('rollcall init', () => {
  it('writes what a repository starts with, and touches nothing that is there', async () => {
    const cwd = temporaryFolder();
    const {code, stderr, stdout} = await run(['init'], {cwd});
    expect(code).toBe(0);
    expect(stdout.trim().split('\n').toSorted()).toEqual([
      '.githooks/pre-commit',
      '.github/CODEOWNERS',
      '.github/workflows/rollcall.yaml',
      'campaigns/allowance.schema.json',
      'campaigns/calendar.schema.json',
      'campaigns/campaign.schema.json',
      'campaigns/default/example.yaml',
      'campaigns/freeze.schema.json',
      'rollcall.schema.json',
      'rollcall.yaml',
    ]);
    expect(stderr).toContain('git config core.hooksPath .githooks');
    expect(statSync(join(cwd, '.githooks/pre-commit')).mode & 0o111).toBe(0o111);
    const valid = await run(['validate', '--config', 'rollcall.yaml'], {cwd});
    expect([valid.code, valid.stderr]).toEqual([0, '0 valid declarations, 0 problems\n']);
    writeFileSync(join(cwd, 'rollcall.yaml'), 'mine\n');
    const again = await run(['init'], {cwd});
    expect([again.code, again.stdout]).toEqual([0, '']);
    expect(readFileSync(join(cwd, 'rollcall.yaml'), 'utf8')).toBe('mine\n');
  });

  it('has an example that is a valid declaration once its lines are taken in', () => {
    const template = readFileSync(new URL('../../templates/init/example.yaml', import.meta.url), 'utf8');
    const [, example = ''] = template.split('#\n');
    const text = example.replace(/^# ?/gm, '');
    expect(parseFile('example.yaml', new TextEncoder().encode(text)).diagnostics).toEqual([]);
  });

  it('writes the workflow that this repository uses, but for the action’s place, its key and the names', () => {
    const lines = (file: string): string[] =>
      readFileSync(new URL(file, import.meta.url), 'utf8')
        .replaceAll('rollcall-$', 'plan-$')
        .split('\n')
        .filter(line => !/^#|^name:|uses: (?:\.\/|your-org)|env:|SARVAM_API_KEY/.test(line.trim()));
    expect(lines('../../templates/init/workflow.yaml')).toEqual(lines('../../.github/workflows/plan.yaml'));
  });
});
