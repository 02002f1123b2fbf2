import {html} from 'hono/html';
import type {UpcomingView} from '../report-schemas.ts';
import {campaignLink, type Html, tableHtml, timeHtml} from './layout.ts';

/** How many lines of what comes the first page shows. */
const MOST = 12;

const whose = ({first, number, workspace}: UpcomingView): Html => {
  const links = first.map(one => campaignLink({...one, workspace}));
  const more = number - first.length;
  return html`${links.map((link, index) => html`${index > 0 ? ', ' : ''}${link}`)}${more > 0 ? ` and ${more} more` : ''}`;
};

/** What will happen by itself, as far as it is known. */
export const upcomingHtml = (
  {items, omitted}: {readonly items: readonly UpcomingView[]; readonly omitted: number},
  now: number,
): Html => {
  const more = items.length + omitted - Math.min(items.length, MOST);
  const rows = items
    .slice(0, MOST)
    .map(item => [timeHtml(item.at, now), String(item.number), whose(item), item.workspace, item.what]);
  return html`<h2>Next 24 hours <span class="count">${items.length + omitted}</span></h2>
    ${tableHtml('Next 24 hours', ['when', 'number', 'campaigns', 'workspace', 'what'], rows, 'No timetable, no hold and no window that is known opens, closes or runs out.')}
    ${more > 0 ? html`<p><a href="api/v1/upcoming">and ${more} more</a></p>` : ''}`;
};
