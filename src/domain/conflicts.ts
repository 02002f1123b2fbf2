import {type CampaignKey, campaignKey, type Declaration, type SourceLocation} from './campaign.ts';
import type {Diagnostic} from './diagnostic.ts';

/** One YAML document: what could be read of it, and the declaration where it is valid in itself. */
export interface ParsedDocument {
  readonly workspace?: string;
  readonly campaignId?: string;
  readonly name?: string;
  readonly declaration?: Declaration;
  readonly source: SourceLocation;
}

/** As editors and compilers name a place. */
export const place = ({file, line}: SourceLocation): string => `${file}:${line}`;

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
  documents: readonly ParsedDocument[],
  keyOf: (document: ParsedDocument) => string | undefined,
): ParsedDocument[][] => {
  const groups = new Map<string, ParsedDocument[]>();
  for (const document of documents) {
    const key = keyOf(document);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group) group.push(document);
    else groups.set(key, [document]);
  }
  return [...groups.values()];
};

/** How many other places a diagnostic names. */
const MOST_PLACES = 5;

const otherPlaces = (group: readonly ParsedDocument[], document: ParsedDocument): string => {
  const named = group
    .slice(0, MOST_PLACES + 1)
    .filter(other => other !== document)
    .slice(0, MOST_PLACES);
  const more = group.length - 1 - named.length;
  return named.map(({source}) => place(source)).join(', ') + (more > 0 ? ` and ${more} more` : '');
};

/** One diagnostic for each member of each group of more than one, naming the other places. */
const collisions = (
  groups: readonly ParsedDocument[][],
  code: string,
  what: (document: ParsedDocument) => string,
  hint: string,
): Map<ParsedDocument, Diagnostic> => {
  const found = new Map<ParsedDocument, Diagnostic>();
  for (const group of groups) {
    if (group.length < 2) continue;
    for (const document of group) {
      found.set(
        document,
        about(document, code, `${what(document)} in ${otherPlaces(group, document)}`, hint),
      );
    }
  }
  return found;
};

/** The campaign that a document means, where it says. */
export const keyOf = (document: ParsedDocument): CampaignKey | undefined =>
  document.workspace === undefined || document.campaignId === undefined
    ? undefined
    : campaignKey(document.workspace, document.campaignId);

const unknownWorkspaces = (
  documents: readonly ParsedDocument[],
  workspaces: ReadonlySet<string> | undefined,
): Map<ParsedDocument, Diagnostic> => {
  const found = new Map<ParsedDocument, Diagnostic>();
  if (!workspaces) return found;
  const known = `known workspaces: ${[...workspaces].join(', ')}`;
  for (const document of documents) {
    if (document.workspace === undefined || workspaces.has(document.workspace)) continue;
    const message = `workspace ${JSON.stringify(document.workspace)} is not in the controller's configuration`;
    found.set(document, about(document, 'unknown-workspace', message, known));
  }
  return found;
};

/**
 * What only shows across documents: a workspace that is unknown, a campaign or a name that is declared twice.
 *
 * @param workspaces the configured ones; undefined where no configuration is at hand
 */
export const crossFileProblems = (
  documents: readonly ParsedDocument[],
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
