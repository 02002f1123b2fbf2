import type {ControllerEvent} from '../controller/events.ts';
import type {Revision} from '../controller/ports.ts';
import type {Standing} from '../controller/standing.ts';
import {compareText} from '../domain/diagnostic.ts';
import type {Finding} from '../domain/finding.ts';
import {FAILS_AFTER, theseBecome, wholeBecomes} from './becoming.ts';
import {type Message, ofDrift, ofDriftEnded, ofRevision, whatMoved} from './message.ts';

/** What was told last of a workspace: kept over restarts, so that nothing is told twice. */
export interface Told {
  readonly revision?: string;
  readonly result?: 'applied' | 'failed';
  /** The revision that has changed something and is not told of yet. */
  readonly begun?: string;
  /** The drift that was told and has not ended. */
  readonly drift?: string;
  /** A campaign of it was cancelled: that it ends is no good news, and is not told. */
  readonly lost?: true;
  /** How often revisions were told of that were told of before another one: the latest of them. */
  readonly times?: Readonly<Record<string, number>>;
}

/** What the teller goes by, and where its messages go. */
export interface TellerPorts {
  /** How a workspace stands; undefined where it is not worked on here. */
  readonly standing: (workspace: string) => Standing | undefined;
  /** What is found of one campaign; undefined where there is nothing to say. */
  readonly finding: (workspace: string, campaignId: string) => Finding | undefined;
  readonly told: (workspace: string) => Told;
  /** Keeps what is told now, and sends the messages: both, or neither. */
  readonly tell: (messages: readonly Message[], workspace: string, told: Told) => void;
  /** Names what happened by a digest. */
  readonly digest: (text: string) => string;
  readonly now: () => number;
}

interface Progress {
  readonly revision: Revision;
  /** It changed something here, as far as it is known. */
  changed: boolean;
  failingSince: number | undefined;
  /** The campaigns that it declares otherwise; undefined where this process did not see it come. */
  readonly campaigns: Set<string> | undefined;
}

/** What is to be told of a revision, and which campaigns something stands in the way of. */
interface Result {
  readonly result: 'applied' | 'failed';
  readonly stuck: readonly Finding[];
}

/** No campaign that somebody moved is left so; not known to be over where something could not be read. */
const isDriftOver = ({drifted, summary, trouble}: Standing): boolean =>
  drifted === 0 && trouble === undefined && (summary.unknown ?? 0) === 0;

/** Of how many revisions it is remembered how often they were told of. */
const MOST_REMEMBERED = 20;

