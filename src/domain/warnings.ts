import type {Declaration} from './campaign.ts';
import type {DeclarationSet} from './declarations.ts';
import {type Diagnostic, inReadingOrder} from './diagnostic.ts';

const endlessHold = ({campaignId, hold, source, workspace}: Declaration): readonly Diagnostic[] =>
  !hold || hold.until !== undefined
    ? []
    : [
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

/** Whoever stops a campaign in a hurry changes one word: that its timetable stays there is no mistake. */
const idleTimetable = ({
  campaignId,
  desired,
  source,
  timetable,
  workspace,
}: Declaration): readonly Diagnostic[] =>
  timetable === undefined || desired !== 'paused'
    ? []
    : [
        {
          code: 'idle-timetable',
          message: 'its timetable does nothing while it is declared paused',
          hint: 'ask for active or scheduled where it should follow its timetable again',
          ...source,
          column: 1,
          workspace,
          campaignId,
        },
      ];

/** What is no mistake of declarations, and still worth a word, in the order of reading. */
export const warningsOf = ({claims}: DeclarationSet): readonly Diagnostic[] =>
  inReadingOrder(
    [...claims.values()].flatMap(claim =>
      claim.kind === 'valid' ? [...endlessHold(claim.declaration), ...idleTimetable(claim.declaration)] : [],
    ),
  );
