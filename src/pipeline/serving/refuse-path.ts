import type { FastifyReply, FastifyRequest } from 'fastify';

/** Characters of a path in an error. */
const SHOWN_PATH = 200;

/** TensorFlow Serving's answer to paths it does not know. */
export function refusePath(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const path = request.url.slice(0, SHOWN_PATH);
  return reply.code(404).send({ error: `Malformed request: ${request.method} ${path}` });
}
