/**
 * Makes the pictures of docs/pull-requests.md anew, from real runs: a repository, the simulator over HTTP, and the
 * commands. Usage: node scripts/pictures.ts [CHROMIUM]; without a browser only the terminal's picture is made.
 */
import {execFileSync, spawn} from 'node:child_process';
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {stripVTControlCharacters} from 'node:util';
import {marked} from 'marked';
import {readPlan} from '../src/cli/plan/file.ts';
import {planMarkdown} from '../src/cli/plan/markdown.ts';
import {planText} from '../src/cli/plan/text.ts';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const IMAGES = fileURLToPath(new URL('../docs/images/', import.meta.url));

const SCENARIO = `apiVersion: rollcall.dev/v1
kind: Scenario
workspaces:
  - orgId: org-1
    workspaceId: ws-1
    apiKey: key
    campaigns:
      - {id: camp-a1b2c3d4, name: Q1 payment reminders, status: active}
      - {id: camp-c3d4e5f6, name: Old address check, status: active, endsIn: 480h}
      - {id: camp-d4e5f6a7, name: Instalment offers, status: active}
      - id: camp-b2c3d4e5
        name: Late fee notices
        status: paused
        endsIn: 720h
        allowedSchedule: {start: "09:00", end: "19:00", days: [Monday, Wednesday, Friday], timezone: Asia/Kolkata}
`;

const config = (url: string): string => `apiVersion: rollcall.dev/v1
kind: Controller
source: {git: {url: ., path: campaigns}}
platform: {baseUrl: ${url}}
workspaces:
  - {name: collections, orgId: org-1, workspaceId: ws-1, apiKey: {env: KEY}}
`;

const declaration = (name: string, id: string, desired: string, reason: string): string =>
  `apiVersion: rollcall.dev/v1
kind: Campaign
metadata: {name: ${name}}
spec:
  workspace: collections
  campaignId: ${id}
  desiredStatus: ${desired}
  reason: ${reason}
${desired === 'cancelled' ? `  confirmCancel: ${id}\n` : ''}`;

const startSimulator = async (folder: string): Promise<{url: string; stop: () => void}> => {
  writeFileSync(join(folder, 'scenario.yaml'), SCENARIO);
  const child = spawn(process.execPath, [MAIN, 'simulate', '--scenario', 'scenario.yaml'], {cwd: folder});
  const url = await new Promise<string>(resolve => {
    child.stdout.once('data', chunk => resolve(String(chunk).trim().split('\n')[0] ?? ''));
  });
  return {url, stop: () => child.kill()};
};

const openPullRequest = (folder: string, url: string): string => {
  const repository = join(folder, 'repository');
  const git = (...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=R', '-c', 'user.email=r@example.com', ...args], {
      cwd: repository,
      encoding: 'utf8',
    });
  const write = (file: string, text: string): void => {
    const path = join(repository, file);
    mkdirSync(dirname(path), {recursive: true});
    writeFileSync(path, text);
  };
  const declare = (name: string, id: string, desired: string, reason: string): void =>
    write(`campaigns/${name}.yaml`, declaration(name, id, desired, reason));
  mkdirSync(repository, {recursive: true});
  git('init', '--quiet', '--initial-branch=main');
  write('rollcall.yaml', config(url));
  declare('q1-payment-reminders', 'camp-a1b2c3d4', 'active', 'Q1 reminders, run until 15 April');
  declare('old-address-check', 'camp-c3d4e5f6', 'active', 'Until the form is there');
  declare('instalment-offers', 'camp-d4e5f6a7', 'active', 'Runs through the quarter');
  declare('late-fee-notices', 'camp-b2c3d4e5', 'paused', 'Wording under legal review');
  git('add', '--all');
  execFileSync(
    'git',
    ['-c', 'user.name=R', '-c', 'user.email=r@example.com', 'commit', '--quiet', '--message', 'base'],
    {
      cwd: repository,
      env: {
        ...process.env,
        GIT_COMMITTER_DATE: '2019-06-01T00:00:00Z',
        GIT_AUTHOR_DATE: '2019-06-01T00:00:00Z',
      },
    },
  );
  git('checkout', '--quiet', '-b', 'change');
  declare('old-address-check', 'camp-c3d4e5f6', 'cancelled', 'Replaced by the address form');
  declare('late-fee-notices', 'camp-b2c3d4e5', 'active', 'Wording approved');
  git('commit', '--quiet', '--all', '--message', 'change');
  return repository;
};

