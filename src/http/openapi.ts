import {z} from 'zod';
import {ENDPOINTS, type Endpoint, type Parameter} from './endpoints.ts';
import {answerSchemas, problemSchema} from './schemas.ts';

type Json = Readonly<Record<string, unknown>>;

const refTo = (id: string): string => `#/components/schemas/${id}`;

/** A schema without what only a document of its own needs. */
const bare = ({$id, $schema, ...schema}: Record<string, unknown>): Json => schema;

const inline = (schema: z.ZodType): Json => bare(z.toJSONSchema(schema, {io: 'input'}));

const components = (): Json => {
  const {schemas} = z.toJSONSchema(answerSchemas, {uri: refTo, io: 'input'});
  return Object.fromEntries(Object.entries(schemas).map(([id, schema]) => [id, bare(schema)]));
};

const referenceTo = (schema: z.ZodType): Json => ({$ref: refTo(answerSchemas.get(schema)?.id ?? '')});

const parameterOf = ({description, name, place, schema}: Parameter): Json => ({
  name,
  in: place,
  description,
  ...(place === 'path' && {required: true}),
  schema: inline(schema),
});

const PROBLEM = {
  description: 'What is wrong with the request',
  content: {'application/problem+json': {schema: referenceTo(problemSchema)}},
};

const operationOf = ({answer, parameters, path, summary}: Endpoint): Json => ({
  operationId: path
    .split('/')
    .slice(3)
    .map(part => part.replace(/[{}]/g, ''))
    .join('-'),
  summary,
  parameters: parameters.map(parameterOf),
  responses: {
    200: {description: summary, content: {'application/json': {schema: referenceTo(answer)}}},
    304: {description: 'As it was when If-None-Match was given out'},
    default: PROBLEM,
  },
});

const EVENTS: Json = {
  operationId: 'events',
  summary: 'What changes, as it happens: server-sent events',
  description:
    'Events: campaigns ({items, gone}), report (as /api/v1/report, without diagnostics), reset (read everything anew), alive (every few seconds). Goes on after Last-Event-ID.',
  parameters: [
    ['workspace', 'Only campaigns of this workspace.'],
    ['campaign', 'Only the campaign of this id; needs workspace.'],
  ].map(([name = '', description = '']) =>
    parameterOf({name, description, place: 'query', schema: z.string()}),
  ),
  responses: {
    200: {
      description: 'A stream that does not end',
      content: {'text/event-stream': {schema: {type: 'string'}}},
    },
    default: PROBLEM,
  },
};

/**
 * The description of the API, as OpenAPI 3.1 has it, from the schemas and parameters that the API itself goes by.
 *
 * @param server what paths are relative to
 */
export const openApi = (version: string, server: string): Json => ({
  openapi: '3.1.1',
  info: {
    title: 'Rollcall',
    version,
    description: 'What Git wants of each campaign, what is live, and how the two relate. It only reads.',
    license: {name: 'Apache-2.0', identifier: 'Apache-2.0'},
  },
  servers: [{url: server}],
  security: [{}, {token: []}],
  paths: {
    ...Object.fromEntries(ENDPOINTS.map(endpoint => [endpoint.path, {get: operationOf(endpoint)}])),
    '/api/v1/events': {get: EVENTS},
  },
  components: {
    schemas: components(),
    securitySchemes: {token: {type: 'http', scheme: 'bearer', description: 'Where http.auth asks for it.'}},
  },
});
