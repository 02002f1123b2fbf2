/** Draws the dashboards from what their queries give, since no Grafana is at hand: HTML, and a picture of it. */
import {execFileSync} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {CONTROLLER} from '../dashboards/controller.ts';
import {FLEET} from '../dashboards/fleet.ts';
import type {DashboardSpec, Panel} from '../dashboards/panel.ts';
import {drawPanel} from './panels.ts';

const WIDTH = 1366;
const COLUMNS = 24;
const CELL = 30;
const GAP = 8;
const HEAD = 26;
const LEGEND = 30;
const BACK = 180;

const STYLE = `
  body {margin: 0; padding: 12px; width: ${WIDTH - 24}px; background: #f6f8fa; color: #1f2328; font: 12px 'DejaVu Sans', sans-serif}
  h1 {font-size: 18px; margin: 4px 0 8px} h2 {font-size: 13px; margin: 10px 0 4px; width: 100%}
  main {display: flex; flex-wrap: wrap; gap: ${GAP}px}
  section {background: #fff; border: 1px solid #d0d7de; border-radius: 4px; padding: 6px; box-sizing: border-box; overflow: hidden}
  h3 {font-size: 12px; margin: 0 0 4px; font-weight: 600} table {width: 100%; border-collapse: collapse}
  th, td {text-align: left; padding: 3px 6px; border-bottom: 1px solid #eaeef2; white-space: nowrap; overflow: hidden}
  .stat {display: flex; height: 80%; align-items: center; justify-content: center; gap: 14px; text-align: center}
  .stat b {font-size: 30px} .many b {font-size: 20px} small {display: block; color: #656d76}
  .legend span {margin-right: 10px; white-space: nowrap} .legend i {display: inline-block; width: 10px; height: 3px; margin-right: 4px; vertical-align: middle}
  text {font-size: 10px; fill: #656d76} footer {margin-top: 10px; color: #656d76}
`;

const section = async (server: string, panel: Panel, span: readonly [number, number]): Promise<string> => {
  const width = Math.floor(((WIDTH - 24) * panel.width) / COLUMNS) - GAP;
  const height = panel.height * CELL;
  const drawn = await drawPanel(server, panel, span, [width - 14, height - HEAD - LEGEND]);
  return `<section style="width:${width}px;height:${height}px"><h3>${panel.title}</h3>${drawn}</section>`;
};

const page = async (server: string, {rows, title}: DashboardSpec): Promise<string> => {
  const now = Date.now() / 1000;
  const span = [now - BACK, now] as const;
  const parts: string[] = [];
  for (const row of rows) {
    const sections = await Promise.all(row.panels.map(panel => section(server, panel, span)));
    parts.push(`<h2>${row.title}</h2>`, ...sections);
  }
  return `<!doctype html><meta charset="utf-8"><style>${STYLE}</style><h1>${title}</h1><main>${parts.join('')}</main><footer>Drawn by monitoring/draw from the results of the queries, not by Grafana.</footer>`;
};

const heightOf = ({rows}: DashboardSpec): number => {
  let height = 90;
  for (const {panels} of rows) {
    let [x, tallest] = [0, 0];
    height += 34;
    for (const panel of panels) {
      if (x + panel.width > COLUMNS) {
        height += tallest * CELL + GAP;
        [x, tallest] = [0, 0];
      }
      x += panel.width;
      tallest = Math.max(tallest, panel.height);
    }
    height += tallest * CELL + GAP;
  }
  return height;
};

/** Draws each dashboard into a PNG in a folder, from the Prometheus at an address. Needs `chromium`. */
export const draw = async (server: string, folder: string): Promise<void> => {
  const work = mkdtempSync(join(tmpdir(), 'rollcall-draw-'));
  try {
    for (const spec of [FLEET, CONTROLLER]) {
      const html = join(work, `${spec.uid}.html`);
      writeFileSync(html, await page(server, spec));
      execFileSync('chromium', [
        '--headless=new',
        '--no-sandbox',
        '--hide-scrollbars',
        `--user-data-dir=${join(work, 'profile')}`,
        `--window-size=${WIDTH},${heightOf(spec)}`,
        `--screenshot=${resolve(folder, `${spec.uid}.png`)}`,
        `file://${html}`,
      ]);
    }
  } finally {
    rmSync(work, {recursive: true, force: true});
  }
};
