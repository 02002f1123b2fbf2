/**
 * The tables of a history. `last` is what it says last of each campaign, and in which records, so that a
 * start repeats nothing, and that is not removed with what is old. `latest` was its name in an earlier version. `wordings`
 * is what is said of each campaign, by its declaration and by other documents, as digests, and since when. `begun` are the
 * actions of which it is not known what became of them: those on their way, and those of processes that were killed (`lost`).
 */
export const SCHEMA = `
  PRAGMA auto_vacuum = INCREMENTAL;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS records (
    id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, kind TEXT NOT NULL, workspace TEXT NOT NULL,
    campaign TEXT NOT NULL, name TEXT NOT NULL, revision TEXT, author TEXT, committed_at INTEGER, desired TEXT,
    from_status TEXT, action TEXT, to_status TEXT, cause TEXT, changed_by TEXT, changed_at INTEGER, own INTEGER,
    outcome TEXT, message TEXT, replica TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS records_by_time ON records (at, replica, id);
  CREATE INDEX IF NOT EXISTS records_by_id ON records (campaign, at);
  CREATE INDEX IF NOT EXISTS records_by_name ON records (name, at);
  DROP INDEX IF EXISTS records_by_campaign;
  CREATE INDEX IF NOT EXISTS records_of_drift ON records (workspace, campaign, at) WHERE kind = 'drift';
  DROP TABLE IF EXISTS latest;
  CREATE TABLE IF NOT EXISTS last (
    workspace TEXT NOT NULL, campaign TEXT NOT NULL, name TEXT NOT NULL, status TEXT, changed_at INTEGER,
    status_record INTEGER, wished INTEGER NOT NULL, wish TEXT, wish_record INTEGER,
    PRIMARY KEY (workspace, campaign)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS begun (
    workspace TEXT NOT NULL, campaign TEXT NOT NULL, action TEXT NOT NULL, at INTEGER NOT NULL, lost INTEGER NOT NULL,
    PRIMARY KEY (workspace, campaign, at)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS wordings (
    workspace TEXT NOT NULL, campaign TEXT NOT NULL, words TEXT, words_at INTEGER NOT NULL, around TEXT,
    around_at INTEGER NOT NULL, PRIMARY KEY (workspace, campaign)
  ) STRICT, WITHOUT ROWID;
`;
