const BUSY = 5;

/** Whether an error of SQLite says that another process has the database. */
export const isBusy = (error: unknown): boolean =>
  error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === BUSY;
