import type {Calendar, CalendarSpec} from './calendar.ts';
import type {CampaignKey, Declaration, SourceLocation} from './campaign.ts';
import type {ParsedDocument} from './conflicts.ts';
import type {Diagnostic} from './diagnostic.ts';
import type {Freeze} from './freeze.ts';
import type {Allowance} from './limits.ts';

/** A calendar that a file declares, well or badly. */
export interface DeclaredCalendar {
  readonly name: string;
  readonly source: SourceLocation;
  /** Undefined where it is invalid. */
  readonly spec?: CalendarSpec;
}

/** One file. Any diagnostic in it holds every campaign that it declares. */
export interface ParsedFile {
  readonly file: string;
  readonly documents: readonly ParsedDocument[];
  readonly diagnostics: readonly Diagnostic[];
  /** The freezes that it declares; not there where it declares none. */
  readonly freezes?: readonly Freeze[];
  /** The calendars that it declares; not there where it declares none. */
  readonly calendars?: readonly DeclaredCalendar[];
  /** The allowances that it declares; not there where it declares none. */
  readonly allowances?: readonly Allowance[];
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
  /** The freezes that are declared; not there where none is. */
  readonly freezes?: readonly Freeze[];
  /** The calendars that are declared well, each under a name of its own; not there where none is. */
  readonly calendars?: readonly Calendar[];
  /** The allowances that are declared; not there where none is. */
  readonly allowances?: readonly Allowance[];
  /** Documents by validity. */
  readonly counts: {readonly valid: number; readonly invalid: number};
}

export const NOTHING_DECLARED: DeclarationSet = {
  claims: new Map(),
  diagnostics: [],
  counts: {valid: 0, invalid: 0},
};

/** Workspace, id and place of a claim, whichever kind it is. */
export const claimed = (
  claim: Claim,
): {workspace: string; campaignId: string; name?: string | undefined; source: SourceLocation} =>
  claim.kind === 'valid' ? claim.declaration : claim;

/** The declarations that are valid, by their campaign. */
export const validIn = ({claims}: DeclarationSet): ReadonlyMap<CampaignKey, Declaration> =>
  new Map(
    [...claims].flatMap(([key, claim]) =>
      claim.kind === 'valid' ? [[key, claim.declaration] as const] : [],
    ),
  );

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
