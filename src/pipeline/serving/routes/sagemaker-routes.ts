/** What Amazon SageMaker asks of a container. */
import type { FastifyInstance } from 'fastify';
import { unavailable } from '../http-error.ts';
import type { ServerOptions } from '../server-options.ts';
import { tellVersion } from '../tell-version.ts';
import { answerPrediction } from './predict.ts';

export function addSageMakerRoutes(server: FastifyInstance, options: ServerOptions): void {
  server.get('/ping', { config: { label: 'ping', open: true } }, (_request, reply) => {
    const { current } = options.slot;
    if (!current.model.isReady) throw unavailable('The model is being opened again.');
    tellVersion(reply, current);
    reply.send({ status: 'healthy' });
  });
  server.post('/invocations', { config: { label: 'invocations' } }, (request, reply) =>
    answerPrediction(request, reply, options),
  );
}
