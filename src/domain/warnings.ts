import type {DeclarationSet} from './declarations.ts';
import {type Diagnostic, inReadingOrder} from './diagnostic.ts';

/** What is no mistake of declarations, and still worth a word, in the order of reading. */
export const warningsOf = ({claims}: DeclarationSet): readonly Diagnostic[] =>
  inReadingOrder(
    [...claims.values()].flatMap(claim => {
      if (claim.kind !== 'valid' || !claim.declaration.hold) return [];
      const {campaignId, hold, source, workspace} = claim.declaration;
      if (hold.until !== undefined) return [];
      return [
        {
          code: 'hold-without-end',
          message: `the hold has no end${hold.owner === undefined ? ', and no owner' : ''}: it is easily forgotten`,
          hint: 'give it until, and an owner who ends it',
          ...source,
          column: 1,
          workspace,
          campaignId,
        },
      ];
    }),
  );
