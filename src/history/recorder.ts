import type {ControllerEvent} from '../controller/events.ts';
import type {Clock, Revision} from '../controller/ports.ts';
import {recordOf} from './records.ts';
import type {HistoryWriter} from './writer.ts';

/** Hears what happens, and writes what of it belongs into the history. */
export class HistoryRecorder {
  readonly #writer: Pick<HistoryWriter, 'add'>;
  readonly #replica: string;
  readonly #clock: Pick<Clock, 'now'>;
  #revision: Revision | undefined;

  /** @param replica what this process calls itself */
  constructor(writer: Pick<HistoryWriter, 'add'>, replica: string, clock: Pick<Clock, 'now'>) {
    this.#writer = writer;
    this.#replica = replica;
    this.#clock = clock;
  }

  hear(event: ControllerEvent): void {
    if (event.kind === 'revision-adopted') this.#revision = event.revision;
    const circumstance = {now: this.#clock.now(), replica: this.#replica, revision: this.#revision};
    const record = recordOf(event, circumstance);
    if (record) this.#writer.add(record);
  }
}
