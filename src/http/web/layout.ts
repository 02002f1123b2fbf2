import type {Context} from 'hono';
import {html} from 'hono/html';
import {relativeTime} from '../../domain/time.ts';

/** HTML whose parts from outside are escaped. */
export type Html = ReturnType<typeof html>;

/** Nothing is loaded but the style, from here; nothing frames the page, and no form leads elsewhere. */
const POLICY =
  "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/** How often an open page is read again. Seconds. */
const REFRESH = 10;

const NAVIGATION = [
  ['/', 'Overview'],
  ['/campaigns', 'Campaigns'],
  ['/history', 'History'],
] as const;

/** A whole page. `now`: epoch milliseconds, when what it shows was so. */
export const page = async (
  context: Context,
  {body, now, title}: {readonly title: string; readonly body: Html; readonly now: number},
): Promise<Response> => {
  const here = new URL(context.req.url).pathname;
  const links = NAVIGATION.map(
    ([path, name]) => html`<a href="${path}"${path === here ? html` aria-current="page"` : ''}>${name}</a>`,
  );
  const text = await html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="refresh" content="${REFRESH}" />
        <title>${title} · Rollcall</title>
        <link rel="stylesheet" href="/style.css" />
      </head>
      <body>
        <header><strong>Rollcall</strong><nav aria-label="Pages">${links}</nav></header>
        <main>${body}</main>
        <footer>
          As of ${new Date(now).toISOString()}; read again every ${REFRESH} seconds. Nothing here changes a campaign:
          that is done in Git.
        </footer>
      </body>
    </html>`;
  return context.body(String(text), 200, {
    'content-type': 'text/html; charset=UTF-8',
    'content-security-policy': POLICY,
    'referrer-policy': 'no-referrer',
    'x-frame-options': 'DENY',
  });
};

/** A time, as it is and by how far away it is; a dash where there is none. */
export const timeHtml = (time: string | null, now: number): Html => {
  const at = time === null ? Number.NaN : Date.parse(time);
  if (Number.isNaN(at)) return html`–`;
  return html`<time datetime="${time}" title="${time}">${relativeTime(at, now)}</time>`;
};

/** A table with a caption; where it has no rows, a sentence instead. */
export const tableHtml = (
  caption: string,
  head: readonly string[],
  rows: readonly (readonly (Html | string)[])[],
  none: string,
): Html => {
  if (rows.length === 0) return html`<p class="none">${none}</p>`;
  const cells = rows.map(row => html`<tr>${row.map(cell => html`<td>${cell}</td>`)}</tr>`);
  const titles = head.map(title => html`<th scope="col">${title}</th>`);
  return html`<div class="scroll"><table><caption>${caption}</caption><thead><tr>${titles}</tr></thead><tbody>${cells}</tbody></table></div>`;
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
  html`<a href="/campaigns/${encodeURIComponent(workspace)}/${encodeURIComponent(campaignId)}">${name}</a>`;
