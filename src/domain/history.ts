import {rfc3339, timeOrNull} from './time.ts';

/**
 * What a record tells of: an action and how it ended, a campaign found moved from outside, or where nothing leaves
 * against Git, a status that the platform shows, or something else that Git wishes.
 */
export const RECORD_KINDS = ['action', 'drift', 'terminal', 'status', 'wish'] as const;
export type RecordKind = (typeof RECORD_KINDS)[number];

/** One line of the history. It is written once and never changed. Times are epoch milliseconds. */
export interface HistoryRecord {
  /** When it was decided, or seen. */
  readonly at: number;
  readonly kind: RecordKind;
  readonly workspace: string;
  readonly campaignId: string;
  readonly name: string;
  /** The revision in force, who wrote its commit, and when. */
  readonly revision?: string;
  readonly author?: string;
  readonly committedAt?: number;
  /** What Git wanted then. */
  readonly desired?: string;
  /** The status before, or what Git wanted before. */
  readonly from?: string;
  readonly action?: string;
  /** The status, or what Git wants; a wish without it says that no file declares the campaign any more. */
  readonly to?: string;
  readonly cause?: string;
  /** Who changed the live status that the record is about, and when, as the platform says. */
  readonly changedBy?: string;
  readonly changedAt?: number;
  /** An action of this controller made the status; false where nobody knows, since it was made under its name before it began. */
  readonly own?: boolean;
  readonly outcome?: string;
  readonly message?: string;
  /** What is said of the campaign, as digests: by its declaration, and by others; told of a wish, and kept apart from records. */
  readonly said?: {readonly words: string; readonly around: string};
  /** The process that wrote it. */
  readonly replica: string;
}

/** True for a status that the platform's clock may lead to. */
export const isByClock = ({from, to}: HistoryRecord): boolean =>
  to === 'ended' || (from === 'scheduled' && to === 'active');

/** A record as it lies in a history: by its number there. */
export interface StoredRecord extends HistoryRecord {
  readonly id: number;
}

/** Where reading goes on: after the record that was given last, from the newest to the oldest. */
export interface HistoryPlace {
  readonly at: number;
  readonly replica: string;
  readonly id: number;
}

/** Which records are meant. */
export interface HistoryQuery {
  readonly workspace?: string | undefined;
  /** A campaign's id or name, or `workspace/` and one of them; `*` and `?` stand for any text and one character. */
  readonly name?: string | undefined;
  readonly kind?: RecordKind | undefined;
  /** From then on. */
  readonly since?: number | undefined;
  /** Before then. */
  readonly until?: number | undefined;
}

/** Records, the newest first; `next` is where more of them follow. */
export interface HistoryPage {
  readonly items: readonly StoredRecord[];
  readonly next?: HistoryPlace;
}

export const isRecordKind = (word: string): word is RecordKind => RECORD_KINDS.some(kind => kind === word);

/** Whether a record was made later than another, in the order of pages. */
export const isLater = (a: HistoryPlace, b: HistoryPlace): boolean => {
  if (a.at !== b.at) return a.at > b.at;
  return a.replica === b.replica ? a.id > b.id : a.replica > b.replica;
};

/** The columns in which a record is given to a spreadsheet. */
export const RECORD_COLUMNS = [
  'at',
  'kind',
  'workspace',
  'campaignId',
  'name',
  'revision',
  'author',
  'committedAt',
  'desired',
  'from',
  'action',
  'to',
  'cause',
  'changedBy',
  'changedAt',
  'own',
  'outcome',
  'message',
  'replica',
] as const;

/** A record as machines are shown it: times in RFC 3339, and null for what there is not. */
export const recordView = (record: StoredRecord) => ({
  id: record.id,
  at: rfc3339(record.at),
  kind: record.kind,
  workspace: record.workspace,
  campaignId: record.campaignId,
  name: record.name,
  revision: record.revision ?? null,
  author: record.author ?? null,
  committedAt: timeOrNull(record.committedAt),
  desired: record.desired ?? null,
  from: record.from ?? null,
  action: record.action ?? null,
  to: record.to ?? null,
  cause: record.cause ?? null,
  changedBy: record.changedBy ?? null,
  changedAt: timeOrNull(record.changedAt),
  own: record.own === true && !isByClock(record),
  perhapsOwn: record.own === false,
  outcome: record.outcome ?? null,
  message: record.message ?? null,
  replica: record.replica,
});

export type RecordView = ReturnType<typeof recordView>;

const timeOf = (text: string | null): number | undefined => (text === null ? undefined : Date.parse(text));

/** The record that machines were shown. */
export const recordOfView = (view: RecordView): StoredRecord => {
  const {at, changedAt, committedAt, kind, own, perhapsOwn, ...rest} = view;
  const texts = Object.entries(rest).filter(([, value]) => value !== null);
  const [changed, committed] = [timeOf(changedAt), timeOf(committedAt)];
  return {
    ...(Object.fromEntries(texts) as unknown as Omit<StoredRecord, 'at' | 'kind'>),
    at: Date.parse(at),
    kind: isRecordKind(kind) ? kind : 'status',
    ...((own || perhapsOwn) && {own}),
    ...(changed !== undefined && {changedAt: changed}),
    ...(committed !== undefined && {committedAt: committed}),
  };
};
