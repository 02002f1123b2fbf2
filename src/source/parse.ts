import type {z} from 'zod';
import {type Checked, checkYaml} from '../document/check.ts';
import {decode} from '../document/decode.ts';
import type {KnownKeys} from '../document/known-keys.ts';
import {nearest} from '../document/nearest.ts';
import {type ParsedYaml, parseYaml} from '../document/parse.ts';
import {parsePlain} from '../document/plain.ts';
import {firstProblems, MOST_PROBLEMS, type Problem} from '../document/problem.ts';
import type {ParsedDocument} from '../domain/conflicts.ts';
import type {DeclaredCalendar, ParsedFile} from '../domain/declarations.ts';
import type {Diagnostic} from '../domain/diagnostic.ts';
import type {Freeze} from '../domain/freeze.ts';
import type {Allowance} from '../domain/limits.ts';
import {cutText} from '../domain/text.ts';
import {allowanceSchema, knownAllowanceKeys, toAllowance} from './allowance-schema.ts';
import {calendarSchema, knownCalendarKeys, toCalendar} from './calendar-schema.ts';
import {toDeclaration} from './declaration.ts';
import {freezeSchema, knownFreezeKeys, toFreeze} from './freeze-schema.ts';
import {identityOf, textAt} from './identity.ts';
import {type CampaignDocument, campaignSchema, knownCampaignKeys} from './schema.ts';

/** True for a path that holds declarations: `.yaml` or `.yml`, no part of it starting with a dot. */
export const isDeclarationPath = (path: string): boolean => /\.ya?ml$/.test(path) && !/(?:^|\/)\./.test(path);

/** Files of Rollcall's own that are easily taken for declarations: changing their kind would not make them one. */
const OWN_KINDS: ReadonlySet<string | undefined> = new Set(['Controller', 'Scenario']);

const notADeclaration = (kind: string, line: number): Problem => ({
  code: 'not-a-declaration',
  message: `this is a file of Rollcall’s own (kind: ${kind}), and no declaration`,
  hint: 'keep it outside the folder of the declarations, or name that folder',
  line,
  column: 1,
});

const check = (yaml: ParsedYaml, most: number): Checked<CampaignDocument> => {
  const kind = textAt(yaml.value, 'kind');
  if (kind !== undefined && OWN_KINDS.has(kind))
    return {problems: [notADeclaration(kind, yaml.line)].slice(0, most), untold: most > 0 ? 0 : 1};
  const checkedOne = checkYaml(yaml, campaignSchema, knownCampaignKeys, most);
  return kind === 'Campaign'
    ? checkedOne
    : {
        ...checkedOne,
        problems: checkedOne.problems.map(one => (isOfKind(one) ? {...one, hint: ALL_KINDS} : one)),
      };
};

/** True for what is said of a kind that is lacking, or is none. */
const isOfKind = ({hint, message}: Problem): boolean =>
  message.startsWith('kind ') && hint !== undefined && !hint.startsWith('did you mean');

/** A problem as it is told: no text in it is longer than a reader bears, whatever somebody wrote. */
const told = (problem: Problem, file: string): Diagnostic => ({
  ...problem,
  message: cutText(problem.message, LONGEST_TEXT),
  ...(problem.hint !== undefined && {hint: cutText(problem.hint, LONGEST_TEXT)}),
  file,
});

const LONGEST_TEXT = 500;

const parseDocument = (
  yaml: ParsedYaml,
  file: string,
  most: number,
): {document: ParsedDocument; diagnostics: Diagnostic[]; untold: number} => {
  const {value, problems, untold} = check(yaml, most);
  const {workspace, campaignId, name} = identityOf(yaml);
  const about = {...(workspace !== undefined && {workspace}), ...(campaignId !== undefined && {campaignId})};
  return {
    document: value
      ? toDeclaration(value, file, yaml.line)
      : {...about, ...(name !== undefined && {name}), source: {file, line: yaml.line}},
    diagnostics: problems.map(problem => ({...told(problem, file), ...about})),
    untold,
  };
};

/** The declarations of a file that is plain and in which nothing is wrong; undefined for any other. */
const parsePlainFile = (file: string, bytes: Uint8Array): ParsedFile | undefined => {
  const decoded = decode(bytes);
  const plain = 'text' in decoded ? parsePlain(decoded.text) : undefined;
  if (!plain) return undefined;
  const documents: ParsedDocument[] = [];
  for (const {line, value} of plain) {
    const {data} = campaignSchema.safeParse(value);
    if (!data) return undefined;
    documents.push(toDeclaration(data, file, line));
  }
  return {file, documents, diagnostics: []};
};

