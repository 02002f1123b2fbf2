import {readFileSync} from 'node:fs';

/** The script that keeps an open page as it is now: plain JavaScript, served as it lies there. */
export const LIVE = readFileSync(new URL('live.js', import.meta.url), 'utf8');
