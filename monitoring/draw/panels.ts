import type {Panel, Series, Stat, Table} from '../dashboards/panel.ts';
import {instant, type Line, range, type Sample} from './query.ts';

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const LENGTHS = [
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'min'],
] as const;

const lengthText = (seconds: number): string => {
  if (!Number.isFinite(seconds)) return 'no end';
  const [length, unit] = LENGTHS.find(([one]) => Math.abs(seconds) >= one) ?? [1, 's'];
  return `${Number((seconds / length).toPrecision(3))} ${unit}`;
};

const MEBIBYTE = 2 ** 20;

const valueText = (value: number, unit: string): string => {
  if (unit === 's') return lengthText(value);
  if (unit === 'bytes') return `${Math.round(value / MEBIBYTE)} MiB`;
  if (unit === 'percentunit') return `${Math.round(value * 100)} %`;
  const perSecond = unit === 'ops' || unit === 'reqps' ? '/s' : '';
  return `${Number(value.toPrecision(3))}${perSecond}`;
};

const COLOURS = {green: '#1a7f37', orange: '#bc4c00', red: '#cf222e', blue: '#0969da', text: '#1f2328'};

const colourOf = ({steps}: Stat, value: number): string =>
  COLOURS[steps.findLast(({from}) => from === null || value >= from)?.colour ?? 'text'];

const drawStat = async (server: string, panel: Stat): Promise<string> => {
  const samples = (await Promise.all(panel.queries.map(query => instant(server, query)))).flat();
  if (samples.length === 0) return `<div class="stat"><b>${panel.none ?? '0'}</b></div>`;
  const one = ({name, value}: Sample): string => {
    const said = panel.names?.[String(value)];
    const colour = said ? COLOURS[said.colour] : colourOf(panel, value);
    const label = samples.length > 1 ? `<small>${escaped(name)}</small>` : '';
    return `<div>${label}<b style="color:${colour}">${escaped(said?.text ?? valueText(value, panel.unit))}</b></div>`;
  };
  return `<div class="stat${samples.length > 1 ? ' many' : ''}">${samples.map(one).join('')}</div>`;
};

const drawTable = async (server: string, panel: Table): Promise<string> => {
  const samples = (await Promise.all(panel.queries.map(query => instant(server, query)))).flat();
  const cell = ({labels, value}: Sample, field: string, unit: string): string =>
    field === 'Value' ? valueText(value, unit) : (labels[field] ?? '');
  const direction = panel.ascending ? 1 : -1;
  const sorted = samples.toSorted((a, b) => direction * (a.value - b.value));
  const head = panel.columns.map(({title}) => `<th>${escaped(title)}</th>`).join('');
  const rows = sorted.map(
    sample =>
      `<tr>${panel.columns.map(({field, unit = ''}) => `<td>${escaped(cell(sample, field, unit))}</td>`).join('')}</tr>`,
  );
  return `<table><tr>${head}</tr>${rows.join('')}</table>${rows.length === 0 ? '<i>none</i>' : ''}`;
};

const PALETTE = ['#0969da', '#1a7f37', '#bc4c00', '#8250df', '#cf222e', '#bf8700', '#1b7c83', '#6e7781'];

const MARGIN = {left: 54, right: 8, top: 6, bottom: 4};

/** Lines on top of each other: each begins where the one below it is. */
const stacked = (lines: readonly Line[]): readonly Line[] => {
  const sums = new Map<number, number>();
  return lines.map(({name, points}) => ({
    name,
    points: points.map(([time, value]) => {
      const sum = (sums.get(time) ?? 0) + value;
      sums.set(time, sum);
      return [time, sum] as const;
    }),
  }));
};

const drawSeries = async (
  server: string,
  panel: Series,
  span: readonly [number, number],
  [width, height]: readonly [number, number],
): Promise<string> => {
  const found = (await Promise.all(panel.queries.map(query => range(server, query, span)))).flat();
  const lines = panel.stacked ? stacked(found) : found;
  const values = lines.flatMap(({points}) => points.map(([, value]) => value)).filter(Number.isFinite);
  const most = Math.max(...values, 0) || 1;
  const x = (time: number): number =>
    MARGIN.left + ((time - span[0]) / (span[1] - span[0])) * (width - MARGIN.left - MARGIN.right);
  const y = (value: number): number =>
    height - MARGIN.bottom - (value / most) * (height - MARGIN.top - MARGIN.bottom);
  const path = ({points}: Line): string =>
    points
      .filter(([, value]) => Number.isFinite(value))
      .map(([time, value], index) => `${index === 0 ? 'M' : 'L'}${x(time).toFixed(1)} ${y(value).toFixed(1)}`)
      .join('');
  const colour = (index: number): string => PALETTE[index % PALETTE.length] ?? '#000';
  const grid = [0, most / 2, most].map(
    value =>
      `<path d="M${MARGIN.left} ${y(value)}H${width - MARGIN.right}" stroke="#d0d7de"/><text x="${MARGIN.left - 4}" y="${y(value) + 4}" text-anchor="end">${valueText(value, panel.unit)}</text>`,
  );
  const drawn = lines.map(
    (line, index) => `<path d="${path(line)}" fill="none" stroke="${colour(index)}" stroke-width="1.5"/>`,
  );
  const legend = lines.map(
    ({name}, index) => `<span><i style="background:${colour(index)}"></i>${escaped(name)}</span>`,
  );
  return `<svg width="${width}" height="${height}">${grid.join('')}${drawn.join('')}</svg><div class="legend">${legend.join('')}</div>`;
};

/** A panel as HTML, drawn from what its queries give. `size`: the room for it in pixels. */
export const drawPanel = (
  server: string,
  panel: Panel,
  span: readonly [number, number],
  size: readonly [number, number],
): Promise<string> => {
  if (panel.kind === 'stat') return drawStat(server, panel);
  return panel.kind === 'table' ? drawTable(server, panel) : drawSeries(server, panel, span, size);
};
