import type {z} from 'zod';
import {bound, type Issue, isNarrowest, ofKey, pathText} from './issue.ts';
import type {KnownKeys} from './known-keys.ts';
import {nearest} from './nearest.ts';
import {type ParsedYaml, STILL_READABLE} from './parse.ts';
import {MOST_PROBLEMS, type Problem} from './problem.ts';

const shown = (value: unknown): string => {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
};

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (inner, part) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, part) : undefined),
    value,
  );

const kindOf = (value: unknown): string =>
  value === null
    ? 'nothing'
    : Array.isArray(value)
      ? 'a list'
      : typeof value === 'object'
        ? 'a mapping'
        : typeof value;

/** So many unknown keys of one mapping are looked at for what they may have meant. */
const MOST_KEYS = 200;

/** A merge key is told as such, and is no unknown key besides. */
const isNoMergeKey = (key: string): boolean => key !== '<<';

const unknownKeys = (
  issue: Issue & {code: 'unrecognized_keys'},
  yaml: ParsedYaml,
  known: KnownKeys,
): Problem[] => {
  const candidates = known(issue.path);
  return issue.keys
    .filter(isNoMergeKey)
    .slice(0, MOST_KEYS)
    .map(key => {
      const where = issue.path.length > 0 ? ` in ${pathText(issue.path)}` : '';
      const place = {code: 'unknown-key', ...yaml.placeOfKey(issue.path, key)};
      if (candidates.includes(key)) {
        const message = `${JSON.stringify(key)} cannot stand beside the other keys${where}`;
        return {...place, message, hint: 'they are two ways to say one thing: keep one of them'};
      }
      const near = nearest(key, candidates);
      const hint = near ? `did you mean ${near}?` : `known keys: ${candidates.join(', ')}`;
      return {...place, message: `unknown key ${JSON.stringify(key)}${where}`, hint};
    });
};

/** What a value should be, in the words of who writes YAML. */
const EXPECTED: Readonly<Partial<Record<string, string>>> = {
  object: 'a mapping',
  record: 'a mapping',
  array: 'a list',
  int: 'a whole number',
  boolean: 'true or false',
};

/** Of a key without a value, or with one of the words for none. */
const GIVE_IT = 'write what it is after the colon, or take the key out';

const wrongType = (issue: Issue & {code: 'invalid_type'}, yaml: ParsedYaml): Problem => {
  const value = valueAt(yaml.value, issue.path);
  const name = pathText(issue.path) || 'the document';
  const place = yaml.placeOf(issue.path);
  if (value === undefined) return {code: 'required', message: `${name} is required`, ...place};
  const scalar = value === null || typeof value === 'number' || typeof value === 'boolean';
  if (issue.expected === 'string' && scalar) {
    const source = yaml.sourceOf(issue.path) ?? String(value);
    if (source === '' || source === '~') {
      const written = source === '' ? '' : `, but YAML reads ${source} as nothing`;
      return {code: 'unquoted', message: `${name} must be a string${written}`, hint: GIVE_IT, ...place};
    }
    const message = `${name} must be a string, but YAML reads ${source} as ${kindOf(value)}`;
    return {code: 'unquoted', message, hint: `quote it: '${source}'`, ...place};
  }
  const expected = EXPECTED[issue.expected] ?? `a ${issue.expected}`;
  const found = typeof value === 'number' ? value : kindOf(value);
  return {code: 'wrong-type', message: `${name} must be ${expected}, not ${found}`, ...place};
};

const wrongValue = (issue: Issue & {code: 'invalid_value'}, yaml: ParsedYaml): Problem => {
  const value = valueAt(yaml.value, issue.path);
  const name = pathText(issue.path);
  const allowed = issue.values.map(String);
  if (value === undefined) {
    const message = `${name} is required`;
    return {code: 'required', message, hint: `one of ${allowed.join(', ')}`, ...yaml.placeOf(issue.path)};
  }
  const near = typeof value === 'string' ? nearest(value, allowed) : undefined;
  const hint = near
    ? `did you mean ${near}?`
    : allowed.length > 1
      ? `one of ${allowed.join(', ')}`
      : `write ${allowed[0]}`;
  return {
    code: 'wrong-value',
    message: `${name} cannot be ${shown(value)}`,
    hint,
    ...yaml.placeOf(issue.path),
  };
};

