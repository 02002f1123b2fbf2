import type {DatabaseSync} from 'node:sqlite';

/** Something that waits to be delivered to one receiver. */
export interface Letter {
  readonly id: number;
  readonly key: string;
  readonly body: unknown;
  /** When it was put in: epoch milliseconds. */
  readonly at: number;
  /** How often it was tried. */
  readonly attempts: number;
  /** Epoch milliseconds before which it is not tried again. */
  readonly dueAt: number;
}

/** What is put in. */
export interface NewLetter {
  readonly receiver: string;
  readonly key: string;
  readonly body: unknown;
  readonly at: number;
  /** One of the same key that still waits says less than this one. */
  readonly replaces?: true;
}

/** The tables of an outbox. */
export const SCHEMA = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS letters (
    id INTEGER PRIMARY KEY AUTOINCREMENT, receiver TEXT NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL,
    at INTEGER NOT NULL, attempts INTEGER NOT NULL, due_at INTEGER NOT NULL, UNIQUE (receiver, key)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS memory (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
`;

type Row = Readonly<Record<string, unknown>>;

/** The letter that a row holds. */
export const letterIn = (row: Row): Letter => ({
  id: Number(row['id']),
  key: String(row['key']),
  body: JSON.parse(String(row['body'])),
  at: Number(row['at']),
  attempts: Number(row['attempts']),
  dueAt: Number(row['due_at']),
});

const LETTER = 'receiver, key, body, at, attempts, due_at';

/** Takes what one outbox holds into another: what is remembered there is the newer. */
export const carry = (from: DatabaseSync, to: DatabaseSync): void => {
  const put = to.prepare(`INSERT INTO letters (${LETTER}) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`);
  for (const row of from.prepare(`SELECT ${LETTER} FROM letters ORDER BY id`).all())
    put.run(...Object.values(row));
  remember(from, to);
};

/** Takes over what was told, where that can be read. */
export const remember = (from: DatabaseSync, to: DatabaseSync): void => {
  try {
    const rows = from.prepare('SELECT key, value FROM memory').all();
    const put = to.prepare('INSERT OR REPLACE INTO memory VALUES (?, ?)');
    for (const {key, value} of rows) put.run(String(key), String(value));
  } catch {
    // What cannot be read is forgotten: a message may come twice then.
  }
};
