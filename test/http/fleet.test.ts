/** The API of replicas: real servers that ask each other. */
import {describe, expect, it, onTestFinished} from 'vitest';
import {Campaigns} from '../../src/controller/campaigns.ts';
import type {Condition} from '../../src/domain/condition.ts';
import type {Finding} from '../../src/domain/finding.ts';
import {isLater, type RecordView, type StoredRecord} from '../../src/domain/history.ts';
import {createApp} from '../../src/http/app.ts';
import type {Fleet, Replica} from '../../src/http/fleet.ts';
import {startServer} from '../../src/http/server.ts';
import {systemClock} from '../../src/system.ts';
import {viewOf} from '../support/view.ts';

const condition = (type: Condition['type'], status: Condition['status'], reason: string): Condition => ({
  type,
  status,
  reason,
  message: `${reason}, in words`,
  lastTransitionAt: 0,
});

const finding = (workspace: string, campaignId: string): Finding =>
  ({
    workspace,
    campaignId,
    name: campaignId,
    labels: {},
    mode: 'enforce',
    state: 'satisfied',
    reason: '',
    steps: [],
  }) as unknown as Finding;

/** A replica that leads one workspace of three campaigns. */
const start = async (workspace: string, ready: Condition['status'] = 'True', revision = 'r') => {
  const ids = ['c1', 'c2', 'c3'];
  let fleet: Fleet | undefined;
  const none = new Campaigns({workspaces: []}, systemClock, {listener: () => {}, random: () => 0});
  const view = viewOf(none, {
    now: () => 0,
    history: async (_query, after, limit) => {
      const all = [4, 2, 2].map(
        (at, index): StoredRecord => ({
          id: 3 - index,
          at: at + (workspace === 'b' ? 1 : 0),
          kind: 'status',
          workspace,
          campaignId: 'c1',
          name: 'c1',
          replica: workspace,
        }),
      );
      const left = all.filter(one => !after || isLater(after, one));
      const last = left[limit - 1];
      return {items: left.slice(0, limit), ...(left.length > limit && last && {next: last})};
    },
    notReady: () => [],
    metrics: async () => ({contentType: 'text/plain', text: ''}),
    report: () => ({
      revision,
      source: {author: undefined, subject: undefined, committedAt: undefined, readAt: undefined},
      observedAt: 0,
      leader: true,
      conditions: [
        condition('Ready', ready, ready === 'True' ? 'Succeeded' : 'Unauthorised'),
        condition('Stalled', 'False', 'NotStalled'),
      ],
      summary: {satisfied: 3},
      diagnostics: [{code: 'unusable-campaign', message: `of ${workspace}`, workspace}],
    }),
    page: async ({after, limit}) => {
      const left = ids.filter(id => `${workspace}/${id}` > (after?.key ?? ''));
      const items = left.slice(0, limit).map(id => ({finding: finding(workspace, id)}));
      const next = {value: '', key: `${workspace}/${left[limit - 1]}`};
      return {items, ...(left.length > limit && {next})};
    },
    fleet: () => fleet as Fleet,
  });
  const {close, url} = await startServer(createApp(view), {host: '127.0.0.1', port: 0});
  onTestFinished(close);
  const self: Replica = {identity: `replica-${workspace}`, address: url, workspaces: [workspace]};
  const know = (others: readonly Replica[], unled: readonly string[] = []): void => {
    fleet = {self, others, unled};
  };
  // biome-ignore lint/suspicious/noExplicitAny: what is asked of an answer is the test's own affair
  const get = async (path: string): Promise<any> => (await fetch(url + path)).json();
  return {self, know, get, close};
};

describe('the report of replicas', () => {
  it('sums up what each leads, and says who said what', async () => {
    const [a, b] = [await start('a'), await start('b')];
    a.know([b.self]);
    const report = await a.get('/api/v1/report');
    expect(report).toMatchObject({
      summary: {satisfied: 6},
      conditions: [
        {type: 'Ready', status: 'True'},
        {type: 'Stalled', status: 'False'},
      ],
      diagnostics: [{message: 'of a'}, {message: 'of b'}],
      unled: [],
      replicas: [
        {identity: 'replica-a', workspaces: ['a'], message: null},
        {identity: 'replica-b', workspaces: ['b'], observedAt: '1970-01-01T00:00:00.000Z', message: null},
      ],
    });
  });

  it('is not ready where another replica is not', async () => {
    const [a, b] = [await start('a'), await start('b', 'False')];
    a.know([b.self]);
    const {conditions} = await a.get('/api/v1/report');
    expect(conditions[0]).toMatchObject({type: 'Ready', status: 'False', reason: 'Unauthorised'});
  });

  it('is not ready while another replica works by another revision', async () => {
    const [a, b] = [await start('a'), await start('b', 'True', 'before')];
    a.know([b.self]);
    const {conditions} = await a.get('/api/v1/report');
    expect(conditions[0]).toMatchObject({
      status: 'False',
      reason: 'Progressing',
      message: 'another revision is in force on replica-b',
    });
  });

  it('calls nothing fine that nobody leads, or whose replica does not answer, and names both', async () => {
    const [a, b] = [await start('a'), await start('b')];
    a.know([b.self], ['c']);
    expect((await a.get('/api/v1/report'))['conditions'][0]).toMatchObject({
      status: 'Unknown',
      reason: 'WorkspacesUnknown',
      message: 'not known now: workspace c: no replica leads it yet',
    });
    a.know([b.self]);
    await b.close();
    const {conditions, replicas} = await a.get('/api/v1/report');
    expect(conditions[0]).toMatchObject({status: 'Unknown', reason: 'WorkspacesUnknown'});
    expect(replicas[1]).toMatchObject({identity: 'replica-b', observedAt: null});
    expect(replicas[1]['message']).toMatch(/\S/);
  });

  it('with scope=replica is that replica’s alone, and with any other refused', async () => {
    const [a, b] = [await start('a'), await start('b')];
    a.know([b.self]);
    const own = await a.get('/api/v1/report?scope=replica');
    expect(own).toMatchObject({summary: {satisfied: 3}});
    expect(own).not.toHaveProperty('replicas');
    expect(await a.get('/api/v1/report?scope=all')).toMatchObject({status: 400});
  });
});

