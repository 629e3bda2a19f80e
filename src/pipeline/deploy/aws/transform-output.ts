/** What a batch transform job wrote: its lines beside the queries, and whether its lists are those of the package. */
import * as fs from 'node:fs';
import { createInterface } from 'node:readline';
import * as z from 'zod/mini';
import { UserError } from '../../../protocol/user-error.ts';
import type { ItemNames } from '../../model/item-names.ts';
import { sameList } from '../../model/same-list.ts';
import type { Recommender } from '../../kinds/ranking/recommender.ts';
import type { RankedQueries } from '../../predict/prediction-lines.ts';
import type { QueryBatch } from '../../predict/query-batches.ts';
import type { AskedLists } from '../../predict/rank-lists.ts';
import { ANSWERED_BY, type RankedBatch } from '../../predict/thread-messages.ts';
import { listFrom, ListReply, TOLERANCE, type ExpectedList } from '../live-answers.ts';

const Refusal = z.object({ error: z.string() });
/** First queries whose lists are compared. */
const COMPARED = 100;
const REPORT = 'Report this with the run: what a job answers must be what was evaluated.';

/** The lists of all files, in their order. @throws UserError where a line is no answer */
async function* listsIn(files: readonly string[]): AsyncGenerator<ExpectedList, void, void> {
  for (const file of files) {
    const lines = createInterface({ input: fs.createReadStream(file), crlfDelay: Infinity });
    for await (const line of lines) if (line !== '') yield* listsOf(line);
  }
}

function listsOf(line: string): ExpectedList[] {
  const value = parsed(line);
  const reply = ListReply.safeParse(value);
  if (reply.success)
    return reply.data.predictions.map((one) => listFrom(one.items, one.scores, one.answered_by));
  const { error = `its answer is '${line.slice(0, 100)}'` } = Refusal.safeParse(value).data ?? {};
  throw new UserError(`The container refused a request of the batch transform job: ${error}`, REPORT);
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

export interface AnsweredQueries {
  readonly asked: Pick<AskedLists, 'batches' | 'names' | 'k' | 'seen' | 'signal'>;
  readonly files: readonly string[];
  /** The package's own, on this machine. */
  readonly recommender: Recommender;
  /** Told of each list that was compared, and is the same. */
  readonly onCompared: () => void;
}

/**
 * Gives the queries with the job's lists. The first lists, and the first of each batch, are compared with those of the package.
 * @throws UserError where lists are missing, too many, or others
 */
export async function* answeredQueries({
  asked,
  files,
  recommender,
  onCompared,
}: AnsweredQueries): AsyncGenerator<RankedQueries, void, void> {
  const { names, k, seen, signal } = asked;
  const answers = listsIn(files);
  let before = 0;
  try {
    for await (const batch of asked.batches()) {
      signal.throwIfAborted();
      const lists = await take(answers, batch.count);
      if (lists.length < batch.count) throw unequal(`there are only ${before + lists.length} lists`);
      for (const [at, list] of lists.slice(0, Math.max(1, COMPARED - before)).entries()) {
        const query = batch.codes.slice(batch.starts[at], batch.starts[at + 1]);
        if (!isOwn(recommender, query, { k, seen }, names, list))
          throw unequal(`the list of query ${before + at + 1} differs from that of the model`);
        onCompared();
      }
      yield { batch, ranked: rankedBatch(lists, names) };
      before += batch.count;
    }
    if ((await answers.next()).done !== true) throw unequal(`there are more lists than ${before} queries`);
  } finally {
    await answers.return();
  }
}

function unequal(what: string): UserError {
  return new UserError(`The batch transform job does not answer as the model does: ${what}.`, REPORT);
}

async function take(answers: AsyncGenerator<ExpectedList>, count: number): Promise<ExpectedList[]> {
  const taken: ExpectedList[] = [];
  while (taken.length < count) {
    const next = await answers.next();
    if (next.done === true) break;
    taken.push(next.value);
  }
  return taken;
}

function isOwn(
  recommender: Recommender,
  query: QueryBatch['codes'],
  options: { readonly k: number; readonly seen: AskedLists['seen'] },
  names: ItemNames,
  answer: ExpectedList,
): boolean {
  const { items, scores, answeredBy } = recommender.recommend(query, options);
  const own = {
    items: Array.from(items, (item) => names.name(item)),
    // What popularity fills up has no score of its own, and a zero in a graph.
    scores: Array.from(scores, (score) => (Number.isNaN(score) ? 0 : score)),
  };
  return (items.length === 0 || answer.answeredBy === answeredBy) && sameList(own, answer, TOLERANCE);
}

/** The lists as threads of this machine give them. */
function rankedBatch(lists: readonly ExpectedList[], names: ItemNames): RankedBatch {
  const total = lists.reduce((sum, { items }) => sum + items.length, 0);
  const items = new Int32Array(total);
  const scores = new Float64Array(total).fill(NaN);
  const starts = new Int32Array(lists.length + 1);
  const own = lists.map(ownItems);
  let place = 0;
  for (const [at, list] of lists.entries()) {
    starts[at] = place;
    items.set(
      list.items.map((name) => codeOf(name, names)),
      place,
    );
    scores.set(list.answeredBy === 'model' ? list.scores.slice(0, own[at]) : list.scores, place);
    place += list.items.length;
  }
  starts[lists.length] = place;
  return {
    ...{ items, scores, starts, own: Int32Array.from(own) },
    by: Uint8Array.from(lists, (list) =>
      ANSWERED_BY.indexOf(list.items.length === 0 ? 'nothing' : list.answeredBy),
    ),
  };
}

/** Items that the model itself gave: those after them have a score of zero, which popularity's items have in a graph. */
function ownItems({ scores, answeredBy }: ExpectedList): number {
  return answeredBy === 'model' ? scores.findLastIndex((score) => score !== 0) + 1 : 0;
}

function codeOf(name: string, names: ItemNames): number {
  const code = names.code(name);
  if (code === undefined) throw unequal(`it lists an item '${name}', which the model does not have`);
  return code;
}
