/** A front that needs no body: `GET /predict?session=a,b,c&k=10`. */
import type { FastifyInstance } from 'fastify';
import { readFrontQuery } from '../../../protocol/front-query.ts';
import { badRequest } from '../http-error.ts';
import type { ServedQuery } from '../served-query.ts';
import type { ServerOptions } from '../server-options.ts';
import { tellVersion } from '../tell-version.ts';

export function addFrontRoutes(server: FastifyInstance, options: ServerOptions): void {
  const { slot, maxK, name, allowOrigin } = options;
  server.get('/predict', { config: { label: 'front' } }, async (request, reply) => {
    const began = performance.now();
    if (allowOrigin !== undefined) reply.header('Access-Control-Allow-Origin', allowOrigin);
    const { served, answers } = await slot.answer(
      [queryOf(request.query, maxK)],
      () => request.raw.socket.destroyed,
    );
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

/** Names that are given more than once have a list. */
type Query = Readonly<Record<string, string | readonly string[]>>;

function queryOf(given: unknown, maxK: number): ServedQuery {
  const pairs = Object.entries(given as Query).flatMap(([name, value]) =>
    [value].flat().map((each) => [name, each] as const),
  );
  const query = readFrontQuery(pairs, maxK);
  if ('refused' in query) throw badRequest(query.refused);
  return query;
}
