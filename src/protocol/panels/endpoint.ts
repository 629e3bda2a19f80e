/** *Try It*: a request to an endpoint, and what it answers. */
import * as z from 'zod/mini';
import { definePanelContract } from './contract.ts';

/** A request as a person puts it together. */
export const EndpointQuery = z.object({
  /** The oldest first. */
  items: z.array(z.string().check(z.maxLength(10_000))).check(z.maxLength(1000)),
  /** Whether the list's signature is asked, and not that of one item. */
  list: z.boolean(),
  k: z.int().check(z.minimum(1), z.maximum(1_000_000)),
  excludeQuery: z.boolean(),
});
export type EndpointQuery = z.infer<typeof EndpointQuery>;

const Answer = z.object({
  /** Bodies, as JSON for people. */
  request: z.string(),
  response: z.string(),
  status: z.int(),
  milliseconds: z.number(),
  version: z.optional(z.string()),
  /** The list of a prediction; absent where it is none. */
  list: z.optional(
    z.object({
      answeredBy: z.string(),
      items: z.array(z.object({ item: z.string(), score: z.number() })),
    }),
  ),
});
export type EndpointAnswer = z.infer<typeof Answer>;

const Done = z.null();

export const endpointPanel = definePanelContract({
  name: 'endpoint',
  version: 1,
  /** The store by its folder, and the endpoint in it. */
  key: z.object({ store: z.string().check(z.minLength(1)), id: z.string().check(z.minLength(1)) }),
  state: EndpointQuery,
  requests: {
    /** Names like a text. */
    search: { params: z.object({ text: z.string() }), reply: z.object({ items: z.array(z.string()) }) },
    send: { params: EndpointQuery, reply: Answer },
    copy: { params: EndpointQuery, reply: Done },
  },
  events: {
    /** `url`: where it is, in words for one that has none of its own. */
    endpoint: z.object({
      where: z.enum(['local', 'sagemaker']),
      url: z.string(),
      name: z.string(),
      model: z.string(),
      maxK: z.int(),
    }),
    failed: z.object({ message: z.string(), hint: z.optional(z.string()) }),
  },
  strings: {
    title: 'Try {0}',
    at: '{0} at {1}',
    one: 'One item (serving_default)',
    many: 'A list (recommend)',
    signature: 'Signature',
    item: 'Item',
    items: 'Items, one a line, the oldest first',
    k: 'How many',
    exclude: 'Leave out items of the query',
    send: 'Send',
    sending: 'Sending…',
    copy: 'Copy as curl',
    copyForAws: 'Copy as AWS Command',
    copied: 'Copied',
    status: 'Status {0} in {1} ms, version {2}',
    statusAlone: 'Status {0} in {1} ms',
    request: 'Request',
    response: 'Response',
    ranked: 'The list',
    'by model': 'Answered by the model.',
    'by popularity': 'Answered by popularity: the model knows nothing of this query.',
    'by nothing': 'There is nothing to recommend.',
    failed: 'The request failed.',
  },
});
export type EndpointPanelContract = typeof endpointPanel;