const planOf = (repository: string): string => {
  const args = [MAIN, 'plan', '--revision', 'change', '--base', 'main', '--format', 'json'];
  const options = {cwd: repository, encoding: 'utf8' as const, env: {...process.env, KEY: 'key'}};
  try {
    return execFileSync(process.execPath, args, options);
  } catch (error) {
    return (error as {stdout: string}).stdout;
  }
};

const COLOURS: Readonly<Record<string, string>> = {31: '#ff7b72', 32: '#7ee787', 33: '#e3b341', 2: '#8b949e'};
const LINE = 20;
const CHARACTER = 8.43;

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const ESCAPE = '\u001b[';

/** One line of a terminal: each stretch between two colour codes becomes a span. */
const svgLine = (line: string, index: number): string => {
  const [first = '', ...coloured] = line.split(ESCAPE);
  const spans = coloured.map(part => {
    const end = part.indexOf('m');
    const [code, text] = [part.slice(0, end), part.slice(end + 1)];
    const colour = COLOURS[code];
    const style = code === '1' ? ' font-weight="bold" fill="#ffffff"' : colour ? ` fill="${colour}"` : '';
    return text ? `<tspan${style}>${escaped(text)}</tspan>` : '';
  });
  return `<text x="16" y="${32 + index * LINE}" xml:space="preserve">${escaped(first)}${spans.join('')}</text>`;
};

const terminalPicture = (text: string): string => {
  const lines = text.split('\n');
  const longest = Math.max(...lines.map(line => stripVTControlCharacters(line).length));
  const [width, height] = [Math.ceil(longest * CHARACTER) + 32, lines.length * LINE + 32];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" fill="#c9d1d9">
<title>rollcall plan on a terminal</title>
<rect width="100%" height="100%" rx="8" fill="#0d1117"/>
${lines.map(svgLine).join('\n')}
</svg>
`;
};

const STYLE = `body{font:14px/1.5 -apple-system,"Segoe UI","Noto Sans","DejaVu Sans",sans-serif;color:#1f2328;margin:16px;width:1180px}
h3{font-size:18px;margin:0 0 12px}h4{font-size:14px;margin:16px 0 8px}table{border-collapse:collapse}
td,th{border:1px solid #d1d9e0;padding:6px 10px;text-align:left;vertical-align:top}
code{background:#eff1f3;border-radius:6px;padding:2px 5px;font:12px ui-monospace,"DejaVu Sans Mono",monospace}
blockquote{border-left:4px solid #cf222e;margin:0 0 12px;padding:0 12px;color:#cf222e}sub{color:#59636e}`;

/** GitHub shows an alert as a box with a title; the renderer here knows only the quotation that it is made of. */
const asPage = (markdown: string): string => {
  const html = marked.parse(markdown.replace('[!CAUTION]', '**⛔ Caution**<br>'), {async: false, gfm: true});
  return `<!doctype html><meta charset="utf-8"><style>${STYLE}</style>${html}`;
};

const commentPicture = (markdown: string, chromium: string, folder: string): void => {
  const page = join(folder, 'comment.html');
  writeFileSync(page, asPage(markdown));
  const quiet = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--hide-scrollbars',
    '--disable-background-networking',
  ];
  const where = [`--user-data-dir=${join(folder, 'profile')}`, `--screenshot=${join(IMAGES, 'comment.png')}`];
  execFileSync(chromium, [...quiet, ...where, '--window-size=1220,680', `file://${page}`], {stdio: 'ignore'});
};

const folder = mkdtempSync(join(tmpdir(), 'rollcall-pictures-'));
try {
  const simulator = await startSimulator(folder);
  try {
    await fetch(`${simulator.url}/simulator/campaigns/camp-d4e5f6a7/pause`, {
      method: 'POST',
      body: JSON.stringify({by: 'night-shift@example.com'}),
    });
    const read = readPlan(planOf(openPullRequest(folder, simulator.url)));
    if ('refusal' in read) throw new Error(read.refusal);
    const {plan} = read;
    mkdirSync(IMAGES, {recursive: true});
    writeFileSync(
      join(IMAGES, 'plan.svg'),
      terminalPicture(
        planText(plan, {colour: true, reader: {timezone: 'UTC', now: Date.parse(plan.createdAt)}}),
      ),
    );
    const [chromium] = process.argv.slice(2);
    if (chromium) commentPicture(planMarkdown(plan), chromium, folder);
  } finally {
    simulator.stop();
  }
} finally {
  rmSync(folder, {recursive: true, force: true});
}
