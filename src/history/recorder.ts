import type {ControllerEvent} from '../controller/events.ts';
import type {Clock, Revision} from '../controller/ports.ts';
import type {PlannedAction} from '../domain/plan.ts';
import {recordOf} from './records.ts';
import type {HistoryWriter} from './writer.ts';

/** Hears what happens, and writes what of it belongs into the history. */
export class HistoryRecorder {
  readonly #writer: Pick<HistoryWriter, 'add' | 'begin'>;
  readonly #replica: string;
  readonly #clock: Pick<Clock, 'now'>;
  #revision: Revision | undefined;

  /** @param replica what this process calls itself */
  constructor(writer: Pick<HistoryWriter, 'add' | 'begin'>, replica: string, clock: Pick<Clock, 'now'>) {
    this.#writer = writer;
    this.#replica = replica;
    this.#clock = clock;
  }

  hear(event: ControllerEvent): void {
    if (event.kind === 'wish-changed' || event.kind === 'revision-adopted') this.#revision = event.revision;
    if (event.kind === 'action-sent') this.#begin(event.planned);
    const circumstance = {now: this.#clock.now(), replica: this.#replica, revision: this.#revision};
    const record = recordOf(event, circumstance);
    if (record) this.#writer.add(record);
  }

  /** What counts against a limit is written before it is sent: whatever becomes of this process, it counts. */
  #begin({action, cause, declaration: {campaignId, workspace}}: PlannedAction): void {
    if (action === 'pause' || cause === 'timetable') return;
    this.#writer.begin({workspace, campaignId, action, at: this.#clock.now()});
  }
}
