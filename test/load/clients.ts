/** Many who look: streams that are read, and requests at a steady rate. Told where by its first argument; says what it got at the end. */
import {setTimeout as sleep} from 'node:timers/promises';

const [base = '', streams = '200', perSecond = '100', seconds = '60'] = process.argv.slice(2);
const PATHS = [
  '/api/v1/report',
  '/api/v1/campaigns?limit=50&state=satisfied',
  '/api/v1/campaigns?limit=50&search=campaign-77&sort=-changed',
  '/api/v1/differences',
  '/api/v1/workspaces',
  '/campaigns?sort=name',
  '/campaigns/collections/c500',
  '/api/v1/upcoming',
];
const ending = AbortSignal.timeout(Number(seconds) * 1_000);
let [events, failures] = [0, 0];
const times: number[] = [];

const listen = async (): Promise<void> => {
  const answer = await fetch(`${base}/api/v1/events`, {signal: ending});
  for await (const part of answer.body ?? [])
    events += Buffer.from(part).toString().split('event: ').length - 1;
};

const ask = async (path: string): Promise<void> => {
  const from = performance.now();
  const answer = await fetch(base + path, {headers: {accept: 'text/html'}});
  await answer.arrayBuffer();
  if (!answer.ok) failures += 1;
  times.push(performance.now() - from);
};

for (let i = 0; i < Number(streams); i++) void listen().catch(() => {});
for (let i = 0; !ending.aborted; i++) {
  void ask(PATHS[i % PATHS.length] ?? '/').catch(() => {
    failures += 1;
  });
  await sleep(1_000 / Number(perSecond));
}
const sorted = times.toSorted((a, b) => a - b);
const at = (share: number): number => Math.round(sorted[Math.floor(sorted.length * share)] ?? 0);
console.log(JSON.stringify({answers: times.length, failures, events, p50: at(0.5), p99: at(0.99)}));
