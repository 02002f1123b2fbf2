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
  /** The `Authorization` by which another lets this one look; undefined where everybody may, or there is none to give. */
  readonly authorize?: ((url: URL) => string | undefined) | undefined;
  /** Configured workspaces that nobody leads now. */
  readonly unled: readonly string[];
}

/** What a replica answered, or why that is of no use. */
export type Answer<T> =
  | {readonly replica: Replica; readonly ok: true; readonly body: T}
  | {
      readonly replica: Replica;
      readonly ok: false;
      readonly message: string;
      /** The status of its answer, where it gave one. */
      readonly status?: number;
    };

/** How long another replica may take. Milliseconds. */
const PATIENCE = 2_000;

const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return 'it could not be asked';
  return error.name === 'TimeoutError' ? `no answer within ${PATIENCE / 1000} s` : oneLine(error.message);
};

/** What is asked of a replica, and what its answer has to be. */
interface Question<T> {
  readonly path: string;
  readonly schema: z.ZodType<T>;
  readonly authorize: Fleet['authorize'];
}

/** Asks once more where the connection broke, as one does that the other side has just closed for being idle. */
const request = async (url: URL, init: RequestInit): Promise<Response> => {
  try {
    return await fetch(url, init);
  } catch (error) {
    if (init.signal?.aborted) throw error;
    return fetch(url, init);
  }
};

const ask = async <T>(replica: Replica, {authorize, path, schema}: Question<T>): Promise<Answer<T>> => {
  const {address} = replica;
  if (address === undefined) return {replica, ok: false, message: 'it is not known where it can be asked'};
  try {
    const url = new URL(path, address);
    const authorization = authorize?.(url);
    const answer = await request(url, {
      signal: AbortSignal.timeout(PATIENCE),
      redirect: 'error',
      ...(authorization !== undefined && {headers: {authorization}}),
    });
    const {status} = answer;
    if (!answer.ok) return {replica, ok: false, message: `it answered ${status}`, status};
    const {data, success} = schema.safeParse(await answer.json());
    return success
      ? {replica, ok: true, body: data}
      : {replica, ok: false, message: 'it answers as another version does'};
  } catch (error) {
    return {replica, ok: false, message: reasonOf(error)};
  }
};

/** Asks every other replica for what it alone knows: the same path, with `scope=replica`. */
export const askEvery = <T>(
  {authorize, others}: Pick<Fleet, 'authorize' | 'others'>,
  path: string,
  query: URLSearchParams,
  schema: z.ZodType<T>,
): Promise<readonly Answer<T>[]> => {
  const asked = new URLSearchParams(query);
  asked.set('scope', 'replica');
  return Promise.all(others.map(one => ask(one, {authorize, path: `${path}?${asked}`, schema})));
};

/** Asks those of the other replicas that lead something. */
export const askOthers = <T>(
  {authorize, others}: Fleet,
  path: string,
  query: URLSearchParams,
  schema: z.ZodType<T>,
): Promise<readonly Answer<T>[]> =>
  askEvery({authorize, others: others.filter(({workspaces}) => workspaces.length > 0)}, path, query, schema);

/** What the replicas answered that did. */
export const bodiesOf = <T>(answers: readonly Answer<T>[]): readonly T[] =>
  answers.flatMap(answer => (answer.ok ? [answer.body] : []));

/** The replicas that did not answer, each with the reason. */
export const unansweredOf = (answers: readonly Answer<unknown>[]) =>
  answers.flatMap(answer => (answer.ok ? [] : [{...bare(answer.replica), message: answer.message}]));

/** What is missing in an answer for all replicas; not there where this process is the only one. */
export interface Gaps {
  /** Replicas that did not answer. */
  readonly unanswered?: ReturnType<typeof unansweredOf>;
  /** Workspaces that nobody leads now. */
  readonly unled?: readonly string[];
}

const bare = ({identity, workspaces}: Replica) => ({identity, workspaces});

/** What a replica says of itself: when, and by which revision it goes. */
interface Said {
  readonly observedAt: string;
  readonly revision: string | null;
}

/** The replicas as an answer shows them: what each leads, by which revision, how old what it said is, or why it said nothing. */
export const replicasView = (fleet: Fleet, answers: readonly Answer<Said>[], own: Said) => {
  const byIdentity = new Map(answers.map(answer => [answer.replica.identity, answer]));
  const others = fleet.others.map(({identity, workspaces}) => {
    const answer = byIdentity.get(identity);
    if (!answer) return {identity, workspaces, observedAt: own.observedAt, revision: null, message: null};
    return answer.ok
      ? {
          identity,
          workspaces,
          observedAt: answer.body.observedAt,
          revision: answer.body.revision,
          message: null,
        }
      : {identity, workspaces, observedAt: null, revision: null, message: answer.message};
  });
  const {identity, workspaces} = fleet.self;
  const {observedAt, revision} = own;
  return [{identity, workspaces, observedAt, revision, message: null}, ...others];
};
