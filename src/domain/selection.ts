import type {Cause} from './assess.ts';
import type {Mode} from './campaign.ts';
import type {Finding} from './finding.ts';
import {CAMPAIGN_STATES, type CampaignState} from './states.ts';

/** One condition on labels: the key is there, is not, or has, or has not, a value. */
interface LabelTerm {
  readonly key: string;
  readonly value?: string;
  readonly negated: boolean;
}

/** Which campaigns are meant. */
export interface Selection {
  readonly workspace?: string | undefined;
  readonly state?: CampaignState | undefined;
  readonly labels?: readonly LabelTerm[] | undefined;
  /** Why it differs. */
  readonly cause?: Cause | undefined;
  readonly mode?: Mode | undefined;
  /** Each of these words, in lower case, is part of what it is called by, or of a label. */
  readonly words?: readonly string[] | undefined;
}

/** What is looked for, as words. */
export const wordsOf = (text: string): readonly string[] => text.toLowerCase().split(/\s+/).filter(Boolean);

const TERM = /^(?<not>!)?(?<key>[^=!,\s]+)(?:\s*(?<operator>==?|!=)(?<value>[^=!,]*))?$/;

const termOf = (text: string): LabelTerm | undefined => {
  const {key, not, operator, value} = TERM.exec(text.trim())?.groups ?? {};
  if (key === undefined || (not !== undefined && operator !== undefined)) return undefined;
  return {
    key,
    negated: not !== undefined || operator === '!=',
    ...(operator !== undefined && {value: value?.trim() ?? ''}),
  };
};

/** Reads a label selector as Kubernetes writes it: `team=billing,!frozen,region!=north`; undefined where it is none. */
export const parseLabels = (text: string): readonly LabelTerm[] | undefined => {
  const terms = text.split(',').map(termOf);
  return terms.every(term => term !== undefined) ? terms : undefined;
};

/** Narrows a word to a state that campaigns have. */
export const isState = (word: string): word is CampaignState => CAMPAIGN_STATES.some(state => state === word);

const hasLabel = (labels: Finding['labels'], {key, negated, value}: LabelTerm): boolean => {
  const found = Object.hasOwn(labels, key) ? labels[key] : undefined;
  const matches = value === undefined ? found !== undefined : found === value;
  return matches !== negated;
};

type Selectable = Pick<Finding, 'campaignId' | 'cause' | 'labels' | 'mode' | 'name' | 'state' | 'workspace'>;

/** All that is looked through for words: what a campaign is called by, and its labels; in lower case. */
export const searchedText = ({
  campaignId,
  labels,
  name,
  workspace,
}: Pick<Selectable, 'campaignId' | 'labels' | 'name' | 'workspace'>): string =>
  [`${workspace}/${name}`, campaignId, ...Object.entries(labels).map(([key, value]) => `${key}=${value}`)]
    .join('\n')
    .toLowerCase();

/** True where each word is somewhere in a text. */
export const hasWords = (text: string, words: readonly string[]): boolean => {
  for (const word of words) if (!text.includes(word)) return false;
  return true;
};

/** True for a campaign that has the labels and the words that are asked for. */
export const isDescribed = (
  described: Parameters<typeof searchedText>[0],
  {labels = [], words = []}: Pick<Selection, 'labels' | 'words'>,
): boolean =>
  labels.every(term => hasLabel(described.labels, term)) &&
  (words.length === 0 || hasWords(searchedText(described), words));

/** True for a campaign that a selection means. */
export const isSelected = (
  finding: Selectable,
  {cause, labels, mode, state, words, workspace}: Selection,
): boolean =>
  (workspace === undefined || finding.workspace === workspace) &&
  (state === undefined || finding.state === state) &&
  (cause === undefined || finding.cause === cause) &&
  (mode === undefined || finding.mode === mode) &&
  isDescribed(finding, {labels, words});

/** What a campaign is called by. */
export type Named = Pick<Finding, 'campaignId' | 'name' | 'workspace'>;

/** All that a campaign is called by: its name and its id, each with and without its workspace. */
export const namesOf = ({campaignId, name, workspace}: Named): readonly string[] => [
  name,
  campaignId,
  `${workspace}/${name}`,
  `${workspace}/${campaignId}`,
];

/** True where a text is as a pattern says. One way back is enough: to the last `*`, which takes one more character. */
const isLike = (pattern: readonly string[], text: readonly string[]): boolean => {
  let [at, star, taken] = [0, -1, 0];
  for (let i = 0; i < text.length; ) {
    if (pattern[at] === '*') {
      star = at;
      taken = i;
      at += 1;
    } else if (pattern[at] === '?' || (pattern[at] !== undefined && pattern[at] === text[i])) {
      at += 1;
      i += 1;
    } else if (star >= 0) {
      taken += 1;
      i = taken;
      at = star + 1;
    } else return false;
  }
  return pattern.slice(at).every(rest => rest === '*');
};

/**
 * What may be a campaign's name or id where a pattern means one alone: the whole of it, and what follows a workspace. Undefined
 * where it stands for several.
 */
export const plainNames = (pattern: string): readonly string[] | undefined => {
  if (/[*?]/.test(pattern)) return undefined;
  const slash = pattern.indexOf('/');
  return slash < 0 ? [pattern] : [pattern, pattern.slice(slash + 1)];
};

/** A test for one of the names of a campaign; `*` stands for any text, `?` for one character. */
export const nameMatcher = (pattern: string): ((named: Named) => boolean) => {
  if (plainNames(pattern)) return named => namesOf(named).includes(pattern);
  const wanted = [...pattern.replace(/\*+/g, '*')];
  return named => namesOf(named).some(name => isLike(wanted, [...name]));
};
