/** Documents that have a name or a campaign in common, whatever comes and goes among them. */
import {describe, expect, it} from 'vitest';
import type {Fragment} from '../../src/domain/conflicts.ts';
import {Groups} from '../../src/domain/groups.ts';

const at = (file: string, line: number, changes: Partial<Fragment> = {}): Fragment => ({
  workspace: 'w',
  campaignId: 'c',
  source: {file, line},
  ...changes,
});
const [first, second, third] = [at('a.yaml', 2), at('a.yaml', 10), at('b.yaml', 1)];
const groupsOf = (...documents: readonly Fragment[]): Groups => {
  const groups = new Groups('campaignId');
  for (const document of documents) groups.add(document);
  return groups;
};

describe('documents of one campaign', () => {
  it('are together in reading order, whichever came first', () => {
    const groups = groupsOf(third, second, first);
    for (const document of [first, second, third])
      expect(groups.like(document)).toEqual([first, second, third]);
    expect([...groups.lasts()]).toEqual([third]);
  });

  it('are shared while there are several, and the one that is left stands alone again', () => {
    const groups = groupsOf(first);
    expect([groups.isShared(first), groups.like(first)]).toEqual([false, [first]]);
    groups.add(second);
    groups.add(third);
    expect([first, second, third].map(document => groups.isShared(document))).toEqual([true, true, true]);
    groups.remove(second);
    expect([groups.isShared(first), groups.like(third)]).toEqual([true, [first, third]]);
    groups.remove(first);
    expect([groups.isShared(third), groups.like(third)]).toEqual([false, [third]]);
    expect([...groups.lasts()]).toEqual([third]);
    groups.add(first);
    expect([groups.isShared(third), [...groups.lasts()]]).toEqual([true, [third]]);
    groups.remove(third);
    groups.remove(first);
    expect([groups.isShared(first), groups.like(first), [...groups.lasts()]]).toEqual([false, [], []]);
  });

  it('say nothing of another campaign, though that is shared', () => {
    const other = at('a.yaml', 1, {campaignId: 'other'});
    const groups = groupsOf(first, second, other);
    expect([groups.isShared(other), groups.like(other)]).toEqual([false, [other]]);
    expect(groups.isShared(first)).toBe(true);
    groups.remove(other);
    expect([groups.isShared(first), [...groups.lasts()]]).toEqual([true, [second]]);
    expect(groups.isShared(other)).toBe(false);
  });

  it('stay shared where one of another campaign comes and goes that is shared as well', () => {
    const others = [at('c.yaml', 1, {campaignId: 'other'}), at('d.yaml', 1, {campaignId: 'other'})];
    const groups = groupsOf(first, second, ...others);
    for (const other of others) groups.remove(other);
    expect(groups.isShared(first)).toBe(true);
    expect([...groups.lasts()]).toEqual([second]);
  });

  it('are two campaigns where their workspaces are two', () => {
    const elsewhere = at('b.yaml', 1, {workspace: 'elsewhere'});
    const groups = groupsOf(first, elsewhere);
    expect([groups.isShared(first), groups.like(elsewhere)]).toEqual([false, [elsewhere]]);
    expect([...groups.lasts()]).toEqual([first, elsewhere]);
  });
});

describe('a document that does not say which campaign it means', () => {
  const nameless: Fragment = {workspace: 'w', source: {file: 'a.yaml', line: 1}};
  const homeless: Fragment = {campaignId: 'c', source: {file: 'a.yaml', line: 1}};

  it.each([nameless, homeless])('is like no other, and comes and goes without a trace: %j', document => {
    const groups = groupsOf(first, document, document);
    expect([groups.isShared(document), groups.like(document)]).toEqual([false, []]);
    expect([...groups.lasts()]).toEqual([first]);
    groups.remove(document);
    expect([groups.isShared(first), [...groups.lasts()]]).toEqual([false, [first]]);
  });
});

it('puts together what has a name in common, where it is asked for names', () => {
  const groups = new Groups('name');
  const [one, two] = [at('a.yaml', 1, {name: 'n'}), at('b.yaml', 1, {name: 'n', campaignId: 'other'})];
  groups.add(one);
  groups.add(two);
  expect(groups.like(one)).toEqual([one, two]);
});
