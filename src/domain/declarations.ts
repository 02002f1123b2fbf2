import {type CampaignKey, campaignKey, type Declaration, type SourceLocation} from './campaign.ts';
import {type Diagnostic, inReadingOrder} from './diagnostic.ts';

/** One YAML document: what could be read of it, and the declaration where it is valid in itself. */
export interface ParsedDocument {
  readonly workspace?: string;
  readonly campaignId?: string;
  readonly name?: string;
  readonly declaration?: Declaration;
  readonly source: SourceLocation;
}

/** One file. Any diagnostic in it holds every campaign that it declares. */
export interface ParsedFile {
  readonly file: string;
  readonly documents: readonly ParsedDocument[];
  readonly diagnostics: readonly Diagnostic[];
}

/** What Git says of one campaign: a valid declaration, or a problem that holds the campaign as it is. */
export type Claim =
  | {readonly kind: 'valid'; readonly declaration: Declaration}
  | {
      readonly kind: 'invalid';
      readonly workspace: string;
      readonly campaignId: string;
      readonly name?: string;
      readonly source: SourceLocation;
      readonly problem: string;
    };

/** Everything that one revision declares. */
export interface DeclarationSet {
  readonly claims: ReadonlyMap<CampaignKey, Claim>;
  readonly diagnostics: readonly Diagnostic[];
  /** Documents by validity. */
  readonly counts: {readonly valid: number; readonly invalid: number};
}

export const NOTHING_DECLARED: DeclarationSet = {
  claims: new Map(),
  diagnostics: [],
  counts: {valid: 0, invalid: 0},
};

interface Placed {
  readonly document: ParsedDocument;
  readonly fileProblem: string | undefined;
}

const place = ({file, line}: SourceLocation): string => `${file}:${line}`;

const about = (document: ParsedDocument, code: string, message: string, hint: string): Diagnostic => ({
  code,
  message,
  hint,
  file: document.source.file,
  line: document.source.line,
  column: 1,
  ...(document.workspace !== undefined && {workspace: document.workspace}),
  ...(document.campaignId !== undefined && {campaignId: document.campaignId}),
});

const groupBy = (
  documents: readonly Placed[],
  keyOf: (document: ParsedDocument) => string | undefined,
): Placed[][] => {
  const groups = new Map<string, Placed[]>();
  for (const placed of documents) {
    const key = keyOf(placed.document);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group) group.push(placed);
    else groups.set(key, [placed]);
  }
  return [...groups.values()];
};

/** One diagnostic for each member of each group of more than one, naming the other places. */
const collisions = (
  groups: readonly Placed[][],
  code: string,
  what: (document: ParsedDocument) => string,
  hint: string,
): Map<ParsedDocument, Diagnostic> => {
  const found = new Map<ParsedDocument, Diagnostic>();
  for (const group of groups) {
    if (group.length < 2) continue;
    for (const {document} of group) {
      const others = group.filter(other => other.document !== document).map(o => place(o.document.source));
      found.set(document, about(document, code, `${what(document)} in ${others.join(', ')}`, hint));
    }
  }
  return found;
};

const keyOf = (document: ParsedDocument): CampaignKey | undefined =>
  document.workspace === undefined || document.campaignId === undefined
    ? undefined
    : campaignKey(document.workspace, document.campaignId);

const unknownWorkspaces = (
  documents: readonly Placed[],
  workspaces: ReadonlySet<string> | undefined,
): Map<ParsedDocument, Diagnostic> => {
  const found = new Map<ParsedDocument, Diagnostic>();
  if (!workspaces) return found;
  const known = `known workspaces: ${[...workspaces].join(', ')}`;
  for (const {document} of documents) {
    if (document.workspace === undefined || workspaces.has(document.workspace)) continue;
    const message = `workspace ${JSON.stringify(document.workspace)} is not in the controller's configuration`;
    found.set(document, about(document, 'unknown-workspace', message, known));
  }
  return found;
};

