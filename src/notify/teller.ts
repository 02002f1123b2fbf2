import type {ControllerEvent} from '../controller/events.ts';
import type {Revision} from '../controller/ports.ts';
import type {Standing} from '../controller/standing.ts';
import {compareText} from '../domain/diagnostic.ts';
import type {Finding} from '../domain/finding.ts';
import {type Message, ofDrift, ofDriftEnded, ofRevision} from './message.ts';

/** What was told last of a workspace: kept over restarts, so that nothing is told twice. */
export interface Told {
  readonly revision?: string;
  readonly result?: 'applied' | 'failed';
  /** The drift that was told and has not ended. */
  readonly drift?: string;
}

/** What the teller goes by, and where its messages go. */
export interface TellerPorts {
  /** How a workspace stands; undefined where it is not worked on here. */
  readonly standing: (workspace: string) => Standing | undefined;
  readonly told: (workspace: string) => Told;
  /** Keeps what is told now, and sends the messages: both, or neither. */
  readonly tell: (messages: readonly Message[], workspace: string, told: Told) => void;
  /** Names what happened by a digest. */
  readonly digest: (text: string) => string;
  readonly now: () => number;
}

/** How long something must stand in the way before a revision is told to have failed. Milliseconds. */
const FAILS_AFTER = 60_000;

interface Progress {
  readonly revision: Revision;
  /** It changed something here, as far as it is known. */
  changed: boolean;
  failingSince: number | undefined;
}

type Result = 'applied' | 'failing' | 'under way';

const resultOf = ({blocked, summary, trouble}: Standing): Result => {
  const {drifted = 0, failed = 0, invalid = 0, missing = 0, pending = 0} = summary;
  if (trouble !== undefined) return 'failing';
  if (pending + drifted - blocked.detect - blocked.guard > 0) return 'under way';
  const stuck = failed + invalid + missing + (summary.terminal ?? 0);
  return stuck + (summary.unrecognised ?? 0) + (summary.unknown ?? 0) > 0 ? 'failing' : 'applied';
};

/**
 * Decides what is worth a message: one for a revision that changed something in a workspace, once that is in place or
 * cannot be; one when drift begins in a workspace, and one when it has ended.
 */
export class Teller {
  readonly #ports: TellerPorts;
  readonly #progress = new Map<string, Progress>();
  /** Drift that was found since the last pass of a workspace. */
  readonly #drifted = new Map<string, Finding[]>();
  #revision: Revision | undefined;

  constructor(ports: TellerPorts) {
    this.#ports = ports;
  }

  hear(event: ControllerEvent): void {
    if (event.kind === 'revision-adopted') this.#revision = event.revision;
    if (event.kind === 'wish-changed') this.#wished(event.workspace, event.revision);
    if (event.kind === 'drift-detected') this.#found(event.finding);
    if (event.kind === 'action-ended') {
      const {declaration} = event.planned;
      const progress = this.#progress.get(declaration.workspace);
      if (progress && event.planned.cause === 'pending') progress.changed = true;
    }
    if (event.kind === 'pass-ended') this.look(event.workspace);
  }

  /** Looks at a workspace as it stands now. */
  look(workspace: string): void {
    const standing = this.#ports.standing(workspace);
    if (!standing) return;
    const before = this.#ports.told(workspace);
    const [ofDrift, drift] = this.#drift(standing, before.drift);
    const [ofRevision, revision] = this.#applied(standing, before);
    const {drift: _drift, ...rest} = revision;
    const told = drift === undefined ? rest : {...rest, drift};
    const messages = [...ofDrift, ...ofRevision];
    if (messages.length > 0 || JSON.stringify(told) !== JSON.stringify(before))
      this.#ports.tell(messages, workspace, told);
  }

  /** What is wished at the start is no change, unless it turns out to be one. */
  #wished(workspace: string, revision: Revision): void {
    const known = this.#progress.get(workspace);
    if (known?.revision.id === revision.id) return;
    this.#progress.set(workspace, {revision, changed: known !== undefined, failingSince: undefined});
  }

  #found(finding: Finding): void {
    const found = this.#drifted.get(finding.workspace) ?? [];
    found.push(finding);
    this.#drifted.set(finding.workspace, found);
  }

  #drift(standing: Standing, open: string | undefined): [Message[], string | undefined] {
    const {workspace} = standing;
    const messages: Message[] = [];
    const found = (this.#drifted.get(workspace) ?? []).toSorted((a, b) => compareText(a.name, b.name));
    this.#drifted.delete(workspace);
    let key = open;
    if (found.length > 0 && key === undefined) {
      const what = found.map(({campaignId, desired, live, liveUpdatedAt}) => [
        campaignId,
        desired,
        live,
        liveUpdatedAt,
      ]);
      key = this.#ports.digest(JSON.stringify([workspace, what]));
      messages.push(ofDrift(key, found, standing, this.#revision, this.#ports.now()));
    }
    if (key === undefined || standing.drifted > 0) return [messages, key];
    messages.push(ofDriftEnded(key, standing, this.#revision, this.#ports.now()));
    return [messages, undefined];
  }

  #applied(standing: Standing, before: Told): [Message[], Told] {
    const progress = this.#progress.get(standing.workspace);
    if (!progress) return [[], before];
    const {id} = progress.revision;
    const result = this.#resultNow(progress, standing);
    const last = before.revision === id ? before.result : undefined;
    if (result === undefined || last === result || last === 'applied') return [[], before];
    const told = {...before, revision: id, result};
    if (!progress.changed && last === undefined) return [[], told];
    return [[ofRevision(result, progress.revision, standing, this.#ports.now())], told];
  }

  /** What is to be told of a revision now; undefined while it is under way, or may yet be. */
  #resultNow(progress: Progress, standing: Standing): 'applied' | 'failed' | undefined {
    const result = resultOf(standing);
    if (result !== 'failing') progress.failingSince = undefined;
    if (result === 'under way') return undefined;
    if (result === 'applied') return 'applied';
    progress.failingSince ??= this.#ports.now();
    return this.#ports.now() - progress.failingSince >= FAILS_AFTER ? 'failed' : undefined;
  }
}
