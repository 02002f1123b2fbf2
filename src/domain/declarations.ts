import type {CampaignKey, Declaration, SourceLocation} from './campaign.ts';
import {crossFileProblems, keyOf, type ParsedDocument, place} from './conflicts.ts';
import {type Diagnostic, inReadingOrder} from './diagnostic.ts';

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
  const crossFile = crossFileProblems(
    documents.map(({document}) => document),
    workspaces,
  );
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

/** The claims of each workspace, by the campaign's id. */
export const claimsByWorkspace = ({claims}: DeclarationSet): Map<string, Map<string, Claim>> => {
  const parts = new Map<string, Map<string, Claim>>();
  for (const claim of claims.values()) {
    const {campaignId, workspace} = claimed(claim);
    const part = parts.get(workspace) ?? new Map<string, Claim>();
    parts.set(workspace, part.set(campaignId, claim));
  }
  return parts;
};
