/**
 * A thread that ranks for a server, by a package that it opens for itself: opening and ranking hold up no health check,
 * and a newer model comes up beside the one that answers.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { messageOf, UserError } from '../../protocol/user-error.ts';
import { openModel, requireParity } from '../model/open-model.ts';
import { QueryAnswerer } from './answer-queries.ts';
import type { FromThread, ThreadStart, ToThread } from './thread-messages.ts';

const port = parentPort;
const say = (message: FromThread): void => port?.postMessage(message);

async function open(folder: string): Promise<QueryAnswerer> {
  const model = await openModel(folder);
  await requireParity(model);
  return QueryAnswerer.of(model);
}

function answer(answerer: QueryAnswerer, queries: ToThread): FromThread {
  try {
    return { type: 'answers', answers: answerer.answer(queries) };
  } catch (error) {
    return { type: 'failed', message: messageOf(error) };
  }
}

try {
  // Only ranking-thread.ts starts this file.
  const answerer = await open((workerData as ThreadStart).folder);
  port?.on('message', (queries: ToThread) => say(answer(answerer, queries)));
  say({ type: 'opened', facts: answerer.facts });
} catch (error) {
  say({ type: 'refused', message: messageOf(error), hint: error instanceof UserError ? error.hint : '' });
}
