import type { FastifyReply } from 'fastify';
import type { ServedVersion } from './model-slot.ts';

/** Says with an answer which model gave it. */
export function tellVersion(reply: FastifyReply, { version, source, model }: ServedVersion): void {
  reply.header('X-Recsys-Version', version);
  reply.header('X-Recsys-Model', encodeURIComponent(model.facts.name));
  if (source.run !== undefined) reply.header('X-Recsys-Run', encodeURIComponent(source.run));
}