/**
 * Turns the bytes of one file into declarations and diagnostics. Never throws; a file without a document is
 * fine and declares nothing.
 *
 * @param file the path by which people know it, inside the source
 */
export const parseFile = (file: string, bytes: Uint8Array): ParsedFile =>
  parsePlainFile(file, bytes) ?? parseFully(file, bytes);

/** What a document means to be: one that is misspelt as a freeze is told what a freeze is, and not what a campaign is. */
const kindOf = (yaml: ParsedYaml): Kind => {
  const kind = textAt(yaml.value, 'kind') ?? 'Campaign';
  return KINDS.find(one => one === kind) ?? KINDS.find(one => one === nearest(kind, KINDS)) ?? 'Campaign';
};

const KINDS = ['Campaign', 'Freeze', 'Calendar', 'Allowance'] as const;
const ALL_KINDS = `one of ${KINDS.join(', ')}`;
type Kind = (typeof KINDS)[number];

/** A document checked by the schema of its kind, and what is wrong with it. */
const checked = <T>(yaml: ParsedYaml, file: string, most: number, schema: z.ZodType<T>, known: KnownKeys) => {
  const {problems, untold, value} = checkYaml(yaml, schema, known, most);
  return {value, told: {diagnostics: problems.map(problem => told(problem, file)), untold}};
};

const parseFreeze: Parser = (yaml, file, most) => {
  const {told, value} = checked(yaml, file, most, freezeSchema, knownFreezeKeys);
  return {...told, freezes: value ? [toFreeze(value, file, yaml.line)] : []};
};

/** A calendar that is wrong is known by its name, where that can be made out. */
const parseCalendar: Parser = (yaml, file, most) => {
  const {told, value} = checked(yaml, file, most, calendarSchema, knownCalendarKeys);
  const {name} = identityOf(yaml);
  const source = {file, line: yaml.line};
  const spec = value && {spec: toCalendar(value, file, yaml.line)};
  return {...told, calendars: name === undefined ? [] : [{name, source, ...spec}]};
};

const parseAllowance: Parser = (yaml, file, most) => {
  const {told, value} = checked(yaml, file, most, allowanceSchema, knownAllowanceKeys);
  return {...told, allowances: value ? [toAllowance(value, file, yaml.line)] : []};
};

/** What one document comes to. */
interface ParsedPart {
  readonly document?: ParsedDocument;
  readonly freezes?: readonly Freeze[];
  readonly calendars?: readonly DeclaredCalendar[];
  readonly allowances?: readonly Allowance[];
  readonly diagnostics: readonly Diagnostic[];
  readonly untold: number;
}

/** @param most how many problems are told */
type Parser = (yaml: ParsedYaml, file: string, most: number) => ParsedPart;

const PARSERS: Readonly<Record<Kind, Parser>> = {
  Campaign: parseDocument,
  Freeze: parseFreeze,
  Calendar: parseCalendar,
  Allowance: parseAllowance,
};

/** The same by the full parser, which reads any YAML and says what is wrong. */
export const parseFully = (file: string, bytes: Uint8Array): ParsedFile => {
  const {documents, problems} = parseYaml(bytes);
  const diagnostics = problems.map(problem => told(problem, file));
  const parts: ParsedPart[] = [];
  let untold = 0;
  for (const yaml of documents) {
    const most = Math.max(0, MOST_PROBLEMS - diagnostics.length);
    const one = PARSERS[kindOf(yaml)](yaml, file, most);
    parts.push(one);
    for (const diagnostic of one.diagnostics) diagnostics.push(diagnostic);
    untold += one.untold;
  }
  const all = firstProblems(diagnostics, untold);
  const freezes = parts.flatMap(one => one.freezes ?? []);
  const calendars = parts.flatMap(one => one.calendars ?? []);
  const allowances = parts.flatMap(one => one.allowances ?? []);
  return {
    file,
    documents: parts.flatMap(({document}) => document ?? []),
    diagnostics: all,
    ...(freezes.length > 0 && {freezes}),
    ...(calendars.length > 0 && {calendars}),
    ...(allowances.length > 0 && {allowances}),
  };
};
