import {rmSync} from 'node:fs';
import type {Config, WorkspaceConfig} from '../../config/schema.ts';
import type {Failure} from '../../controller/ports.ts';
import {temporaryFolder} from '../../disk/folder.ts';
import {shortRevision} from '../../domain/revision.ts';
import {counted, errorText} from '../../domain/text.ts';
import {lengthOf} from '../../domain/time.ts';
import {PlatformClient} from '../../platform/client.ts';
import {proxiesOf} from '../../platform/proxy.ts';
import {RequestQueue} from '../../platform/queue.ts';
import {parseHttpDate} from '../../platform/retry-after.ts';
import {createTransport, type Transport} from '../../platform/transport.ts';
import {systemClock, systemRandom} from '../../system.ts';
import {createSource} from '../compose.ts';
import type {Io} from '../io.ts';
import {keyReader, placeOf} from '../platform.ts';
import {openRates, Rates, rateName, unclearRates} from '../rates.ts';
import type {Secrets} from '../secrets.ts';
import type {Simulated} from '../simulated.ts';
import {type CheckResult, failed, ok, skipped, warning} from './check.ts';

/** A clock that is off by more than this makes drift look like a change, and a change like drift. Milliseconds. */
const CLOCK_TOLERANCE = 30_000;

const sourceRemedy = (message: string): string =>
  message.includes('the program git was not found')
    ? 'then run doctor again'
    : 'check source in the configuration';

/** Reads the source as a controller would, in a cache of its own. */
export const checkSource = async (config: Config, secrets: Secrets, io: Io): Promise<CheckResult[]> => {
  let cacheDirectory: string | undefined;
  try {
    cacheDirectory = temporaryFolder('rollcall-doctor-');
    const reading = await createSource({config, secrets, cacheDirectory}).read(io.stopping);
    if (reading.kind === 'failed')
      return [failed('source', reading.trouble.message, sourceRemedy(reading.trouble.message))];
    if (reading.kind !== 'read') return [skipped('source', 'it was told to stop')];
    const {declarations, revision} = reading;
    const found = `revision ${shortRevision(revision.id)}: ${counted(declarations.counts.valid, 'valid declaration')}`;
    const problems = declarations.diagnostics.length;
    const read = ok('source', found);
    if (problems > 0)
      return [
        read,
        failed('declarations', counted(problems, 'problem'), 'rollcall validate shows each of them'),
      ];
    if (declarations.claims.size === 0)
      return [read, warning('declarations', 'nothing is declared', 'rollcall export writes what is live')];
    return [read];
  } catch (error) {
    return [failed('source', errorText(error), 'mend it, and run doctor again')];
  } finally {
    if (cacheDirectory !== undefined) rmSync(cacheDirectory, {recursive: true, force: true});
  }
};

const remedyFor = ({kind}: Failure, place: string | undefined): string => {
  if (kind === 'unauthorised') return `put a key of this workspace into ${place ?? 'apiKey'}`;
  if (kind === 'missing' || kind === 'malformed') return 'check platform.baseUrl, orgId and workspaceId';
  return kind === 'throttled'
    ? 'try again later'
    : 'check platform.baseUrl, platform.caFile, the proxy and the network';
};

const rateText = ({rate: {per, requests}}: WorkspaceConfig, campaigns: number): string => {
  const time = Math.ceil((campaigns * 2) / requests) * per;
  const span = time < 60_000 ? `${Math.ceil(time / 1000)} s` : lengthOf(time);
  return `${counted(requests, 'request')} in ${per / 1000} s: to pause all ${campaigns} campaigns takes up to ${span}`;
};

/** What all workspaces are asked with. */
interface Shared {
  readonly simulated: Simulated | undefined;
  readonly secrets: Secrets;
  readonly transport: Transport;
  readonly url: string;
  readonly rates: Rates;
}

/** A queue for one request: it counts in the rate as any other does. */
const queueFor = (workspace: WorkspaceConfig, {rates, url}: Shared): RequestQueue => {
  const observer = {waited: () => {}, depth: () => {}};
  const dependencies = {clock: systemClock, random: systemRandom, observer};
  return new RequestQueue(
    {...rates.settings(workspace), concurrency: 1},
    {...dependencies, ...rates.windows(rateName(url, workspace), workspace)},
  );
};

const checkWorkspace = async (workspace: WorkspaceConfig, shared: Shared, io: Io): Promise<CheckResult[]> => {
  const {secrets, simulated, transport, url} = shared;
  const {name, orgId, workspaceId} = workspace;
  const keyPlace = placeOf(workspace);
  const client = new PlatformClient({
    baseUrl: url,
    orgId,
    workspaceId,
    apiKey: keyReader(workspace, simulated?.scenario, secrets),
    ...(keyPlace !== undefined && {keyPlace}),
    secrets: () => secrets.known,
    transport,
    clock: systemClock,
    observe: () => {},
  });
  const queue = queueFor(workspace, shared);
  const reply = await queue.send({kind: 'poll'}, io.stopping, () => client.list({offset: 0, limit: 1}));
  const check = `workspace ${name}`;
  if (!reply.ok) return [failed(check, reply.failure.message, remedyFor(reply.failure, keyPlace))];
  const {total} = reply.value;
  return [
    ok(
      check,
      `the key may list its ${counted(total, 'campaign')}; whether it may act shows only with an action`,
    ),
    ok(`rate of ${name}`, rateText(workspace, total)),
  ];
};

const clockResult = (date: string | undefined, now: number): CheckResult => {
  const theirs = date === undefined ? undefined : parseHttpDate(date, now);
  if (theirs === undefined) return skipped('clock', 'the platform did not say what time it has');
  const off = Math.round((now - theirs) / 1000);
  const text = `this machine is ${Math.abs(off)} s ${off < 0 ? 'behind' : 'ahead of'} the platform`;
  return Math.abs(now - theirs) <= CLOCK_TOLERANCE
    ? ok('clock', text)
    : failed('clock', text, 'set this machine’s clock, as with an NTP client: holds and drift go by it');
};

/** Asks the platform for each workspace, and what time it has. */
export const checkPlatform = async (
  config: Config,
  url: string,
  simulated: Simulated | undefined,
  secrets: Secrets,
  io: Io,
): Promise<CheckResult[]> => {
  const {caFile, timeout} = config.platform;
  let date: string | undefined;
  const opening = new AsyncDisposableStack();
  try {
    const {close, transport} = createTransport({
      baseUrl: url,
      proxies: proxiesOf(io.env),
      timeout,
      ...(caFile !== undefined && {caFile}),
    });
    opening.defer(close);
    const dated: Transport = async request => {
      const answer = await transport(request);
      const header = answer.headers['date'];
      date = Array.isArray(header) ? header[0] : header;
      return answer;
    };
    const rates = simulated
      ? new Rates(undefined, undefined)
      : openRates(config, {env: io.env, share: 'command'}, opening);
    const shared = {simulated, secrets, transport: dated, url, rates};
    const results = await Promise.all(
      config.workspaces.map(workspace => checkWorkspace(workspace, shared, io)),
    );
    const unclear = unclearRates(config).map(message =>
      warning('rate', message, 'set workspaces[].rateGroup'),
    );
    return [...results.flat(), ...unclear, clockResult(date, systemClock.now())];
  } catch (error) {
    return [failed('platform', errorText(error), 'check platform.caFile')];
  } finally {
    await opening.disposeAsync();
  }
};
