/** What only shows beside other documents and the configuration, word for word: people act by it. */
import {describe, expect, it} from 'vitest';
import {about, conflictsOf, declarationIn, type Fragment, place} from '../../src/domain/conflicts.ts';
import {declaration, WORKSPACE} from '../support/fixtures.ts';

const at = (line: number, changes: Partial<Fragment> = {}): Fragment => ({
  workspace: WORKSPACE,
  campaignId: 'c',
  name: 'n',
  source: {file: 'a.yaml', line},
  ...changes,
});
const document = at(1);
const ALONE = {sameCampaign: [document], sameName: [document], workspaces: undefined};

describe('a document', () => {
  it('that stands alone in a workspace that is known has nothing wrong with it', () => {
    expect(conflictsOf(document, ALONE)).toEqual([]);
    expect(conflictsOf(document, {...ALONE, workspaces: new Set([WORKSPACE])})).toEqual([]);
    expect(conflictsOf(document, {sameCampaign: [], sameName: [], workspaces: undefined})).toEqual([]);
  });

  it('of a workspace that is not configured is told which there are', () => {
    expect(conflictsOf(document, {...ALONE, workspaces: new Set(['a', 'b'])})).toEqual([
      {
        code: 'unknown-workspace',
        message: 'workspace "collections" is not in the controller\'s configuration',
        hint: 'known workspaces: a, b',
        file: 'a.yaml',
        line: 1,
        column: 1,
        workspace: WORKSPACE,
        campaignId: 'c',
      },
    ]);
  });

  it('that does not say its workspace is not told that it is unknown', () => {
    const {workspace: _workspace, ...rest} = document;
    expect(conflictsOf(rest, {...ALONE, workspaces: new Set(['a'])})).toEqual([]);
  });

  it('of a campaign that another declares holds it, and names the other', () => {
    expect(conflictsOf(document, {...ALONE, sameCampaign: [document, at(9)]})).toMatchObject([
      {
        code: 'duplicate-campaign',
        message: 'campaign c of workspace collections is declared also in a.yaml:9',
        hint: 'keep one declaration of it; until then Rollcall leaves the campaign as it is',
      },
    ]);
  });

  it('of a name that another has holds its campaign, and names the other', () => {
    expect(conflictsOf(document, {...ALONE, sameName: [at(9), document]})).toMatchObject([
      {
        code: 'duplicate-name',
        message: 'the name n is used in workspace collections also in a.yaml:9',
        hint: 'give each declaration of a workspace a name of its own',
      },
    ]);
  });

  it('is told everything that is wrong with it', () => {
    const both = [document, at(9)];
    const found = conflictsOf(document, {sameCampaign: both, sameName: both, workspaces: new Set()});
    expect(found.map(({code}) => code)).toEqual([
      'unknown-workspace',
      'duplicate-campaign',
      'duplicate-name',
    ]);
  });

  it.each([
    [2, 'a.yaml:2'],
    [6, 'a.yaml:2, a.yaml:3, a.yaml:4, a.yaml:5, a.yaml:6'],
    [7, 'a.yaml:2, a.yaml:3, a.yaml:4, a.yaml:5, a.yaml:6 and 1 more'],
    [300, 'a.yaml:2, a.yaml:3, a.yaml:4, a.yaml:5, a.yaml:6 and 294 more'],
  ])(
    'of a campaign that %d declare names five of the others, and how many more there are',
    (number, text) => {
      const group = [document, ...Array.from({length: number - 1}, (_, i) => at(i + 2))];
      const [found] = conflictsOf(document, {...ALONE, sameCampaign: group});
      expect(found?.message).toBe(`campaign c of workspace collections is declared also in ${text}`);
    },
  );

  it('that is none of the first is told as many of the others', () => {
    const group = [...Array.from({length: 299}, (_, i) => at(i + 2)), document];
    const [found] = conflictsOf(document, {...ALONE, sameCampaign: group});
    expect(found?.message).toMatch(/in a.yaml:2, a.yaml:3, a.yaml:4, a.yaml:5, a.yaml:6 and 294 more$/);
  });
});

describe('a diagnostic of a document as a whole', () => {
  it('has its place, and of its campaign what is known', () => {
    const {campaignId: _id, workspace: _workspace, ...rest} = at(3);
    expect(about(rest, 'x', 'wrong', 'mend it')).toStrictEqual({
      code: 'x',
      message: 'wrong',
      hint: 'mend it',
      file: 'a.yaml',
      line: 3,
      column: 1,
    });
    expect(about(at(3), 'x', 'wrong', 'mend it')).toMatchObject({workspace: WORKSPACE, campaignId: 'c'});
  });

  it('names a place as editors do', () => {
    expect(place({file: 'a.yaml', line: 3})).toBe('a.yaml:3');
  });
});

it('reads a declaration only in a document that is valid in itself', () => {
  const valid = declaration();
  expect(declarationIn(valid)).toBe(valid);
  expect(declarationIn(document)).toBeUndefined();
});