/** How often a revision that comes into force was told of, this time among them; of those before, the latest are remembered. */
const timesWith = ({revision, times = {}}: Told, id: string): Told['times'] => {
  const known = {...times, ...(revision !== undefined && {[revision]: times[revision] ?? 1})};
  const {[id]: before = 0, ...others} = known;
  const all = [...Object.entries(others), [id, before + 1] as const].slice(-MOST_REMEMBERED);
  return all.length === 1 ? undefined : Object.fromEntries(all);
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
    if (event.kind === 'wish-changed') this.#wished(event.workspace, event.revision, event.campaignId);
    if (event.kind === 'drift-detected' || event.kind === 'drift-stands') this.#found(event.finding);
    if (event.kind === 'action-ended') {
      const {declaration} = event.planned;
      const progress = this.#progress.get(declaration.workspace);
      if (progress && event.planned.cause === 'pending') this.#begin(declaration.workspace, progress);
    }
    if (event.kind === 'pass-ended') this.look(event.workspace);
  }

  /** Looks at a workspace as it stands now. */
  look(workspace: string): void {
    const standing = this.#ports.standing(workspace);
    if (!standing) return;
    const before = this.#ports.told(workspace);
    const [ofDrift, afterDrift] = this.#drift(standing, before);
    const [ofRevision, told] = this.#applied(standing, afterDrift);
    const messages = [...ofDrift, ...ofRevision];
    if (messages.length > 0 || JSON.stringify(told) !== JSON.stringify(before))
      this.#ports.tell(messages, workspace, told);
  }

  /**
   * What is wished at the start is no change, unless it turns out to be one; nor is what is wished of a workspace that is taken in
   * under a revision which has been in force already.
   */
  #wished(workspace: string, revision: Revision, campaignId: string): void {
    const known = this.#progress.get(workspace);
    const isTakenIn = this.#revision?.id === revision.id;
    if (known?.revision.id === revision.id) {
      if (!isTakenIn) known.campaigns?.add(campaignId);
      return;
    }
    const campaigns = known && !isTakenIn ? new Set([campaignId]) : undefined;
    const progress = {revision, changed: false, failingSince: undefined, campaigns};
    this.#progress.set(workspace, progress);
    if (campaigns) this.#begin(workspace, progress);
  }

  /** A revision changes something: that is kept, so that what becomes of it is told after a restart too. */
  #begin(workspace: string, progress: Progress): void {
    if (progress.changed) return;
    progress.changed = true;
    const told = this.#ports.told(workspace);
    const {id} = progress.revision;
    if (told.revision !== id) this.#ports.tell([], workspace, {...told, begun: id});
  }

  #found(finding: Finding): void {
    const found = this.#drifted.get(finding.workspace) ?? [];
    found.push(finding);
    this.#drifted.set(finding.workspace, found);
  }

  #drift(standing: Standing, before: Told): [Message[], Told] {
    const {drift: open, lost: wasLost, ...rest} = before;
    const {workspace} = standing;
    const messages: Message[] = [];
    const found = (this.#drifted.get(workspace) ?? []).toSorted((a, b) => compareText(a.name, b.name));
    this.#drifted.delete(workspace);
    const lost = wasLost || found.some(({state}) => state === 'terminal');
    let key = open;
    if (found.length > 0 && key === undefined) {
      key = this.#ports.digest(JSON.stringify([workspace, found.map(whatMoved)]));
      messages.push(ofDrift(key, found, standing, this.#revision, this.#ports.now()));
    }
    if (key === undefined) return [messages, rest];
    if (!isDriftOver(standing)) return [messages, {...rest, drift: key, ...(lost && {lost: true as const})}];
    if (!lost) messages.push(ofDriftEnded(key, standing, this.#revision, this.#ports.now()));
    return [messages, rest];
  }

  #applied(standing: Standing, before: Told): [Message[], Told] {
    const progress = this.#progress.get(standing.workspace);
    if (!progress) return [[], before];
    const {begun, ...rest} = before;
    const {id} = progress.revision;
    const {result, stuck = []} = this.#resultNow(progress, standing) ?? {};
    const last = before.revision === id ? before.result : undefined;
    const changed = progress.changed || begun === id;
    if (result === undefined || last === result || last === 'applied') return [[], before];
    const times = before.revision === id ? before.times : timesWith(before, id);
    const told: Told = {...rest, revision: id, result, ...(times && {times})};
    if (!changed && last === undefined) return [[], told];
    const {now} = this.#ports;
    const become = {result, stuck, times: times?.[id] ?? 1};
    return [[ofRevision(become, progress.revision, standing, now())], told];
  }

  /** What is to be told of a revision now; undefined while it is under way, or may yet be. */
  #resultNow(progress: Progress, standing: Standing): Result | undefined {
    const {becoming, stuck} = this.#become(progress, standing);
    if (becoming !== 'failing') progress.failingSince = undefined;
    if (becoming === 'under way') return undefined;
    if (becoming === 'applied') return {result: 'applied', stuck};
    progress.failingSince ??= this.#ports.now();
    return this.#ports.now() - progress.failingSince >= FAILS_AFTER ? {result: 'failed', stuck} : undefined;
  }

  /** How far a revision has come: what it declares otherwise; or everything, where nobody knows what that is. */
  #become({campaigns}: Progress, standing: Standing): ReturnType<typeof theseBecome> {
    if (!campaigns || standing.trouble !== undefined) return {becoming: wholeBecomes(standing), stuck: []};
    const {finding} = this.#ports;
    return theseBecome(
      campaigns
        .values()
        .map(id => finding(standing.workspace, id))
        .filter(found => found !== undefined),
    );
  }
}
