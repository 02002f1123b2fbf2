import type {z} from 'zod';
import type {Refusal} from './campaign.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An answer with a JSON body. */
export const answer = (status: number, body: unknown, headers: Record<string, string> = {}): Answer => ({
  status,
  headers: {'content-type': 'application/json', ...headers},
  body: JSON.stringify(body),
});

/** The documented envelope: a message for machines, and in `data.details` what a person needs. */
export const refused = (status: number, message: string, details = message): Answer =>
  answer(status, {error: {message, code: message.toUpperCase().replaceAll(' ', '_'), data: {details}}});

/** The answer to what the lifecycle refuses. */
export const refusedFor = ({details, message, status}: Refusal): Answer => refused(status, message, details);

/** FastAPI's answer to a request that does not fit the schema. */
export const problems = (error: z.ZodError, part: 'body' | 'query') =>
  answer(422, {
    detail: error.issues.map(({message, path}) => ({
      loc: [part, ...path],
      msg: message,
      type: 'value_error',
    })),
  });

/** FastAPI's answer to a request without its header. */
export const MISSING_KEY = answer(422, {
  detail: [{loc: ['header', 'X-API-Key'], msg: 'Field required', type: 'missing'}],
});

/** 429, with when to come back. */
export const throttled = (seconds: number): Answer => ({
  ...refused(429, 'Too Many Requests'),
  headers: {'content-type': 'application/json', 'retry-after': String(seconds)},
});

/** A body's value; undefined where it is no JSON. */
export const json = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