const crossFileProblems = (
  documents: readonly Placed[],
  workspaces: ReadonlySet<string> | undefined,
): readonly Map<ParsedDocument, Diagnostic>[] => [
  unknownWorkspaces(documents, workspaces),
  collisions(
    groupBy(documents, keyOf),
    'duplicate-campaign',
    ({campaignId, workspace}) => `campaign ${campaignId} of workspace ${workspace} is declared also`,
    'keep one declaration of it; until then Rollcall leaves the campaign as it is',
  ),
  collisions(
    groupBy(documents, ({workspace, name}) => (workspace && name ? `${workspace}/${name}` : undefined)),
    'duplicate-name',
    ({name, workspace}) => `the name ${name} is used in workspace ${workspace} also`,
    'give each declaration of a workspace a name of its own',
  ),
];

const claimOf = (placed: Placed, problem: string | undefined): Claim | undefined => {
  const {document} = placed;
  if (document.declaration && problem === undefined)
    return {kind: 'valid', declaration: document.declaration};
  if (document.workspace === undefined || document.campaignId === undefined) return undefined;
  return {
    kind: 'invalid',
    workspace: document.workspace,
    campaignId: document.campaignId,
    ...(document.name !== undefined && {name: document.name}),
    source: document.source,
    problem: problem ?? 'the declaration is invalid',
  };
};

/**
 * The campaigns that a broken file declared in the revision before, and that cannot be made out in it now:
 * they stay held, not forgotten, and another file that declares one of them collides with it.
 */
const remembered = (
  broken: ReadonlyMap<string, string>,
  previous: DeclarationSet,
  documents: readonly Placed[],
): Placed[] => {
  const present = new Set(documents.map(({document}) => `${document.source.file} ${keyOf(document)}`));
  return [...previous.claims].flatMap(([key, claim]) => {
    const {workspace, campaignId, name, source} = claimed(claim);
    const fileProblem = broken.get(source.file);
    if (fileProblem === undefined || present.has(`${source.file} ${key}`)) return [];
    return [{document: {workspace, campaignId, ...(name !== undefined && {name}), source}, fileProblem}];
  });
};

const brokenFiles = (files: readonly ParsedFile[]): Map<string, string> =>
  new Map(
    files.flatMap(({file, diagnostics: [first]}) =>
      first ? [[file, `${place(first)}: ${first.message}`] as const] : [],
    ),
  );

/**
 * Joins the files of one revision into what is declared, and finds what only shows across files: a campaign
 * or a name declared twice, a workspace that is unknown. A problem inside a file holds every campaign of
 * that file; a problem across files holds the campaigns that it names.
 *
 * @param workspaces the configured ones; undefined where no configuration is at hand
 * @param previous the revision before, by which a file that cannot be read is known
 */
export const declare = (
  files: readonly ParsedFile[],
  workspaces: ReadonlySet<string> | undefined,
  previous: DeclarationSet = NOTHING_DECLARED,
): DeclarationSet => {
  const broken = brokenFiles(files);
  const present: Placed[] = files.flatMap(({file, documents}) =>
    documents.map(document => ({document, fileProblem: broken.get(file)})),
  );
  const documents = [...remembered(broken, previous, present), ...present];
  const crossFile = crossFileProblems(documents, workspaces);
  const claims = new Map<CampaignKey, Claim>();
  let valid = 0;
  for (const placed of documents) {
    const found = crossFile.flatMap(problems => problems.get(placed.document) ?? []);
    const claim = claimOf(placed, placed.fileProblem ?? found[0]?.message);
    const key = keyOf(placed.document);
    if (claim && key) claims.set(key, claim);
    if (claim?.kind === 'valid') valid += 1;
  }
  const diagnostics = [
    ...files.flatMap(file => file.diagnostics),
    ...crossFile.flatMap(p => [...p.values()]),
  ];
  const unreadable = files.filter(file => file.documents.length === 0 && file.diagnostics.length > 0).length;
  return {
    claims,
    diagnostics: inReadingOrder(diagnostics),
    counts: {valid, invalid: present.length - valid + unreadable},
  };
};

/** Workspace, id and place of a claim, whichever kind it is. */
export const claimed = (
  claim: Claim,
): {workspace: string; campaignId: string; name?: string | undefined; source: SourceLocation} =>
  claim.kind === 'valid' ? claim.declaration : claim;
