import {PassThrough} from 'node:stream';
import {describe, expect, it} from 'vitest';
import {logListener} from '../../src/observe/log.ts';
import {createLogger} from '../../src/observe/logger.ts';

const KEY = 'sk-live-0123456789';
const HOSTILE = 'ops\n12:00:00 INFO: forged\r\u001b[31m\u009b1m\u202Eevil\u2028';

const open = (isTTY: boolean, secret = KEY) => {
  const destination = Object.assign(new PassThrough(), {isTTY});
  let text = '';
  destination.on('data', chunk => {
    text += chunk;
  });
  const log = createLogger({
    level: 'info',
    destination,
    colour: false,
    secrets: () => [secret],
    reader: () => ({timezone: 'Asia/Kolkata', now: Date.UTC(2026, 0, 1)}),
  });
  return {log, text: () => text};
};

describe('a secret', () => {
  it.each(['p"ss\\word-123', 'first line\nsecond line', 'key\u0007with a bell'])(
    'shows in no line, whatever JSON makes of its characters: %j',
    secret => {
      const {log, text} = open(false, secret);
      log.info({detail: secret}, `the key ${secret} is refused`);
      expect(JSON.parse(text()).msg).toBe('the key [redacted] is refused');
      expect(JSON.parse(text()).detail).toBe('[redacted]');
    },
  );
});

describe('a log', () => {
  it.each([true, false])(
    'has one line for one event, whatever somebody wrote into it (terminal: %s)',
    isTTY => {
      const {log, text} = open(isTTY);
      log.warn({changedBy: HOSTILE, other: HOSTILE}, `drift: changed by ${HOSTILE} with ${KEY}`);
      expect(text().replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}]/u);
      expect(text()).not.toMatch(/^12:00:00 INFO: forged/m);
      expect(text()).not.toContain(KEY);
      if (!isTTY) expect(JSON.parse(text()).changedBy).toBe(HOSTILE);
    },
  );
  it('shows times in the zone of whoever sits at a terminal, and in UTC to machines', () => {
    const [terminal, machine] = [open(true), open(false)];
    for (const {log} of [terminal, machine]) log.info('held until 2026-01-01T03:00:00.000Z');
    expect(terminal.text()).toContain('held until Thu 2026-01-01 08:30 Asia/Kolkata (in 3 h)');
    expect(JSON.parse(machine.text()).msg).toBe('held until 2026-01-01T03:00:00.000Z');
  });
  it('tells an unexpected error with its stack', () => {
    const {log, text} = open(false);
    const event = {
      kind: 'unexpected-error',
      work: 'turn',
      workspace: 'w',
      campaignId: 'c',
      error: new Error('boom'),
    } as const;
    logListener(log)(event);
    expect(JSON.parse(text())).toMatchObject({
      level: 50,
      work: 'turn',
      stack: expect.stringContaining('logger.test'),
    });
  });
  it('says of a source in trouble what stays in force, and when it is over', () => {
    const {log, text} = open(false);
    const listener = logListener(log);
    const trouble = {reason: 'RemoteUnreachable', message: 'gone', stalls: false};
    listener({kind: 'source-trouble', trouble, inForce: false});
    listener({kind: 'source-trouble', trouble, inForce: true});
    listener({kind: 'source-trouble', trouble: undefined, inForce: true});
    const [first, second, third] = text()
      .trim()
      .split('\n')
      .map(line => JSON.parse(line).msg);
    expect(first).toContain('nothing is in force until it can be read');
    expect(second).toContain('the last good revision stays in force');
    expect(third).toBe('the source can be read again');
  });
  it('warns of a revision with invalid declarations, and names its author and the files', () => {
    const {log, text} = open(false);
    const diagnostic = {code: 'x', message: 'm', file: 'a.yaml', line: 1, column: 1};
    logListener(log)({
      kind: 'revision-adopted',
      revision: {id: 'abcdef0123456789', subject: 'Change', author: 'Somebody'},
      declarations: {claims: new Map(), diagnostics: [diagnostic], counts: {valid: 1, invalid: 1}},
    });
    expect(JSON.parse(text().split('\n')[0] ?? '')).toMatchObject({
      level: 40,
      msg: 'revision abcdef012345 «Change» by Somebody: 1 declaration, 1 invalid, in a.yaml',
    });
  });
});
