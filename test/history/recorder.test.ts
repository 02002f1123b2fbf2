/** Which revision a record names. */
import {expect, it} from 'vitest';
import {NOTHING_DECLARED} from '../../src/domain/declarations.ts';
import type {HistoryRecord} from '../../src/domain/history.ts';
import {HistoryRecorder} from '../../src/history/recorder.ts';
import {claim, WORKSPACE} from '../support/fixtures.ts';

it('is the one that is taken in, from its first wish on, before it is told as a whole', () => {
  const records: HistoryRecord[] = [];
  const writer = {add: (record: HistoryRecord) => void records.push(record), begin: () => {}};
  const recorder = new HistoryRecorder(writer, 'replica', {now: () => 0});
  const about = {workspace: WORKSPACE, campaignId: 'a'};
  const seen = {
    kind: 'status-seen',
    ...about,
    name: 'a',
    status: 'active',
    updatedAt: 1,
    own: false,
    byItself: false,
  } as const;
  recorder.hear({kind: 'revision-adopted', revision: {id: 'r1'}, declarations: NOTHING_DECLARED});
  recorder.hear(seen);
  const wished = claim({campaignId: 'a', desired: 'paused'});
  recorder.hear({kind: 'wish-changed', ...about, revision: {id: 'r2'}, claim: wished, before: undefined});
  recorder.hear(seen);
  recorder.hear({kind: 'revision-adopted', revision: {id: 'r2'}, declarations: NOTHING_DECLARED});
  recorder.hear(seen);
  expect(records.map(({kind, revision}) => [kind, revision])).toEqual([
    ['status', 'r1'],
    ['wish', 'r2'],
    ['status', 'r2'],
    ['status', 'r2'],
  ]);
});
