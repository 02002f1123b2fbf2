import type {Context} from 'hono';
import {html} from 'hono/html';
import {page} from './layout.ts';

/** What is wrong with a request, for a reader. */
export interface ShownProblem {
  readonly title: string;
  readonly status: number;
  readonly detail: string;
}

/** Says to a browser what it would say to a program. */
export const errorPage = (context: Context, {detail, status, title}: ShownProblem): Promise<Response> => {
  const body = html`<h1>${title}</h1><p>${detail}.</p>`;
  return page(context, {title, body, status});
};
