import {html} from 'hono/html';
import type {ProposedEdit} from '../changes.ts';
import type {Html} from './layout.ts';

const TITLES: Readonly<Record<ProposedEdit['kind'], string>> = {
  pause: 'Pause it',
  resume: 'Resume it',
  hold: 'Hold it as it is',
  release: 'End the hold',
};

const lineHtml = (line: string): Html => {
  if (/^(?:---|\+\+\+) /.test(line)) return html`${line}\n`;
  const kind = line.startsWith('+') ? 'ins' : line.startsWith('-') ? 'del' : undefined;
  return kind === undefined
    ? html`${line}\n`
    : kind === 'ins'
      ? html`<ins>${line}</ins>\n`
      : html`<del>${line}</del>\n`;
};

const editHtml = ({kind, patch, text, url}: ProposedEdit): Html => {
  const editor =
    url === undefined
      ? ''
      : html`<p><a href="${url}" rel="noreferrer">Open the file in its editor</a>, and put this text there:</p>`;
  const command =
    url === undefined
      ? html`<p>As a patch, for <code>git apply</code>:</p>`
      : html`<p>What that changes, as a patch for <code>git apply</code>:</p>`;
  const whole =
    url === undefined
      ? ''
      : html`${editor}<pre id="text-${kind}" tabindex="0">${text}</pre><p><button type="button" data-copy="text-${kind}">Copy the text</button></p>`;
  return html`<details id="change-${kind}"><summary>${TITLES[kind]}</summary>
    ${whole}${command}<pre id="patch-${kind}" class="patch" tabindex="0">${patch.split('\n').filter(Boolean).map(lineHtml)}</pre>
    <p><button type="button" data-copy="patch-${kind}">Copy the patch</button></p>
  </details>`;
};

/** How the declaration would be changed: this page changes nothing, it shows what to change in Git. */
export const changingHtml = (edits: readonly ProposedEdit[]): Html =>
  edits.length === 0
    ? html`<p class="none">There is nothing to propose: no file declares it, its file cannot be changed by a line, or it is over.</p>`
    : html`${edits.map(editHtml)}`;
