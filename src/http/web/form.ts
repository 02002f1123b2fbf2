import {html} from 'hono/html';
import type {Html} from './layout.ts';

/** A field of a form that asks for what a URL asks for. */
export const fieldHtml = (
  asked: URLSearchParams,
  name: string,
  {label = name, placeholder = '', type = 'text'}: {label?: string; placeholder?: string; type?: string},
): Html =>
  html`<label>${label} <input type="${type}" name="${name}" value="${asked.get(name) ?? ''}" placeholder="${placeholder}" /></label>`;

/** A choice among values, or any of them. */
export const choiceHtml = (asked: URLSearchParams, name: string, values: readonly string[]): Html => {
  const chosen = asked.get(name);
  const options = values.map(
    one => html`<option value="${one}"${one === chosen ? html` selected` : ''}>${one}</option>`,
  );
  return html`<label>${name} <select name="${name}"><option value="">any</option>${options}</select></label>`;
};
