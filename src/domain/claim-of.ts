import {type ParsedDocument, place} from './conflicts.ts';
import type {Claim, ParsedFile} from './declarations.ts';

/** The first thing that is wrong inside a file; undefined where nothing is. */
export const problemIn = (file: ParsedFile | undefined): string | undefined => {
  const [first] = file?.diagnostics ?? [];
  return first && `${place(first)}: ${first.message}`;
};

/** The claim of a document with which something is wrong; undefined where it does not say of which campaign it is. */
export const invalidClaim = (
  {campaignId, name, source, workspace}: ParsedDocument,
  problem = 'the declaration is invalid',
): Claim | undefined =>
  workspace === undefined || campaignId === undefined
    ? undefined
    : {kind: 'invalid', workspace, campaignId, ...(name !== undefined && {name}), source, problem};
