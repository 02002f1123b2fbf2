/** What the page about an incident has people do, done. */
import {execFileSync, spawnSync} from 'node:child_process';
import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {file, deploy as open} from '../support/deployment.ts';
import {campaign} from '../support/platform.ts';
import {run} from '../support/rollcall.ts';
import {temporaryFolder} from '../support/temp.ts';
import {eventually} from '../support/wait.ts';

const SCRIPT = join(import.meta.dirname, '../../examples/incident/pause-everything.sh');

describe('a declaration that the script', () => {
  const changed = (...lines: readonly string[]) => {
    const folder = temporaryFolder();
    const path = join(folder, 'a.yaml');
    writeFileSync(path, `${lines.join('\n')}\n`);
    const {status, stderr} = spawnSync('sh', [SCRIPT, folder], {encoding: 'utf8'});
    return {status, left: stderr.replaceAll(path, 'a.yaml'), text: readFileSync(path, 'utf8')};
  };

  it.each([
    '  "desiredStatus": "active"',
    "  'desiredStatus' : scheduled # why",
    '  desiredStatus :   active',
    'spec: {desiredStatus: active}',
    'spec: {"workspace": a, "desiredStatus": "scheduled", campaignId: b}',
  ])('can change says paused afterwards: %s', line => {
    const {left, status, text} = changed(line);
    expect(status).toBe(0);
    expect(left).toBe('');
    expect(text).toMatch(/desiredStatus["']? ?: +paused/);
  });

  it.each([
    ['kind: Campaign', 'spec:', '  ? desiredStatus', '  : active'],
    ['kind: Campaign', 'spec: {"desired\\x53tatus": active}'],
    ['{"kind": "Campaign", spec: {"desired\\x53tatus": active}}'],
    [
      'kind: Campaign',
      'spec: {desiredStatus: active}',
      '---',
      'kind: Campaign',
      'spec:',
      '  ? desiredStatus',
      '  : active',
    ],
  ])('does not know for one that is paused is named with its file: %j', (...lines) => {
    const {left, status} = changed(...lines);
    expect([status, left]).toEqual([
      1,
      'still to be paused by hand:\na.yaml: a campaign whose status is written otherwise\n',
    ]);
  });

  it('is not taken for paused by what a comment says, and no comment for a campaign', () => {
    expect(
      changed(
        'kind: Campaign',
        'spec:',
        '  # desiredStatus: active means dialling',
        '  ? desiredStatus',
        '  : active',
      ),
    ).toMatchObject({status: 1, left: expect.stringContaining('written otherwise')});
    expect(
      changed('# kind: Campaign is explained', 'kind: Campaign', 'spec: {desiredStatus: active}'),
    ).toMatchObject({
      status: 0,
      left: '',
    });
  });

  it('is not looked for in a folder that there is not: that is told, and no success', () => {
    const {status, stderr} = spawnSync('sh', [SCRIPT, '/nowhere/campagins'], {encoding: 'utf8'});
    expect([status, stderr]).toEqual([
      64,
      'there is no folder /nowhere/campagins here: nothing was paused\n',
    ]);
  });

  it('cannot change is named, with its place', () => {
    expect(
      changed('  desiredStatus:', '    active', '# desiredStatus: x', '  desiredStatus: &x active'),
    ).toMatchObject({
      status: 1,
      left: 'still to be paused by hand:\na.yaml:1:  desiredStatus:\na.yaml:4:  desiredStatus: &x active\n',
    });
  });
});

describe('pausing everything by one script and one commit', () => {
  it('stops whatever dials, touches nothing else, and is a line in each file', async () => {
    const world = await open(
      [campaign('a', 'active'), campaign('b', 'active'), campaign('c', 'paused'), campaign('d', 'cancelled')],
      {
        ...file('a', 'active # since spring'),
        ...file('b', '"active"'),
        ...file('c', 'scheduled', 'reason: "desiredStatus: activeish"'),
        ...file('d', 'cancelled', 'confirmCancel: d'),
        'campaigns/flow.yml':
          "apiVersion: rollcall.dev/v1\nkind: Campaign\nmetadata: {name: e}\nspec: {workspace: collections, campaignId: e, desiredStatus: 'scheduled'}\n",
        'other/a.yaml': 'desiredStatus: active\n',
      },
    );
    const cwd = world.repository.path;
    execFileSync('sh', [SCRIPT, 'campaigns'], {cwd});
    const diff = execFileSync('git', ['diff', '--unified=0'], {cwd, encoding: 'utf8'});
    expect(diff.match(/^[-+] .*/gm)).toEqual([
      '-  desiredStatus: active # since spring',
      '+  desiredStatus: paused # since spring',
      '-  desiredStatus: "active"',
      '+  desiredStatus: paused',
      '-  desiredStatus: scheduled',
      '+  desiredStatus: paused',
    ]);
    expect(diff).toContain('desiredStatus: paused}');
    expect((await run(['validate', 'campaigns'], {cwd, env: {}})).code).toBe(0);
    world.start();
    execFileSync('git', ['commit', '--quiet', '--all', '--message', 'Pause everything'], {cwd});
    await eventually(() => world.status('a') === 'paused' && world.status('b') === 'paused');
    expect(world.status('d')).toBe('cancelled');
  });
});
