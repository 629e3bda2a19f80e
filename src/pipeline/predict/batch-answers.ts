/** What TensorFlow Serving answered to many requests: JSON objects, one after the other, each over several lines. */
import * as fs from 'node:fs';
import * as z from 'zod/mini';
import { UserError } from '../../protocol/user-error.ts';
import type { ItemNames } from '../model/item-names.ts';
import type { RankedQueries } from './prediction-lines.ts';
import type { QueryBatch } from './query-batches.ts';
import { ANSWERED_BY, type RankedBatch } from './thread-messages.ts';

const Prediction = z.object({
  scores: z.array(z.number()),
  items: z.array(z.string()),
  answered_by: z.enum(ANSWERED_BY),
});
type Prediction = z.infer<typeof Prediction>;
const Answer = z.object({ predictions: z.array(Prediction) });

/** The objects of a text that comes in pieces; strings may hold braces. */
export async function* jsonObjects(pieces: AsyncIterable<string>): AsyncGenerator<unknown, void, void> {
  let [text, depth, inString, isEscaped, at] = ['', 0, false, false, 0];
  for await (const piece of pieces) {
    text += piece;
    for (; at < text.length; at++) {
      const character = text[at];
      if (isEscaped) isEscaped = false;
      else if (inString) {
        if (character === '\\') isEscaped = true;
        else if (character === '"') inString = false;
      } else if (character === '"') inString = true;
      else if (character === '{') depth++;
      else if (character === '}' && --depth === 0) {
        yield JSON.parse(text.slice(0, at + 1));
        text = text.slice(at + 1);
        at = -1;
      }
    }
  }
  if (text.trim() !== '') throw cutOff();
}

function cutOff(): UserError {
  return new UserError(
    'The answers of the batch job are cut off, or not of the form that was agreed.',
    'Try again, or predict on this machine (without --at-aws).',
  );
}

async function* predictionsIn(file: string): AsyncGenerator<Prediction, void, void> {
  const pieces = fs.createReadStream(file, { encoding: 'utf8', highWaterMark: 1 << 20 });
  for await (const answer of jsonObjects(pieces as AsyncIterable<string>)) {
    const read = Answer.safeParse(answer);
    if (!read.success) throw cutOff();
    yield* read.data.predictions;
  }
}

/**
 * The lists of all queries, in the form that threads of this machine give them.
 * @throws UserError where there are more or fewer answers than queries
 */
export async function* readAnswers(
  file: string,
  batches: AsyncIterable<QueryBatch>,
  names: ItemNames,
): AsyncGenerator<RankedQueries, void, void> {
  const predictions = predictionsIn(file);
  for await (const batch of batches) {
    const lists: Prediction[] = [];
    while (lists.length < batch.count) {
      const next = await predictions.next();
      if (next.done === true) throw cutOff();
      lists.push(next.value);
    }
    yield { batch, ranked: packed(lists, names) };
  }
  if ((await predictions.next()).done !== true) throw cutOff();
}

function packed(lists: readonly Prediction[], names: ItemNames): RankedBatch {
  const read = lists.map((list) => listOf(list, names));
  const starts = new Int32Array(read.length + 1);
  read.forEach(({ items }, at) => (starts[at + 1] = (starts[at] ?? 0) + items.length));
  return {
    starts,
    items: Int32Array.from(read.flatMap(({ items }) => items)),
    scores: Float64Array.from(read.flatMap(({ scores }) => scores)),
    own: Int32Array.from(read, ({ own }) => own),
    by: Uint8Array.from(read, ({ by }) => by),
  };
}

interface ReadList {
  readonly items: readonly number[];
  readonly scores: readonly number[];
  readonly own: number;
  readonly by: number;
}

/** Places past the end of a list are empty; items that popularity fills up with have the score 0. */
function listOf({ items, scores, answered_by: answeredBy }: Prediction, names: ItemNames): ReadList {
  const end = items.findLastIndex((item) => item !== '') + 1;
  const codes = items.slice(0, end).map((item) => {
    const code = names.code(item);
    if (code === undefined) throw cutOff();
    return code;
  });
  const told = scores.slice(0, end);
  const isModel = answeredBy === 'model';
  const own = isModel ? told.findLastIndex((score) => score !== 0) + 1 : 0;
  return {
    ...{
      items: codes,
      own,
      by: end === 0 ? ANSWERED_BY.indexOf('nothing') : ANSWERED_BY.indexOf(answeredBy),
    },
    scores: isModel ? told.map((score, at) => (at < own ? score : NaN)) : told,
  };
}
