import type {z} from 'zod';
import {oneLine} from '../domain/text.ts';

/** A replica, and the workspaces that it leads. */
export interface Replica {
  readonly identity: string;
  /** Where it can be asked; undefined where it has not said so. */
  readonly address?: string | undefined;
  readonly workspaces: readonly string[];
}

/** The replicas among which the workspaces are shared out. */
export interface Fleet {
  /** This process. */
  readonly self: Replica;
  /** Every other replica that leads something, or is alive. */
  readonly others: readonly Replica[];
  /** By which replicas let each other look; undefined where everybody may, or it cannot be read. */
  readonly token?: string | undefined;
  /** Configured workspaces that nobody leads now. */
  readonly unled: readonly string[];
}

/** What a replica answered, or why it did not. */
export type Answer =
  | {readonly replica: Replica; readonly ok: true; readonly body: Readonly<Record<string, unknown>>}
  | {readonly replica: Replica; readonly ok: false; readonly message: string};

/** How long another replica may take. Milliseconds. */
const PATIENCE = 2_000;

const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return 'it could not be asked';
  return error.name === 'TimeoutError' ? `no answer within ${PATIENCE / 1000} s` : oneLine(error.message);
};

const ask = async (replica: Replica, path: string, token: string | undefined): Promise<Answer> => {
  const {address} = replica;
  if (address === undefined) return {replica, ok: false, message: 'it has not said where it can be asked'};
  try {
    const answer = await fetch(new URL(path, address), {
      signal: AbortSignal.timeout(PATIENCE),
      redirect: 'error',
      ...(token !== undefined && {headers: {authorization: `Bearer ${token}`}}),
    });
    const body: unknown = await answer.json();
    if (!answer.ok || typeof body !== 'object' || body === null)
      return {replica, ok: false, message: `it answered ${answer.status}`};
    return {replica, ok: true, body: body as Readonly<Record<string, unknown>>};
  } catch (error) {
    return {replica, ok: false, message: reasonOf(error)};
  }
};

/** Asks every other replica for what it alone knows: the same path, with `scope=replica`. */
export const askEvery = (
  {others, token}: Pick<Fleet, 'others' | 'token'>,
  path: string,
  query: URLSearchParams,
): Promise<readonly Answer[]> => {
  const asked = new URLSearchParams(query);
  asked.set('scope', 'replica');
  return Promise.all(others.map(one => ask(one, `${path}?${asked}`, token)));
};

/** Asks those of the other replicas that lead something. */
export const askOthers = (
  {others, token}: Fleet,
  path: string,
  query: URLSearchParams,
): Promise<readonly Answer[]> =>
  askEvery({others: others.filter(({workspaces}) => workspaces.length > 0), token}, path, query);

/** The items of an answer that are what they should be. */
export const itemsOf = <T>(answer: Answer, schema: z.ZodType<T>): readonly T[] => {
  const items = answer.ok ? answer.body['items'] : [];
  return (Array.isArray(items) ? items : []).flatMap(item => {
    const {data, success} = schema.safeParse(item);
    return success ? [data] : [];
  });
};

/** The replicas that did not answer, each with the reason. */
export const unansweredOf = (answers: readonly Answer[]) =>
  answers.flatMap(answer => (answer.ok ? [] : [{...bare(answer.replica), message: answer.message}]));

const bare = ({identity, workspaces}: Replica) => ({identity, workspaces});

/** Where the page of an answer goes on; null at its end. */
export const nextOf = (answer: Answer): string | null => {
  const next = answer.ok ? answer.body['next'] : null;
  return typeof next === 'string' ? next : null;
};

/** What a replica says of itself: when, and by which revision it goes. */
interface Said {
  readonly observedAt: string;
  readonly revision: string | null;
}

const saidIn = (body: Readonly<Record<string, unknown>>, {observedAt}: Said): Said => ({
  observedAt: String(body['observedAt'] ?? observedAt),
  revision: typeof body['revision'] === 'string' ? body['revision'] : null,
});

/** The replicas as an answer shows them: what each leads, by which revision, how old what it said is, or why it said nothing. */
export const replicasView = (fleet: Fleet, answers: readonly Answer[], own: Said) => {
  const byIdentity = new Map(answers.map(answer => [answer.replica.identity, answer]));
  const others = fleet.others.map(({identity, workspaces}) => {
    const answer = byIdentity.get(identity);
    if (!answer) return {identity, workspaces, observedAt: own.observedAt, revision: null, message: null};
    return answer.ok
      ? {identity, workspaces, ...saidIn(answer.body, own), message: null}
      : {identity, workspaces, observedAt: null, revision: null, message: answer.message};
  });
  const {identity, workspaces} = fleet.self;
  const {observedAt, revision} = own;
  return [{identity, workspaces, observedAt, revision, message: null}, ...others];
};
