import type {SQLInputValue} from 'node:sqlite';
import {type HistoryRecord, isRecordKind, type StoredRecord} from '../domain/history.ts';

type Row = Readonly<Record<string, unknown>>;

/** The columns of a record, in the order in which they are written. */
export const COLUMNS = [
  'at',
  'kind',
  'workspace',
  'campaign',
  'name',
  'revision',
  'author',
  'committed_at',
  'desired',
  'from_status',
  'action',
  'to_status',
  'cause',
  'changed_by',
  'changed_at',
  'own',
  'outcome',
  'message',
  'replica',
] as const;

/** A record as its row. */
export const rowOf = (record: HistoryRecord): SQLInputValue[] => [
  record.at,
  record.kind,
  record.workspace,
  record.campaignId,
  record.name,
  record.revision ?? null,
  record.author ?? null,
  record.committedAt ?? null,
  record.desired ?? null,
  record.from ?? null,
  record.action ?? null,
  record.to ?? null,
  record.cause ?? null,
  record.changedBy ?? null,
  record.changedAt ?? null,
  record.own === undefined ? null : Number(record.own),
  record.outcome ?? null,
  record.message ?? null,
  record.replica,
];

const textIn = (row: Row, column: string): string | undefined =>
  typeof row[column] === 'string' ? row[column] : undefined;
const numberIn = (row: Row, column: string): number | undefined =>
  typeof row[column] === 'number' ? row[column] : undefined;

const OPTIONAL_TEXTS = {
  revision: 'revision',
  author: 'author',
  desired: 'desired',
  from: 'from_status',
  action: 'action',
  to: 'to_status',
  cause: 'cause',
  changedBy: 'changed_by',
  outcome: 'outcome',
  message: 'message',
} as const;

/** The record that a row holds. */
export const recordIn = (row: Row): StoredRecord => {
  const kind = textIn(row, 'kind') ?? '';
  const texts = Object.entries(OPTIONAL_TEXTS).flatMap(([key, column]) => {
    const value = textIn(row, column);
    return value === undefined ? [] : [[key, value] as const];
  });
  const [committedAt, changedAt] = [numberIn(row, 'committed_at'), numberIn(row, 'changed_at')];
  const own = numberIn(row, 'own');
  return {
    id: numberIn(row, 'id') ?? 0,
    at: numberIn(row, 'at') ?? 0,
    kind: isRecordKind(kind) ? kind : 'status',
    workspace: textIn(row, 'workspace') ?? '',
    campaignId: textIn(row, 'campaign') ?? '',
    name: textIn(row, 'name') ?? '',
    replica: textIn(row, 'replica') ?? '',
    ...Object.fromEntries(texts),
    ...(committedAt !== undefined && {committedAt}),
    ...(changedAt !== undefined && {changedAt}),
    ...(own !== undefined && {own: own === 1}),
  };
};
