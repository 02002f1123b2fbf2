import type {Declaration} from './campaign.ts';
import {type DeclarationSet, validIn} from './declarations.ts';
import {type Diagnostic, inReadingOrder} from './diagnostic.ts';

const warning = (
  {campaignId, source, workspace}: Declaration,
  code: string,
  message: string,
  hint: string,
): Diagnostic => ({code, message, hint, ...source, column: 1, workspace, campaignId});

const endlessHold = (declaration: Declaration): readonly Diagnostic[] => {
  const {hold} = declaration;
  if (!hold || hold.until !== undefined) return [];
  const owner = hold.owner === undefined ? ', and no owner' : '';
  const message = `the hold has no end${owner}: it is easily forgotten`;
  return [warning(declaration, 'hold-without-end', message, 'give it until, and an owner who ends it')];
};

/** Whoever stops a campaign in a hurry changes one word: that its timetable stays there is no mistake. */
const idleTimetable = (declaration: Declaration): readonly Diagnostic[] => {
  if (declaration.timetable === undefined || declaration.desired !== 'paused') return [];
  const message = 'its timetable does nothing while it is declared paused';
  const hint = 'ask for active or scheduled where it should follow its timetable again';
  return [warning(declaration, 'idle-timetable', message, hint)];
};

/** What is no mistake of declarations, and still worth a word, in the order of reading. */
export const warningsOf = (declarations: DeclarationSet): readonly Diagnostic[] =>
  inReadingOrder(
    [...validIn(declarations).values()].flatMap(one => [...endlessHold(one), ...idleTimetable(one)]),
  );
