import {createServer, type IncomingMessage} from 'node:http';
import type {AddressInfo} from 'node:net';

/** A comment on a pull request, as GitHub keeps it. */
interface Comment {
  readonly id: number;
  body: string;
  readonly user: {readonly login: string};
}

const TOKEN = 'token-of-the-run';
const LONGEST_COMMENT = 65_536;
const PER_PAGE = 30;

const read = async (request: IncomingMessage): Promise<Record<string, string>> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString('utf8');
  return text ? JSON.parse(text) : {};
};

/**
 * The part of GitHub's API that the action uses, over HTTP on loopback: comments of pull request 7 in pages, commit
 * statuses, and who the token belongs to. It refuses what GitHub refuses: no token, no permission, too long a comment.
 */
export const serveGitHub = async () => {
  const state = {
    comments: [] as Comment[],
    statuses: [] as Record<string, string>[],
    requests: [] as string[],
    readOnly: false,
    /** Paths that are answered with 502. */
    broken: undefined as RegExp | undefined,
    /** Answers that come before anything else, one for each request that writes, until none is left. */
    instead: [] as {status: number; message: string; headers?: Record<string, string>}[],
    /** Called before a comment is created: what another job does at the same time. */
    onCreate: () => {},
  };
  const answer = (method: string, path: string, query: URLSearchParams, body: Record<string, string>) => {
    if (path === '/graphql') return {status: 200, value: {data: {viewer: {login: 'github-actions[bot]'}}}};
    if (state.broken?.test(path)) return {status: 502, value: {message: 'Bad Gateway'}};
    const instead = method === 'GET' ? undefined : state.instead.shift();
    if (instead) return {status: instead.status, value: {message: instead.message}, headers: instead.headers};
    if (method !== 'GET' && state.readOnly)
      return {status: 403, value: {message: 'Resource not accessible by integration'}};
    if ((body['body'] ?? '').length > LONGEST_COMMENT)
      return {status: 422, value: {message: 'Validation Failed'}};
    if (path === '/repos/acme/campaigns/issues/7/comments') {
      if (method === 'GET') {
        const size = Math.min(Number(query.get('per_page') ?? PER_PAGE), 100);
        const page = Number(query.get('page') ?? 1);
        const value = state.comments.slice((page - 1) * size, page * size);
        return {status: 200, value, next: page * size < state.comments.length ? page + 1 : undefined};
      }
      state.onCreate();
      const comment = {
        id: state.comments.length + 1,
        body: body['body'] ?? '',
        user: {login: 'github-actions[bot]'},
      };
      state.comments.push(comment);
      return {status: 201, value: comment};
    }
    const [, id] = /^\/repos\/acme\/campaigns\/issues\/comments\/(\d+)$/.exec(path) ?? [];
    const comment = state.comments.find(candidate => candidate.id === Number(id));
    if (method === 'PATCH' && comment) {
      comment.body = body['body'] ?? '';
      return {status: 200, value: comment};
    }
    if (method === 'DELETE' && comment) {
      state.comments.splice(state.comments.indexOf(comment), 1);
      return {status: 204, value: undefined};
    }
    const [, sha] = /^\/repos\/acme\/campaigns\/statuses\/([0-9a-f]{40})$/.exec(path) ?? [];
    if (method === 'POST' && sha) {
      state.statuses.push({sha, ...body});
      return {status: 201, value: {}};
    }
    return {status: 404, value: {message: 'Not Found'}};
  };
  const server = createServer(async (request, response) => {
    const body = await read(request);
    const {pathname, searchParams} = new URL(request.url ?? '/', 'http://github.test');
    state.requests.push(`${request.method} ${pathname}`);
    const allowed = request.headers.authorization === `token ${TOKEN}`;
    const reply: {
      status: number;
      value: unknown;
      next?: number | undefined;
      headers?: Record<string, string> | undefined;
    } = allowed
      ? answer(request.method ?? 'GET', pathname, searchParams, body)
      : {status: 401, value: {message: 'Bad credentials'}};
    const url = `http://${request.headers.host}${pathname}?per_page=${searchParams.get('per_page')}&page=${reply.next}`;
    response.writeHead(reply.status, {
      'content-type': 'application/json',
      ...reply.headers,
      ...(reply.next !== undefined && {link: `<${url}>; rel="next"`}),
    });
    response.end(reply.value === undefined ? '' : JSON.stringify(reply.value));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const close = (): Promise<void> =>
    new Promise(resolve => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  const {port} = server.address() as AddressInfo;
  return Object.assign(state, {url: `http://127.0.0.1:${port}`, token: TOKEN, close});
};
