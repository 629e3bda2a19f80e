import type { Endpoint } from '../../protocol/endpoint.ts';
import type { EngineMethod, EngineParams, EngineReply } from '../../protocol/engine.ts';
import type { PayloadOf } from '../../protocol/panels/contract.ts';
import type { EndpointAnswer, EndpointPanelContract, EndpointQuery } from '../../protocol/panels/endpoint.ts';
import { hinted, messageOf } from '../../protocol/user-error.ts';
import type { PanelBehaviour, PanelHandle } from '../panels/registry.ts';

/** What the panel needs of the rest of the extension. */
export interface EndpointSources {
  readonly request: <M extends EngineMethod>(
    method: M,
    params: EngineParams<M>,
    signal?: AbortSignal,
  ) => Promise<EngineReply<M>>;
  readonly endpoint: () => Promise<Endpoint>;
  /** As a command of a terminal. */
  readonly copy: (body: string) => Promise<void>;
}

const SUGGESTED = 12;

export class EndpointBehaviour implements PanelBehaviour<EndpointPanelContract> {
  readonly #panel: PanelHandle<EndpointPanelContract>;
  readonly #sources: EndpointSources;

  constructor(panel: PanelHandle<EndpointPanelContract>, sources: EndpointSources) {
    this.#panel = panel;
    this.#sources = sources;
  }

  readonly requests: PanelBehaviour<EndpointPanelContract>['requests'] = {
    search: async ({ text }, signal) => {
      const { run, model } = (await this.#sources.endpoint()).answering ?? {};
      // A package by itself has no run whose items the engine could search.
      if (run === undefined || text.trim() === '') return { items: [] };
      const found = await this.#sources.request(
        'items/search',
        { run, model, text, limit: SUGGESTED },
        signal,
      );
      return { items: found.items.map(({ item }) => item) };
    },
    send: async (query, signal) => {
      const body = bodyOf(query);
      const { id } = this.#panel.key;
      const reply = await this.#sources.request(
        'endpoints/invoke',
        { id, body: JSON.stringify(body) },
        signal,
      );
      return answerOf(body, reply);
    },
    copy: async (query) => {
      await this.#sources.copy(JSON.stringify(bodyOf(query)));
      return null;
    },
  };

  ready(): void {
    this.#sources.endpoint().then(
      (endpoint) => this.#panel.send('endpoint', toldOf(endpoint)),
      (error: unknown) => {
        this.#panel.send('failed', { message: messageOf(error), ...hinted(error) });
      },
    );
  }

  dispose(): void {
    // Requests are given up with the page.
  }
}

/** What the panel shows of an endpoint. */
export function toldOf(endpoint: Endpoint): PayloadOf<EndpointPanelContract, 'endpoint'> {
  const { where, name, maxK, answering } = endpoint;
  const url = endpoint.where === 'local' ? endpoint.url : `SageMaker ${endpoint.region ?? ''}`.trim();
  return { where, url, name, maxK, model: answering?.model ?? '' };
}

/** The body of the request that a query means. */
export function bodyOf({ items, list, k, excludeQuery }: EndpointQuery): unknown {
  if (!list) return { instances: [items[0] ?? ''] };
  return { signature_name: 'recommend', instances: [{ items, k, exclude_query: excludeQuery }] };
}

export function answerOf(body: unknown, reply: EngineReply<'endpoints/invoke'>): EndpointAnswer {
  const { status, milliseconds, version } = reply;
  const parsed = parse(reply.body);
  const list = listOf(parsed);
  return {
    ...{ status, milliseconds, request: JSON.stringify(body, null, 2) },
    response: parsed === undefined ? reply.body : JSON.stringify(parsed, null, 2),
    ...(version === undefined ? {} : { version }),
    ...(list === undefined ? {} : { list }),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

type Fields = Readonly<Record<string, unknown>>;
const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? (value as Fields) : {};

/** Of either signature; places past the end of the list hold no item. */
function listOf(reply: unknown): EndpointAnswer['list'] {
  const { predictions } = fieldsOf(reply);
  const row = fieldsOf(Array.isArray(predictions) ? predictions[0] : undefined);
  const [items, scores] = [row['items'] ?? row['output_2'], row['scores'] ?? row['output_1']];
  if (!Array.isArray(items) || !Array.isArray(scores)) return undefined;
  const named = items.map((item: unknown, at) => ({ item: String(item), score: Number(scores[at] ?? 0) }));
  return { answeredBy: String(row['answered_by']), items: named.filter(({ item }) => item !== '') };
}
