import type {Restraint} from './restraint.ts';
import {counted, percent} from './text.ts';
import {DAY, HOUR, lengthOf, rfc3339} from './time.ts';

/** The actions that a limit may stop. A pause passes, always. */
export const LIMITED = ['resume', 'cancel'] as const;
export type Limited = (typeof LIMITED)[number];

/** How many actions of a kind may be sent within a time: what is more than both numbers stops as a whole. */
export interface Limit {
  readonly most: number;
  /** A share of the workspace's declared campaigns: from 0 to 1. */
  readonly share: number;
  /** Milliseconds. */
  readonly per: number;
}

export type Limits = Readonly<Record<Limited, Limit>>;

/** Lets through, once, what a limit stops. Epoch milliseconds. */
export interface Allowance {
  readonly name: string;
  readonly workspace: string;
  readonly resume: number;
  readonly cancel: number;
  readonly until: number;
  readonly reason: string;
  readonly source: {readonly file: string; readonly line: number};
}

/** How many actions there are, and how many campaigns that they are counted against. */
export interface Use {
  /** Sent within the time that counts. */
  readonly sent: number;
  /** To be sent now. */
  readonly wanted: number;
  /** Campaigns of the workspace that are declared. */
  readonly declared: number;
  /** What allowances let through besides. */
  readonly allowed: number;
}

/** For how long what was sent is remembered at the least: no limit and no allowance reaches further back. Milliseconds. */
export const LIMITS_REACH = 31 * DAY;
/** An RFC 1123 label has no more characters than these, with a stamp of the hour behind them. */
const LONGEST_NAME = 52;

/** The name of an allowance as it is proposed: another one each hour, since of two of one name none counts. */
const proposedName = (action: Limited, workspace: string, until: string): string =>
  `${`${action}s-of-${workspace}`.slice(0, LONGEST_NAME)}-${until.replace(/\D/g, '').slice(0, 10)}`;

/** A document that lets so many actions through for a day, in one line, ready to be put into a file. */
const allowanceFor = (workspace: string, action: Limited, number: number, now: number): string => {
  const until = rfc3339(Math.ceil((now + DAY) / HOUR) * HOUR).replace('.000', '');
  const numbers = LIMITED.map(one => `${one}: ${one === action ? number : 0}`).join(', ');
  return `{apiVersion: rollcall.dev/v1, kind: Allowance, metadata: {name: ${proposedName(action, workspace, until)}}, spec: {workspace: "${workspace}", ${numbers}, until: "${until}", reason: "say why"}}`;
};

/** How many are a share of a number: what is exactly so many is not more, though the product of such numbers may fall short by a hair. */
const shareOf = (share: number, number: number): number => Math.floor(share * number + 1e-6);

/** How many actions a limit lets through by itself. */
export const roomOf = ({most, share}: Limit, declared: number): number =>
  Math.max(most, shareOf(share, declared));

/** By how much actions are more than a limit, and what was allowed besides, lets through; 0 or less where they are not. */
const excess = (limit: Limit, {allowed, declared, sent, wanted}: Use): number =>
  sent + wanted - roomOf(limit, declared) - allowed;

/** True where actions are more than is let through. */
export const isExceeded = (limit: Limit, use: Use): boolean => use.wanted > 0 && excess(limit, use) > 0;

/** What is said of actions that a limit stops: the numbers, and the allowance that would let them through. */
export const exceededText = (
  {action, workspace}: {readonly action: Limited; readonly workspace: string},
  limit: Limit,
  use: Use,
  now: number,
): string => {
  const {most, per, share} = limit;
  const {allowed, declared, sent, wanted} = use;
  const enough = Math.max(wanted, Math.ceil(excess(limit, use)));
  const all = counted(sent + wanted, action);
  const before =
    sent === 0 ? '' : `, of which ${sent} ${sent === 1 ? 'was' : 'were'} sent within ${lengthOf(per)},`;
  const besides = allowed === 0 ? '' : `, with ${allowed} that are allowed besides`;
  return (
    `the limit of the workspace ${workspace}: ${all}${before} ${sent + wanted === 1 ? 'is' : 'are'} more than ${most}, and more than ${percent(share)} of ${counted(declared, 'campaign')}, within ${lengthOf(per)}${besides}; ` +
    `${wanted === 1 ? 'it is not sent. To let it' : `none of the ${wanted} is sent. To let them`} through, commit as a file of its own: ${allowanceFor(workspace, action, enough, now)}`
  );
};

/** What is said of each campaign whose action a limit stops: one value for all, however many they become. */
const stoppedBy = (action: Limited): Restraint => ({
  reason: 'limited',
  message: `more ${action}s at once than the limit of its workspace lets through: none of them is sent until an Allowance lets them through; the condition Stalled has the numbers`,
});

/** What keeps an action that a limit stops. */
export const STOPPED: Readonly<Record<Limited, Restraint>> = {
  resume: stoppedBy('resume'),
  cancel: stoppedBy('cancel'),
};
