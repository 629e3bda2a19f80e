/** A front that needs no body: `GET /predict?session=a,b,c&k=10`. */
import type { FastifyInstance } from 'fastify';
import { badRequest } from '../http-error.ts';
import type { ServerOptions } from '../server-options.ts';
import { tellVersion } from '../tell-version.ts';
import { MOST_ITEMS } from '../predict-body.ts';
import { DEFAULT_K } from '../signatures.ts';

const KNOWN = new Set(['session', 'item', 'k']);

export function addFrontRoutes(server: FastifyInstance, options: ServerOptions): void {
  const { slot, maxK, name, allowOrigin } = options;
  server.get('/predict', { config: { label: 'front' } }, async (request, reply) => {
    const began = performance.now();
    if (allowOrigin !== undefined) reply.header('Access-Control-Allow-Origin', allowOrigin);
    const query = { items: itemsOf(request.query), k: countOf(request.query, maxK) };
    const { served, answers } = await slot.answer([query], () => request.raw.socket.destroyed);
    tellVersion(reply, served);
    const [answer] = answers;
    return {
      prediction: answer?.items ?? [],
      time: (performance.now() - began) / 1000,
      endpoint: name,
      answered_by: answer?.answeredBy ?? 'nothing',
    };
  });
}

type Query = Readonly<Record<string, string | readonly string[] | undefined>>;

/** `session` is split at commas; a name that holds one is given as `item`, as often as there are items. */
function itemsOf(given: unknown): string[] {
  const query = given as Query;
  const other = Object.keys(query).find((name) => !KNOWN.has(name));
  if (other !== undefined) throw badRequest('The query has other parameters than session, item and k.');
  const { session, item = [] } = query;
  if (Array.isArray(session)) throw badRequest('"session" is given more than once.');
  const split = typeof session === 'string' ? session.split(',') : [];
  const items = [...split, ...(typeof item === 'string' ? [item] : item)].filter((name) => name !== '');
  if (items.length > MOST_ITEMS) throw badRequest(`A session has at most ${MOST_ITEMS} items.`);
  if (session === undefined && items.length === 0)
    throw badRequest('Name the items of the session: /predict?session=a,b,c (a name with a comma: &item=…).');
  return items;
}

function countOf(given: unknown, maxK: number): number {
  const { k } = given as Query;
  if (k === undefined) return Math.min(DEFAULT_K, maxK);
  if (typeof k === 'string' && /^\d{1,6}$/.test(k) && Number(k) >= 1 && Number(k) <= maxK) return Number(k);
  throw badRequest(`"k" must be a whole number from 1 to ${maxK}.`);
}
