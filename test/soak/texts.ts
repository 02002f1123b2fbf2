import {DAY} from '../support/campaigns.ts';
import {START} from '../support/world.ts';

const MINUTE = 60_000;

/** The one calendar, of UTC: hours of each day in minutes, and a stretch that is closed. */
export interface Calendar {
  readonly from: number;
  readonly to: number;
  readonly closed: {readonly from: number; readonly to: number};
}

export const isOpen = ({closed, from, to}: Calendar, at: number): boolean => {
  const minute = Math.floor((at % DAY) / MINUTE);
  return minute >= from && minute < to && !(at >= closed.from && at < closed.to);
};

/** A freeze of one workspace, or of both. */
export interface Freeze {
  readonly workspace: string | undefined;
  readonly from: number;
  readonly until: number;
  readonly committedAt: number;
}

export const freezeText = ({from, until, workspace}: Freeze, index: number): string => {
  const selector = workspace === undefined ? '{}' : `{workspace: ${workspace}}`;
  const [begins, ends] = [from, until].map(at => `"${new Date(at).toISOString()}"`);
  return `apiVersion: rollcall.dev/v1\nkind: Freeze\nmetadata: {name: freeze-${index}}\nspec: {selector: ${selector}, from: ${begins}, until: ${ends}, reason: soak}\n`;
};

export const calendarText = ({closed, from, to}: Calendar): string => {
  const clock = (minutes: number): string =>
    `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
  const at = (time: number): string => new Date(time).toISOString().slice(0, 16);
  return `apiVersion: rollcall.dev/v1\nkind: Calendar\nmetadata: {name: soak}\nspec: {timezone: UTC, weekly: {mon-sun: "${clock(from)}-${clock(to)}"}, closed: [{from: ${at(closed.from)}, to: ${at(closed.to)}, reason: soak}]}\n`;
};

/** What lets everything through once the trouble is over. */
export const allowances = (workspaces: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    workspaces.map(workspace => [
      `allow-${workspace}.yaml`,
      `apiVersion: rollcall.dev/v1\nkind: Allowance\nmetadata: {name: ${workspace}}\nspec: {workspace: ${workspace}, resume: 1000, cancel: 1000, until: "${new Date(START + 30 * DAY).toISOString()}", reason: rest}\n`,
    ]),
  );
