/**
 * Keeps an open page as it is now: listens to what changes, reads the page anew, and puts the parts marked `data-live`
 * in the place of the old ones. Without it the page is whole, and is read again every few seconds.
 */
const LOST_AFTER = 15_000;
const AGAIN_AFTER = 2_000;
const CLOCK = 10_000;

const status = document.getElementById('live');
const stream = new URL(document.body.dataset.events ?? 'api/v1/events', document.baseURI);
const zone = new Intl.DateTimeFormat(undefined, {dateStyle: 'medium', timeStyle: 'long'});
const clock = new Intl.DateTimeFormat(undefined, {timeStyle: 'medium'});

let source;
let watchdog;
let lostAt;
let isReading = false;
let isWanted = false;

const say = (text, kind) => {
  if (!status || status.textContent === text) return;
  status.textContent = text;
  status.className = kind;
};

const showTimes = root => {
  for (const time of root.querySelectorAll('time[datetime]')) {
    const at = new Date(time.dateTime);
    if (!Number.isNaN(at.getTime())) time.title = zone.format(at);
  }
};

/** Whoever marks text, or is at a field, is not disturbed. */
const isBusy = part => {
  const selection = document.getSelection();
  const isMarked = selection && !selection.isCollapsed && part.contains(selection.anchorNode);
  return isMarked || part.contains(document.activeElement?.closest('input, select, textarea') ?? null);
};

const put = (old, part) => {
  const opened = new Set([...old.querySelectorAll('details[open][id]')].map(({id}) => id));
  const focused = old.contains(document.activeElement) ? document.activeElement : undefined;
  for (const details of part.querySelectorAll('details[id]')) details.open = opened.has(details.id);
  showTimes(part);
  old.replaceWith(part);
  const href = focused?.getAttribute('href');
  if (href) part.querySelector(`a[href="${CSS.escape(href)}"]`)?.focus({preventScroll: true});
};

const take = text => {
  const fresh = new DOMParser().parseFromString(text, 'text/html');
  if (document.title !== fresh.title) document.title = fresh.title;
  for (const part of fresh.querySelectorAll('[data-live][id]')) {
    const old = document.getElementById(part.id);
    if (old && old.outerHTML !== part.outerHTML && !isBusy(old)) put(old, document.adoptNode(part));
  }
};

const read = async () => {
  isWanted = true;
  if (isReading) return;
  isReading = true;
  try {
    while (isWanted) {
      isWanted = false;
      const answer = await fetch(location.href, {headers: {accept: 'text/html'}, cache: 'no-store'});
      if (answer.status === 401) location.reload();
      if (answer.ok) take(await answer.text());
    }
  } catch {
    lost();
  } finally {
    isReading = false;
  }
};

const lost = () => {
  lostAt ??= new Date();
  say(`Connection lost at ${clock.format(lostAt)}: what is shown may be old`, 'bad');
};

const heard = () => {
  clearTimeout(watchdog);
  watchdog = setTimeout(reopen, LOST_AFTER);
  if (lostAt) void read();
  lostAt = undefined;
  say('Live', 'soft');
};

/** An error that the browser gives up at, such as a server that is being restarted, is tried again from here. */
const reopen = () => {
  lost();
  source?.close();
  clearTimeout(watchdog);
  watchdog = setTimeout(open, AGAIN_AFTER);
};

function open() {
  clearTimeout(watchdog);
  source = new EventSource(stream);
  watchdog = setTimeout(reopen, LOST_AFTER);
  source.addEventListener('error', () => (source.readyState === EventSource.CLOSED ? reopen() : lost()));
  source.addEventListener('alive', heard);
  for (const kind of ['campaigns', 'report', 'reset'])
    source.addEventListener(kind, () => {
      heard();
      void read();
    });
}

document.addEventListener('click', event => {
  const button = event.target.closest('button[data-copy]');
  const text = button && document.getElementById(button.dataset.copy)?.textContent;
  if (text) navigator.clipboard.writeText(text).then(() => (button.textContent = 'Copied'));
});
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') void read();
});
addEventListener('pagehide', () => source?.close());
addEventListener('pageshow', event => event.persisted && open());

showTimes(document);
if (document.body.dataset.events !== undefined) {
  open();
  setInterval(() => void read(), CLOCK);
}
