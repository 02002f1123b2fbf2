import type {Context} from 'hono';
import {html} from 'hono/html';
import {z} from 'zod';
import {ENDPOINTS, type Endpoint, type Parameter} from '../endpoints.ts';
import {answerSchemas} from '../schemas.ts';
import {type Html, page, tableHtml} from './layout.ts';

const typeOf = ({schema}: Parameter): string => {
  const json = z.toJSONSchema(schema, {io: 'input'});
  if (json.enum) return json.enum.join(', ');
  return [json.type, json.format].filter(Boolean).join(', ');
};

const endpointHtml = ({answer, parameters, path, summary}: Endpoint): Html => html`
  <h2><code>GET ${path}</code></h2>
  <p>${summary}. Answers with <a href="api#${answerSchemas.get(answer)?.id ?? ''}">${answerSchemas.get(answer)?.id}</a>.</p>
  ${tableHtml(
    `Parameters of ${path}`,
    ['parameter', 'what', 'values'],
    parameters.map(one => [html`<code>${one.name}</code>`, one.description, typeOf(one)]),
    'It takes none.',
  )}`;

const schemaHtml = (id: string, schema: z.ZodType): Html => {
  const {$schema, ...json} = z.toJSONSchema(schema, {io: 'input'});
  return html`<details id="${id}"><summary>${id}</summary><pre>${JSON.stringify(json, undefined, 2)}</pre></details>`;
};

/** What the API answers to, as a page: made of the same as its description for programs. */
export const apiPage = (context: Context): Promise<Response> => {
  const schemas = new Map(ENDPOINTS.map(({answer}) => [answerSchemas.get(answer)?.id ?? '', answer]));
  const body = html`
    <h1>API</h1>
    <p>
      It only reads. Its description for programs, OpenAPI 3.1, is <a href="api/v1/openapi.json">/api/v1/openapi.json</a>.
      <code>GET /api/v1/events</code> tells what changes, as server-sent events. Errors are problem details (RFC 9457);
      answers have an <code>ETag</code>; lists go on where <code>cursor</code> is what <code>next</code> was.
    </p>
    ${ENDPOINTS.map(endpointHtml)}
    <h2>Answers</h2>
    ${[...schemas].map(([id, schema]) => schemaHtml(id, schema))}`;
  return page(context, {title: 'API', body});
};
