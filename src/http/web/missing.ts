import {html} from 'hono/html';
import type {Gaps} from '../fleet.ts';
import type {Html} from './layout.ts';

/** Says what is not among what is shown, since nobody could be asked for it: an empty list is no good news then. */
export const missingHtml = ({unanswered = [], unled = []}: Gaps): Html => {
  const silent = unanswered.map(({identity, message, workspaces}) => {
    const whose = workspaces.length > 0 ? `workspace ${workspaces.join(', ')}` : 'a replica';
    return `${whose}: ${identity}: ${message}`;
  });
  const parts = [
    ...silent,
    ...(unled.length > 0 ? [`workspace ${unled.join(', ')}: no replica leads it`] : []),
  ];
  return parts.length === 0
    ? html``
    : html`<p class="bad" role="alert">Not known now, and missing here: ${parts.join('; ')}.</p>`;
};
