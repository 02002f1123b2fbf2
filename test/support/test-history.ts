import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {ControllerEvent} from '../../src/controller/events.ts';
import type {KnownPast} from '../../src/controller/store/known-past.ts';
import {openToWrite} from '../../src/disk/sqlite.ts';
import {knownPast} from '../../src/history/past.ts';
import {HistoryRecorder} from '../../src/history/recorder.ts';
import {SCHEMA} from '../../src/history/schema.ts';
import {RecordTable} from '../../src/history/table.ts';

/** A real history, which is written at once. Must be closed. */
export class TestHistory {
  readonly #folder = mkdtempSync(join(tmpdir(), 'rollcall-test-'));
  readonly #file = join(this.#folder, 'history.sqlite');
  readonly #database = openToWrite(this.#file, SCHEMA);
  readonly #recorder: HistoryRecorder;
  readonly #now: () => number;

  constructor(now: () => number) {
    const table = new RecordTable(this.#database);
    const writer = {
      add: (record: Parameters<RecordTable['write']>[0][number]) => void table.write([record]),
      begin: (begun: Parameters<RecordTable['begin']>[0]) => table.begin(begun),
    };
    this.#recorder = new HistoryRecorder(writer, 'one', {now});
    this.#now = now;
  }

  readonly hear = (event: ControllerEvent): void => this.#recorder.hear(event);

  /** What a process that starts now knows by it. */
  past(workspace: string): KnownPast {
    return knownPast(this.#file, workspace, this.#now());
  }

  close(): void {
    this.#database.close();
    rmSync(this.#folder, {recursive: true, force: true});
  }
}
