import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ServerOptions } from '../server-options.ts';
import { tellVersion } from '../tell-version.ts';
import { readPredictBody } from '../predict-body.ts';
import { predictReply } from '../predict-reply.ts';

/** Answers a prediction in the body of a request. @throws HttpError where it is not one */
export async function answerPrediction(
  request: FastifyRequest,
  reply: FastifyReply,
  { slot, maxK }: ServerOptions,
): Promise<unknown> {
  const asked = readPredictBody(request.body, maxK);
  const { served, answers } = await slot.answer(asked.queries, () => request.raw.socket.destroyed);
  tellVersion(reply, served);
  return predictReply(asked, answers);
}
