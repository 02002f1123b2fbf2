import type {Declaration} from './campaign.ts';
import {type DeclarationSet, validIn} from './declarations.ts';
import {type Diagnostic, inReadingOrder} from './diagnostic.ts';
import type {Freeze} from './freeze.ts';
import {rfc3339} from './time.ts';

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

const PAST_HINT = 'take it out, or give it an end that is to come: is the year right?';

/** A wrong year is no guard at all. */
const pastHold = (declaration: Declaration, now: number): readonly Diagnostic[] => {
  const until = declaration.hold?.until;
  if (until === undefined || until > now) return [];
  const message = `the hold ended at ${rfc3339(until)}: it keeps nothing any more`;
  return [warning(declaration, 'past-until', message, PAST_HINT)];
};

const pastFreeze = ({name, source, until}: Freeze, now: number): readonly Diagnostic[] => {
  if (until > now) return [];
  const message = `the freeze ${name} ended at ${rfc3339(until)}: it keeps nothing any more`;
  return [{code: 'past-until', message, hint: PAST_HINT, ...source, column: 1}];
};

/**
 * What is no mistake of declarations, and still worth a word, in the order of reading.
 *
 * @param now epoch milliseconds
 */
export const warningsOf = (declarations: DeclarationSet, now: number): readonly Diagnostic[] =>
  inReadingOrder([
    ...[...validIn(declarations).values()].flatMap(one => [
      ...endlessHold(one),
      ...pastHold(one, now),
      ...idleTimetable(one),
    ]),
    ...(declarations.freezes ?? []).flatMap(one => pastFreeze(one, now)),
  ]);
