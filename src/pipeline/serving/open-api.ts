/** The server's routes as an OpenAPI 3.1 document. */
import { DEFAULT_K } from '../../protocol/query-limits.ts';
import { MOST_INSTANCES } from './predict-body.ts';
import { DEFAULT_SIGNATURE, LIST_SIGNATURE } from './signatures.ts';

export interface Operation {
  readonly summary: string;
  readonly description?: string;
  readonly parameters?: readonly unknown[];
  readonly requestBody?: unknown;
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content: unknown }>>;
  readonly security?: readonly unknown[];
}

export interface OpenApiDocument {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: unknown;
  readonly security?: readonly unknown[];
}

export interface Described {
  readonly name: string;
  readonly maxK: number;
  readonly hasToken: boolean;
}

export function openApiDocument({ name, maxK, hasToken }: Described): OpenApiDocument {
  return {
    openapi: '3.1.0',
    info: {
      title: `Recommendations by ${name}`,
      version: '1',
      description:
        'Items are named as in the data, their columns joined by |||. Names that no item has are passed over; a query of which no item is known is answered by popularity, and the answer says so.',
    },
    paths: {
      [`/v1/models/${name}:predict`]: { post: prediction('Predict, as TensorFlow Serving does.') },
      [`/v1/models/${name}/versions/{version}:predict`]: {
        post: { ...prediction('Predict by one version.'), parameters: [VERSION] },
      },
      [`/v1/models/${name}`]: { get: { summary: 'The state of the model.', responses: ok() } },
      [`/v1/models/${name}/metadata`]: { get: { summary: 'Its signatures.', responses: ok() } },
      '/invocations': { post: prediction('Predict, as Amazon SageMaker asks a container.') },
      '/ping': { get: { summary: 'Whether the server can answer.', responses: ok(), security: [] } },
      '/predict': { get: front(maxK) },
      '/metrics': {
        get: { summary: 'Figures in the text format of Prometheus.', responses: ok('text/plain') },
      },
      '/openapi.json': { get: { summary: 'This document.', responses: ok() } },
      '/docs': { get: { summary: 'A page for people.', responses: ok('text/html') } },
    },
    components: {
      schemas: schemas(maxK),
      ...(hasToken ? { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } } : {}),
    },
    ...(hasToken ? { security: [{ token: [] }] } : {}),
  };
}

const ref = (schema: string): unknown => ({ $ref: `#/components/schemas/${schema}` });
const json = (schema: unknown): unknown => ({ 'application/json': { schema } });

function ok(type = 'application/json'): Operation['responses'] {
  return { 200: { description: 'Done.', content: { [type]: {} } } };
}

const refusal = (description: string): Operation['responses'][string] => ({
  description,
  content: json(ref('Error')),
});

const REFUSALS = {
  400: refusal('The body is not what the signature takes; the reason is named.'),
  401: refusal('The token is missing or wrong.'),
  404: refusal('There is no such model or version.'),
  413: refusal('The body is too large.'),
  415: refusal('The body is not JSON.'),
  503: refusal('Too much waits already, or the model is being opened; send it again later.'),
};

const VERSION = { name: 'version', in: 'path', required: true, schema: { type: 'integer' } };

function prediction(summary: string): Operation {
  return {
    summary,
    description: `Row format ("instances") is answered by "predictions", columnar format ("inputs") by "outputs". Signature ${DEFAULT_SIGNATURE} takes one item and answers ${DEFAULT_K}; signature ${LIST_SIGNATURE} takes a list.`,
    requestBody: { required: true, content: json({ oneOf: [ref('Items'), ref('Lists'), ref('Columns')] }) },
    responses: {
      200: {
        description: 'Lists, the best first.',
        content: json({ oneOf: [ref('Predictions'), ref('Outputs')] }),
      },
      ...REFUSALS,
    },
  };
}

function front(maxK: number): Operation {
  const parameter = (name: string, description: string, schema: unknown): unknown => ({
    ...{ name, in: 'query', description, schema },
  });
  return {
    summary: 'Predict without a body.',
    parameters: [
      parameter('session', 'Items, the oldest first, with commas between.', { type: 'string' }),
      parameter('item', 'An item whose name holds a comma; any number of them, after those of session.', {
        type: 'array',
        items: { type: 'string' },
      }),
      parameter('k', 'How many.', {
        type: 'integer',
        minimum: 1,
        maximum: maxK,
        default: Math.min(DEFAULT_K, maxK),
      }),
    ],
    responses: { 200: { description: 'A list, the best first.', content: json(ref('Front')) }, ...REFUSALS },
  };
}

const text = { type: 'string' };
const texts = { type: 'array', items: text };
const numbers = { type: 'array', items: { type: 'number' } };
const answeredBy = { type: 'string', enum: ['model', 'popularity', 'nothing'] };
const object = (
  properties: Readonly<Record<string, unknown>>,
  required = Object.keys(properties),
): unknown => ({
  ...{ type: 'object', properties, required },
});
const list = (items: unknown): unknown => ({ type: 'array', items, maxItems: MOST_INSTANCES });

function schemas(maxK: number): unknown {
  const k = { type: 'integer', minimum: 1, maximum: maxK };
  const listQuery = object({
    items: { ...texts, description: 'The oldest first; filled up with "" on the right to equal lengths.' },
    k,
    exclude_query: { type: 'boolean', description: 'Whether items of the query are left out.' },
  });
  const asItem = { oneOf: [text, object({ input_1: text })] };
  return {
    Items: object({ signature_name: { const: DEFAULT_SIGNATURE }, instances: list(asItem) }, ['instances']),
    Lists: object({ signature_name: { const: LIST_SIGNATURE }, instances: list(listQuery) }),
    Columns: object(
      { signature_name: text, inputs: { description: 'A list an input, or the only input’s.' } },
      ['inputs'],
    ),
    Predictions: object({ predictions: list({ oneOf: [ref('Default'), ref('Recommended')] }) }),
    Outputs: object({ outputs: { type: 'object', additionalProperties: list({}) } }),
    Default: object({ output_1: numbers, output_2: texts, answered_by: answeredBy }),
    Recommended: object({
      scores: numbers,
      items: texts,
      answered_by: answeredBy,
      known_items: { type: 'integer' },
    }),
    Front: object({ prediction: texts, time: { type: 'number' }, endpoint: text, answered_by: answeredBy }),
    Error: object({ error: text }),
  };
}
