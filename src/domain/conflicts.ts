import type {Declaration, SourceLocation} from './campaign.ts';
import type {Diagnostic} from './diagnostic.ts';

/** What could be read of a document that is not valid in itself. */
export interface Fragment {
  readonly workspace?: string;
  readonly campaignId?: string;
  readonly name?: string;
  readonly source: SourceLocation;
}

/** One YAML document: the declaration where it is valid in itself, or else what could be read of it. */
export type ParsedDocument = Declaration | Fragment;

/** The declaration of a document that is valid in itself. */
export const declarationIn = (document: ParsedDocument): Declaration | undefined =>
  'desired' in document ? document : undefined;

/** As editors and compilers name a place. */
export const place = ({file, line}: SourceLocation): string => `${file}:${line}`;

/** A diagnostic of a document as a whole. */
export const about = (document: ParsedDocument, code: string, message: string, hint: string): Diagnostic => ({
  code,
  message,
  hint,
  file: document.source.file,
  line: document.source.line,
  column: 1,
  ...(document.workspace !== undefined && {workspace: document.workspace}),
  ...(document.campaignId !== undefined && {campaignId: document.campaignId}),
});

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

/** What only shows across documents, of one of them. */
export interface Surroundings {
  /** The configured workspaces; undefined where no configuration is at hand. */
  readonly workspaces: ReadonlySet<string> | undefined;
  /** All documents of the same campaign, this one among them, in reading order. */
  readonly sameCampaign: readonly ParsedDocument[];
  /** All documents of the same name in the same workspace. */
  readonly sameName: readonly ParsedDocument[];
}

/** What is wrong with a document that only shows across documents; the first holds its campaign. */
export const conflictsOf = (
  document: ParsedDocument,
  {sameCampaign, sameName, workspaces}: Surroundings,
): Diagnostic[] => {
  const found: Diagnostic[] = [];
  const add = (code: string, message: string, hint: string): void =>
    void found.push(about(document, code, message, hint));
  const {campaignId, name, workspace} = document;
  if (workspaces && workspace !== undefined && !workspaces.has(workspace)) {
    const message = `workspace ${JSON.stringify(workspace)} is not in the controller's configuration`;
    add('unknown-workspace', message, `known workspaces: ${[...workspaces].join(', ')}`);
  }
  if (sameCampaign.length > 1) {
    const others = otherPlaces(sameCampaign, document);
    const message = `campaign ${campaignId} of workspace ${workspace} is declared also in ${others}`;
    const hint = 'keep one declaration of it; until then Rollcall leaves the campaign as it is';
    add('duplicate-campaign', message, hint);
  }
  if (sameName.length > 1) {
    const message = `the name ${name} is used in workspace ${workspace} also in ${otherPlaces(sameName, document)}`;
    add('duplicate-name', message, 'give each declaration of a workspace a name of its own');
  }
  return found;
};
