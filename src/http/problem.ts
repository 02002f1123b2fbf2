import type {Context} from 'hono';
import {toJson} from '../domain/text.ts';
import {conditional} from './conditional.ts';

const TITLES = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  421: 'Misdirected Request',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
} as const;

/** JSON in which nothing moves a terminal's cursor; no more than a 304 for who has it already. */
export const jsonAnswer = (context: Context, value: unknown): Response =>
  conditional(context, toJson(value), {'content-type': 'application/json; charset=UTF-8'});

/** Says what is wrong with a request, as RFC 9457 has it. */
export const problem = (
  context: Context,
  status: keyof typeof TITLES,
  detail: string,
  headers: Readonly<Record<string, string>> = {},
): Response =>
  context.body(toJson({type: 'about:blank', title: TITLES[status], status, detail}), status, {
    'content-type': 'application/problem+json; charset=UTF-8',
    ...headers,
  });