describe('the campaigns of replicas', () => {
  it('come in one order, page by page, each once', async () => {
    const [a, b] = [await start('a'), await start('b')];
    b.know([a.self]);
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page = await b.get(`/api/v1/campaigns?limit=2${cursor && `&cursor=${cursor}`}`);
      const items: {workspace: string; campaignId: string}[] = page['items'] ?? [];
      seen.push(...items.map(({campaignId, workspace}) => `${workspace}/${campaignId}`));
      cursor = page['next'] ?? null;
    }
    expect(seen).toEqual(['a/c1', 'a/c2', 'a/c3', 'b/c1', 'b/c2', 'b/c3']);
  });

  it('say which replica did not answer, and for which workspaces', async () => {
    const a = await start('a');
    a.know([{identity: 'gone', workspaces: ['b']}], ['c']);
    expect(await a.get('/api/v1/campaigns')).toMatchObject({
      unanswered: [{identity: 'gone', workspaces: ['b'], message: 'it is not known where it can be asked'}],
      unled: ['c'],
    });
  });
});

describe('the history of replicas', () => {
  it('is one, the newest first, page by page, whoever wrote it', async () => {
    const [a, b] = [await start('a'), await start('b')];
    a.know([{...b.self, workspaces: []}]);
    const got: string[] = [];
    let next: string | null = '';
    do {
      const page: {items: RecordView[]; next: string | null} = await a.get(
        `/api/v1/history?limit=2${next ? `&cursor=${next}` : ''}`,
      );
      got.push(...page.items.map(({at, id, replica}) => `${Date.parse(at)} ${replica}${id}`));
      next = page.next;
    } while (next);
    expect(got).toEqual(['5 b3', '4 a3', '3 b2', '3 b1', '2 a2', '2 a1']);
  });

  it('names a replica that did not answer', async () => {
    const [a, b] = [await start('a'), await start('b')];
    a.know([b.self]);
    await b.close();
    const {items, unanswered} = await a.get('/api/v1/history');
    expect(items).toHaveLength(3);
    expect(unanswered).toMatchObject([{identity: 'replica-b'}]);
  });
});

describe('what a replica that does not answer may know', () => {
  const page = (url: string, path: string) =>
    fetch(url + path, {headers: {accept: 'text/html'}}).then(async answer => ({
      status: answer.status,
      text: await answer.text(),
    }));
  const cutOff = async () => {
    const [a, b] = [await start('a'), await start('b')];
    a.know([b.self], ['c']);
    await b.close();
    return a;
  };

  it.each(['/api/v1/differences', '/api/v1/workspaces', '/api/v1/upcoming', '/api/v1/campaigns'])(
    'is said to be missing in %s',
    async path => {
      const answer = await (await cutOff()).get(path);
      expect(answer).toMatchObject({unanswered: [{identity: 'replica-b', workspaces: ['b']}], unled: ['c']});
    },
  );

  it.each(['/', '/campaigns', '/history'])(
    'is said to be missing on the page %s, before its lists',
    async path => {
      const {text} = await page((await cutOff()).self.address ?? '', path);
      expect(text).toMatch(
        /<p class="bad" role="alert">Not known now, and missing here: workspace b: replica-b: /,
      );
    },
  );

  it('is no campaign that there is not: one of its workspaces is not known now, one of another is not there', async () => {
    const a = await cutOff();
    const get = async (path: string) => (await a.get(path)).status;
    expect(await get('/api/v1/campaigns/b/x1')).toBe(503);
    expect(await get('/api/v1/campaigns/c/x1')).toBe(503);
    expect(await get('/api/v1/campaigns/d/x1')).toBe(404);
    expect((await page(a.self.address ?? '', '/campaigns/b/x1')).text).toContain(
      'replica-b leads workspace b, and cannot be asked',
    );
  });

  it('keeps a spreadsheet of the history from being made: it would look whole', async () => {
    const {status, text} = await page((await cutOff()).self.address ?? '', '/history.csv');
    expect([status, text]).toEqual([503, expect.stringContaining('what it knows would be missing')]);
  });
});
