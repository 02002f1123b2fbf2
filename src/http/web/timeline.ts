import {html} from 'hono/html';
import {evidenceOf} from '../../domain/evidence.ts';
import {type RecordView, recordOfView} from '../../domain/history.ts';
import type {Period} from '../../domain/period.ts';
import {DAY, lengthOf, rfc3339} from '../../domain/time.ts';
import type {CampaignDetail} from '../campaign-schemas.ts';
import type {Html} from './layout.ts';

/** How much of the past a timeline shows. Milliseconds. */
const SHOWN = 7 * 24 * 3_600_000;

const [WIDTH, ROW, GAP, LEFT] = [1000, 22, 8, 90];

/** Where on the picture a time is. */
type Scale = (time: number) => number;

const bar = (period: Period, what: 'status' | 'desired', y: number, x: Scale): Html => {
  const word = period[what];
  if (word === undefined) return html``;
  const width = Math.max(1, x(period.to) - x(period.from));
  const by = what === 'status' ? `, by ${period.changedBy ?? period.by}` : '';
  const text = `${word} from ${rfc3339(period.from)} for ${lengthOf(period.to - period.from)}${by}`;
  const label = width > 70 ? html`<text x="${x(period.from) + 5}" y="${y + 15}">${word}</text>` : '';
  return html`<g><title>${text}</title><rect class="s-${word}" x="${x(period.from)}" y="${y}" width="${width}" height="${ROW}"></rect>${label}</g>`;
};

const marks = (records: readonly RecordView[], y: number, x: Scale): Html[] =>
  records
    .filter(({kind}) => kind === 'action')
    .map(({action, at, outcome}) => {
      const place = x(Date.parse(at));
      return html`<g><title>${`${action ?? 'action'} ${outcome ?? ''} at ${at}`}</title><circle class="${outcome === 'applied' ? 'done' : 'failed'}" cx="${place}" cy="${y}" r="4"></circle></g>`;
    });

const days = (from: number, to: number, y: number, x: Scale): Html[] => {
  const first = Math.ceil(from / DAY) * DAY;
  return Array.from({length: Math.max(0, Math.floor((to - first) / DAY) + 1)}, (_, index) => {
    const at = first + index * DAY;
    return html`<line x1="${x(at)}" x2="${x(at)}" y1="0" y2="${y}"></line><text x="${x(at) + 3}" y="${y + 12}">${rfc3339(at).slice(5, 10)}</text>`;
  });
};

/** From when to when the campaign may run, where that is known. */
const windowBar = (
  window: CampaignDetail['window'],
  [from, to]: readonly [number, number],
  y: number,
  x: Scale,
): Html => {
  if (!window) return html``;
  const start = Math.max(from, window.startsAt === null ? from : Date.parse(window.startsAt));
  const end = Math.min(to, window.endsAt === null ? to : Date.parse(window.endsAt));
  if (start >= end) return html``;
  const text = `its window: ${window.startsAt ?? 'always'} to ${window.endsAt ?? 'always'}`;
  return html`<g><title>${text}</title><rect class="window" x="${x(start)}" y="${y}" width="${x(end) - x(start)}" height="4"></rect></g>`;
};

/** In words what the picture shows, for who does not see it. */
const inWords = (periods: readonly Period[]): string =>
  periods
    .slice(-5)
    .map(
      ({desired, from, status}) =>
        `${status} from ${rfc3339(from)}, while Git wanted ${desired ?? 'nothing'}`,
    )
    .join('; ');

/**
 * What a campaign's live status was, what Git wanted, what was sent, and its window, over the last days.
 *
 * @param records the newest first
 */
export const timelineHtml = (
  records: readonly RecordView[],
  window: CampaignDetail['window'],
  now: number,
): Html => {
  const from = now - SHOWN;
  const periods = evidenceOf(records.map(recordOfView).toReversed(), from, now).filter(
    ({desired, status}) => status !== 'unknown' || desired !== undefined,
  );
  if (periods.length === 0) return html`<p class="none">Nothing is known of the last seven days.</p>`;
  const x: Scale = time => Math.round((LEFT + ((time - from) / SHOWN) * (WIDTH - LEFT)) * 10) / 10;
  const [live, desired, actions] = [GAP, GAP + ROW + GAP, GAP + 2 * (ROW + GAP) + 6];
  const height = actions + 10;
  const recent = records.filter(({at}) => Date.parse(at) >= from);
  return html`<svg class="timeline" viewBox="0 0 ${WIDTH} ${height + 16}" role="img" aria-label="${`The last seven days: ${inWords(periods)}`}">
    ${days(from, now, height, x)}
    <text x="0" y="${live + 15}">live</text><text x="0" y="${desired + 15}">Git wants</text><text x="0" y="${actions + 4}">sent</text>
    ${periods.map(period => bar(period, 'status', live, x))}
    ${periods.map(period => bar(period, 'desired', desired, x))}
    ${marks(recent, actions, x)}
    ${windowBar(window, [from, now], 0, x)}
  </svg>`;
};
