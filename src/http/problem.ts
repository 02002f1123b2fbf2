import type {Context} from 'hono';
import {toJson} from '../domain/text.ts';

const TITLES = {
  400: 'Bad Request',
  401: 'Unauthorized',
  404: 'Not Found',
  405: 'Method Not Allowed',
  413: 'Content Too Large',
  421: 'Misdirected Request',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
} as const;

/** JSON in which nothing moves a terminal's cursor. */
export const jsonAnswer = (context: Context, value: unknown): Response =>
  context.body(toJson(value), 200, {'content-type': 'application/json; charset=UTF-8'});

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