const other = (issue: Issue, yaml: ParsedYaml): Problem => {
  const custom = issue.code === 'custom' ? issue.params : undefined;
  const code = typeof custom?.['code'] === 'string' ? custom['code'] : 'wrong-value';
  const hint = typeof custom?.['hint'] === 'string' ? custom['hint'] : undefined;
  const keyProblem = ofKey(issue);
  const name = pathText(keyProblem === undefined ? issue.path : issue.path.slice(0, -1));
  return {
    code,
    message: name ? `${name}: ${keyProblem ?? bound(issue) ?? issue.message}` : issue.message,
    ...(hint !== undefined && {hint}),
    ...yaml.placeOf(issue.path),
  };
};

const toProblems = (issue: Issue, yaml: ParsedYaml, known: KnownKeys): Problem[] => {
  switch (issue.code) {
    case 'unrecognized_keys':
      return unknownKeys(issue, yaml, known);
    case 'invalid_type':
      return [wrongType(issue, yaml)];
    case 'invalid_value':
      return [wrongValue(issue, yaml)];
    case 'invalid_union':
      return ofUnion(issue, yaml, known);
    default:
      return [other(issue, yaml)];
  }
};

/** Of several forms that a value may have, what is wrong by the one that it is nearest to. */
const ofUnion = (issue: Issue & {code: 'invalid_union'}, yaml: ParsedYaml, known: KnownKeys): Problem[] => {
  const value = valueAt(yaml.value, issue.path);
  if (value === undefined)
    return [{code: 'required', message: `${pathText(issue.path)} is required`, ...yaml.placeOf(issue.path)}];
  const [nearestForm] = issue.errors.toSorted((a, b) => distance(a) - distance(b));
  if (kindOf(value) !== 'a mapping' || !nearestForm || nearestForm.length === 0) return [other(issue, yaml)];
  return nearestForm.flatMap(inner =>
    toProblems({...inner, path: [...issue.path, ...inner.path]} as Issue, yaml, known),
  );
};

/** A form that knows the keys that are there is nearer than one that only lacks some. */
const distance = (issues: readonly {readonly code: string}[]): number =>
  issues.reduce((sum, {code}) => sum + (code === 'unrecognized_keys' ? 10 : 1), 0);

/** How many problems an issue makes: one for each key that there is not. */
const sizeOf = (issue: Issue): number =>
  issue.code === 'unrecognized_keys' ? issue.keys.filter(isNoMergeKey).length : 1;

/** What came of a check: the value where nothing is wrong; else what is, and how much more that was not told. */
export interface Checked<T> {
  readonly value?: T;
  readonly problems: readonly Problem[];
  readonly untold: number;
}

/**
 * Checks one YAML document by a schema. Every problem comes back with its place, up to a bound; the value only where
 * there is none.
 *
 * @param most how many problems are told; the others are counted
 */
export const checkYaml = <T>(
  yaml: ParsedYaml,
  schema: z.ZodType<T>,
  known: KnownKeys,
  most = MOST_PROBLEMS,
): Checked<T> => {
  if (yaml.problems.some(problem => !STILL_READABLE.has(problem.code)))
    return {problems: yaml.problems.slice(0, most), untold: Math.max(0, yaml.problems.length - most)};
  const result = schema.safeParse(yaml.value);
  if (result.success && yaml.problems.length === 0) return {value: result.data, problems: [], untold: 0};
  const issues = result.success ? [] : result.error.issues.filter(isNarrowest);
  const problems = [...yaml.problems];
  for (const issue of issues) {
    if (problems.length >= most) break;
    for (const problem of toProblems(issue, yaml, known)) problems.push(problem);
  }
  const all = yaml.problems.length + issues.reduce((sum, issue) => sum + sizeOf(issue), 0);
  return {problems: problems.slice(0, most), untold: Math.max(0, all - Math.min(problems.length, most))};
};
