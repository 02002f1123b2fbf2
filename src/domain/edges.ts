import type {Edge} from './agenda.ts';
import type {Declaration} from './campaign.ts';
import {MOST_LEAD} from './lead.ts';
import {closingBegins, type Opening, openingAt} from './opening.ts';
import {lengthOf} from './time.ts';
import type {Stretch} from './window.ts';

/** How the pauses of a closing are spread before its edge. Milliseconds. */
export interface Closing {
  /** How long before its edge it begins. */
  readonly lead: number;
  /** How long its pauses take. */
  readonly takes: number;
}

const lateText = ({takes}: Closing): string =>
  takes > MOST_LEAD ? `; not all of them in time: they take about ${lengthOf(takes)} at this rate` : '';

const ofCalendar = ({calendar}: Opening): string =>
  calendar ? `calendar ${calendar.spec.name}` : 'its timetable';

/** What an opening does by itself from after the beginning of a stretch to its end. */
export const timetableEdges = (opening: Opening, {from, to}: Stretch, closing: Closing): readonly Edge[] => {
  const timezone = opening.calendar?.spec.timezone;
  const zone = timezone === undefined ? {} : {timezone};
  const edges: Edge[] = [];
  for (let at = openingAt(opening, from).until; at !== undefined && at <= to; ) {
    const {isOpen, reason, until} = openingAt(opening, at);
    if (isOpen)
      edges.push({at, kind: 'timetable-opens', what: `resume: ${ofCalendar(opening)} opens`, ...zone});
    else {
      const what = `pause: ${ofCalendar(opening)} closes (${reason})${lateText(closing)}`;
      const begins = closingBegins(opening, at, closing.lead) ?? at;
      edges.push({at, kind: 'timetable-closes', what, begins, ...zone});
    }
    at = until;
  }
  return edges;
};

/** What the holds and freezes of a declaration do by themselves, whatever is live. */
export const restraintEdges = ({desired, freezes = [], hold}: Declaration): readonly Edge[] => {
  const edges: Edge[] = [];
  if (hold?.until !== undefined)
    edges.push({
      at: hold.until,
      kind: 'hold-ends',
      what: `the hold ends: from then on it is to be ${desired}`,
    });
  for (const {from, name, reason, until} of freezes) {
    if (from !== undefined)
      edges.push({
        at: from,
        kind: 'freeze-begins',
        what: `the freeze ${name} begins: no resumes, no cancels; ${reason}`,
      });
    edges.push({at: until, kind: 'freeze-ends', what: `the freeze ${name} ends`});
  }
  return edges;
};

/** What two openings have in common that do the same at the same times, of the calendars of one revision. */
export const openingKey = ({calendar, from, until}: Opening): string =>
  JSON.stringify([calendar?.spec.name, from, until]);
