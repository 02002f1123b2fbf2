/**
 * node scripts/plot-performance.ts: draws docs/images/performance.svg from docs/performance.json: how what is timed grows with the
 * number of files, both axes logarithmic.
 */
import {readFileSync, writeFileSync} from 'node:fs';

interface Row {
  readonly work: string;
  readonly size?: number;
  readonly milliseconds?: number;
}

const [WIDTH, HEIGHT, MARGIN] = [640, 360, 56];
const COLOURS = ['#0b6e99', '#b3541e', '#4a7c2c'];
const SIZES = [1_000, 10_000, 100_000];
const TIMES = [10, 100, 1_000, 10_000];

const {machine, rows} = JSON.parse(readFileSync('docs/performance.json', 'utf8')) as {
  readonly machine: {readonly node: string; readonly processors: number};
  readonly rows: readonly Row[];
};

const within = (value: number, values: readonly number[], length: number): number => {
  const [least = 1, most = 1] = [values[0], values.at(-1)];
  return (Math.log(value / least) / Math.log(most / least)) * length;
};
const x = (size: number): number => MARGIN + within(size, SIZES, WIDTH - 3 * MARGIN);
const y = (time: number): number => HEIGHT - MARGIN - within(time, TIMES, HEIGHT - 2 * MARGIN);

const series = new Map<string, {readonly size: number; readonly time: number}[]>();
for (const {milliseconds: time, size, work} of rows) {
  if (time === undefined || size === undefined) continue;
  const name = work.split(' of ')[0] ?? work;
  const points = series.get(name) ?? [];
  if (!points.some(point => point.size === size)) points.push({size, time});
  series.set(name, points);
}

const text = (at: readonly [number, number], anchor: string, words: string, fill = '#444'): string =>
  `<text x="${at[0].toFixed(0)}" y="${at[1].toFixed(0)}" text-anchor="${anchor}" fill="${fill}">${words}</text>`;

const grid = [
  ...TIMES.map(
    time =>
      `<path d="M${MARGIN} ${y(time).toFixed(0)}H${WIDTH - 2 * MARGIN}" stroke="#ddd"/>${text([MARGIN - 6, y(time) + 4], 'end', time < 1_000 ? `${time} ms` : `${time / 1_000} s`)}`,
  ),
  ...SIZES.map(size => text([x(size), HEIGHT - MARGIN + 18], 'middle', `${size / 1_000}k files`)),
];
const lines = [...series].map(([name, points], index) => {
  const colour = COLOURS[index % COLOURS.length] ?? '#000';
  const path = points.map(({size, time}, i) => `${i ? 'L' : 'M'}${x(size).toFixed(1)} ${y(time).toFixed(1)}`);
  const last = points.at(-1);
  const label = last ? text([x(last.size) + 8, y(last.time) + 4], 'start', name, colour) : '';
  return `<path d="${path.join('')}" fill="none" stroke="${colour}" stroke-width="2"/>${label}`;
});
writeFileSync(
  'docs/images/performance.svg',
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12"><title>How a start and a commit grow with the number of files</title><rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>${text([MARGIN, 24], 'start', `What a start and a commit take (Node ${machine.node}, ${machine.processors} cores)`)}${grid.join('')}${lines.join('')}</svg>\n`,
);
