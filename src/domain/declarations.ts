import type {Calendar} from './calendar.ts';
import type {CalendarSpec} from './calendar-spec.ts';
import {
  type CampaignKey,
  campaignKey,
  type Declaration,
  type DesiredStatus,
  type SourceLocation,
} from './campaign.ts';
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
  /** It could not be parsed in time, which says little of the file: nobody keeps that. */
  readonly isGivenUp?: true;
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
  /** By workspace, of those that have any, and by the id of the campaign. */
  readonly claims: ReadonlyMap<string, ReadonlyMap<string, Claim>>;
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

/** True where nothing is declared, well or badly. */
export const isNothing = ({claims, diagnostics}: DeclarationSet): boolean =>
  claims.size === 0 && diagnostics.length === 0;

/** Workspace, id and place of a claim, whichever kind it is. */
export const claimed = (
  claim: Claim,
): {workspace: string; campaignId: string; name?: string | undefined; source: SourceLocation} =>
  claim.kind === 'valid' ? claim.declaration : claim;

/** What is declared to be wanted; undefined where nothing is, validly. */
export const desiredOf = (claim: Claim | undefined): DesiredStatus | undefined =>
  claim?.kind === 'valid' ? claim.declaration.desired : undefined;

/** All claims of all workspaces. */
export function* allClaims({claims}: DeclarationSet): Generator<Claim, void> {
  for (const part of claims.values()) yield* part.values();
}

/** The declarations that are valid, by their campaign. */
export const validIn = (set: DeclarationSet): ReadonlyMap<CampaignKey, Declaration> => {
  const valid = new Map<CampaignKey, Declaration>();
  for (const claim of allClaims(set)) {
    if (claim.kind !== 'valid') continue;
    const {declaration} = claim;
    valid.set(campaignKey(declaration.workspace, declaration.campaignId), declaration);
  }
  return valid;
};
