import {describe, expect, it} from 'vitest';
import {
  hasWords,
  isDescribed,
  isSelected,
  isState,
  nameMatcher,
  namesOf,
  parseLabels,
  type Selection,
  searchedText,
  wordsOf,
} from '../../src/domain/selection.ts';
import {CAMPAIGN_STATES} from '../../src/domain/states.ts';

const campaign = {
  workspace: 'w',
  campaignId: 'C-1',
  name: 'Quarter',
  labels: {team: 'billing', region: ''},
  state: 'drifted',
  cause: 'drifted',
  mode: 'enforce',
} as const;
const selects = (selection: Selection): boolean => isSelected(campaign, selection);
const labelled = (text: string): boolean => selects({labels: parseLabels(text)});

describe('a selector of labels', () => {
  it('is read as Kubernetes writes it', () => {
    expect(parseLabels('team=billing')).toEqual([{key: 'team', negated: false, value: 'billing'}]);
    expect(parseLabels('team==billing')).toEqual([{key: 'team', negated: false, value: 'billing'}]);
    expect(parseLabels('region != north , !frozen,team')).toEqual([
      {key: 'region', negated: true, value: 'north'},
      {key: 'frozen', negated: true},
      {key: 'team', negated: false},
    ]);
    expect(parseLabels('team=')).toEqual([{key: 'team', negated: false, value: ''}]);
  });

  it.each(['', ',', '=x', 'a b', '!', '!team=billing', 'team===x', 'team=x=y', 'team=x!', 'team=x,', '!!a'])(
    'that makes no sense is none: %j',
    text => {
      expect(parseLabels(text)).toBeUndefined();
    },
  );

  it.each([
    ['team', true],
    ['!team', false],
    ['other', false],
    ['!other', true],
    ['team=billing', true],
    ['team=growth', false],
    ['team!=billing', false],
    ['team!=growth', true],
    ['other!=growth', true],
    ['region=', true],
    ['other=', false],
    ['team,region', true],
    ['team,other', false],
    ['constructor', false],
    ['!constructor', true],
  ])('%j means a campaign of team billing: %s', (text, expected) => {
    expect(labelled(text)).toBe(expected);
  });
});

describe('a selection', () => {
  it('that asks for nothing means every campaign', () => {
    expect(selects({})).toBe(true);
    expect(isDescribed(campaign, {})).toBe(true);
  });

  it.each<[Selection, Selection]>([
    [{workspace: 'w'}, {workspace: 'v'}],
    [{state: 'drifted'}, {state: 'pending'}],
    [{cause: 'drifted'}, {cause: 'pending'}],
    [{mode: 'enforce'}, {mode: 'detect'}],
    [{words: ['quar']}, {words: ['quarx']}],
    [{words: ['w/quarter', 'c-1']}, {words: ['w/quarter', 'c-2']}],
  ])('means what has %j, and not what has %j', (own, other) => {
    expect([selects(own), selects(other)]).toEqual([true, false]);
  });
});

describe('what is looked through for words', () => {
  it('is what a campaign is called by and labelled, in lower case', () => {
    expect(searchedText(campaign)).toBe('w/quarter\nc-1\nteam=billing\nregion=');
    expect(isDescribed(campaign, {words: ['team=bill']})).toBe(true);
  });

  it('has to have each of the words', () => {
    expect(wordsOf('  Foo \t BAR\n')).toEqual(['foo', 'bar']);
    expect(wordsOf(' ')).toEqual([]);
    expect(hasWords('foo bar', ['bar', 'foo'])).toBe(true);
    expect(hasWords('foo bar', ['foo', 'baz'])).toBe(false);
  });
});

describe('a name', () => {
  it('is a campaign’s own or its id, with and without its workspace', () => {
    expect(namesOf(campaign)).toEqual(['Quarter', 'C-1', 'w/Quarter', 'w/C-1']);
    for (const name of namesOf(campaign)) expect(nameMatcher(name)(campaign)).toBe(true);
    expect(nameMatcher('Quart')(campaign)).toBe(false);
  });

  it.each([
    ['*', true],
    ['Q*', true],
    ['w/Q*r', true],
    ['C-?', true],
    ['C-??', false],
    ['*arte', false],
    ['Quarter**', true],
    ['v/*', false],
  ])('may be a pattern: %j: %s', (pattern, expected) => {
    expect(nameMatcher(pattern)(campaign)).toBe(expected);
  });
});

it('knows the states that campaigns have, and no other word', () => {
  expect(CAMPAIGN_STATES.every(isState)).toBe(true);
  expect(isState('gone')).toBe(false);
});
