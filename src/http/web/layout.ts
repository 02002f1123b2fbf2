import type {Context} from 'hono';
import {getCookie} from 'hono/cookie';
import {html} from 'hono/html';
import type {ContentfulStatusCode} from 'hono/utils/http-status';
import {relativeTime} from '../../domain/time.ts';

/** The cookie of a browser that has logged in. */
export const SESSION = 'rollcall_session';

/** HTML whose parts from outside are escaped. */
export type Html = ReturnType<typeof html>;

/** Nothing is loaded but style and script, from here; nothing frames the page, and no form leads elsewhere. */
const POLICY =
  "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'self'; frame-ancestors 'none'";

/** Characters that turn the direction of what follows: a text of somebody's must not rearrange the page around it. */
const TURNING = /[\u202A-\u202E\u2066-\u2069]/g;

/** How often an open page is read again where no script keeps it as it is now. Seconds. */
const REFRESH = 10;

const NAVIGATION = [
  ['./', 'Overview'],
  ['campaigns', 'Campaigns'],
  ['history', 'History'],
  ['api', 'API'],
] as const;

/** A page, but for what all have in common. */
export interface PageOptions {
  readonly title: string;
  readonly body: Html;
  /** When what it shows was so: epoch milliseconds; undefined for what does not change. */
  readonly now?: number;
  /** Of what it is told when something changes, as the events of the API are asked for. */
  readonly events?: string;
  readonly status?: number;
}

/** The way from a page to the root, whatever stands before it where a proxy is in between. */
const rootFrom = (path: string): string => '../'.repeat(path.split('/').length - 2) || './';

const liveHead = ({now}: PageOptions): Html =>
  now === undefined ? html`` : html`<noscript><meta http-equiv="refresh" content="${REFRESH}" /></noscript>`;

const logout = (context: Context): Html =>
  getCookie(context, SESSION) === undefined
    ? html``
    : html`<form method="post" action="logout"><button>Log out</button></form>`;

const header = (context: Context): Html => {
  const {path} = context.req;
  const links = NAVIGATION.map(([to, name]) => {
    const isHere = path === `/${to.replace('./', '')}`;
    return html`<a href="${to}"${isHere ? html` aria-current="page"` : ''}>${name}</a>`;
  });
  return html`<header>
    <strong>Rollcall</strong><nav aria-label="Pages">${links}</nav><span id="live" role="status" class="soft"></span>${logout(context)}
  </header>`;
};

const footer = ({now}: PageOptions): Html => {
  const asOf =
    now === undefined
      ? ''
      : html`As of <time datetime="${new Date(now).toISOString()}">${new Date(now).toISOString()}</time>. `;
  return html`<footer id="footer" data-live>${asOf}Nothing here changes a campaign: that is done in Git.</footer>`;
};

/** A whole page. */
export const page = async (context: Context, options: PageOptions): Promise<Response> => {
  const {path} = context.req;
  const {body, events, now, status = 200, title} = options;
  const listens = now === undefined ? '' : html` data-events="api/v1/events${events ? `?${events}` : ''}"`;
  const text = await html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <base href="${rootFrom(path)}" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    ${liveHead(options)}
    <title>${title} · Rollcall</title>
    <link rel="stylesheet" href="style.css" />
    <script type="module" src="live.js"></script>
  </head>
  <body${listens}>
    ${header(context)}
    <main>${body}</main>
    ${footer(options)}
  </body>
</html>`;
  return context.body(String(text).replaceAll(TURNING, '\uFFFD'), status as ContentfulStatusCode, {
    'content-type': 'text/html; charset=UTF-8',
    'content-security-policy': POLICY,
    'referrer-policy': 'no-referrer',
    'x-frame-options': 'DENY',
  });
};

/** A part of a page that is put anew where it has changed. */
export const live = (id: string, content: Html): Html =>
  html`<section id="${id}" data-live>${content}</section>`;

/** A time, as it is and by how far away it is; a dash where there is none. */
export const timeHtml = (time: string | null, now: number): Html => {
  const at = time === null ? Number.NaN : Date.parse(time);
  if (Number.isNaN(at)) return html`–`;
  return html`<time datetime="${time}" title="${time}">${relativeTime(at, now)}</time>`;
};

/** The head of a column: a name, or a link that puts the rows in its order. */
export type Column =
  | string
  | {readonly name: string; readonly href: string; readonly sorted: 'ascending' | 'descending' | 'none'};

const columnHtml = (column: Column): Html =>
  typeof column === 'string'
    ? html`<th scope="col">${column}</th>`
    : html`<th scope="col" aria-sort="${column.sorted}"><a href="${column.href}">${column.name}</a></th>`;

/** A table with a caption; where it has no rows, a sentence instead. The first cell of a row is its head. */
export const tableHtml = (
  caption: string,
  head: readonly Column[],
  rows: readonly (readonly (Html | string)[])[],
  none: string,
): Html => {
  if (rows.length === 0) return html`<p class="none">${none}</p>`;
  const nameOf = (column: Column | undefined): string =>
    typeof column === 'object' ? column.name : (column ?? '');
  const cells = rows.map(
    row =>
      html`<tr>${row.map((cell, index) => html`<td data-name="${nameOf(head[index])}"><span>${cell}</span></td>`)}</tr>`,
  );
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table><caption>${caption}</caption><thead><tr>${head.map(columnHtml)}</tr></thead><tbody>${cells}</tbody></table></div>`;
};

/** The name of a campaign, leading to its page. */
export const campaignLink = ({
  campaignId,
  name,
  workspace,
}: {
  readonly campaignId: string;
  readonly name: string;
  readonly workspace: string;
}): Html =>
  html`<a href="campaigns/${encodeURIComponent(workspace)}/${encodeURIComponent(campaignId)}">${name}</a>`;

/** A link that leads to the same page with other filters. */
export const linkTo = (
  path: string,
  asked: URLSearchParams,
  changes: Readonly<Record<string, string | undefined>>,
): string => {
  const query = new URLSearchParams(asked);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) query.delete(name);
    else query.set(name, value);
  }
  const text = query.toString();
  return text === '' ? path : `${path}?${text}`;
};
