/** What items of a map are marked by: where they stand in the data, and what the model made of them. */
import { HIT_MARKS, MARK_DEPTH, SPLIT_MARKS, type MarkQuestion } from '../../protocol/projection.ts';
import { UserError } from '../../protocol/user-error.ts';
import type { PreparedData } from '../data/prepared-data.ts';
import type { TestQueries } from '../flow/flow-views.ts';
import { preparedFile } from '../query/run-data.ts';
import { sequencesNamed } from '../query/sequence-names.ts';
import { splitSequences } from '../query/split-sequences.ts';
import { testQueriesOf } from '../query/test-queries-of.ts';
import type { RunFolder } from '../store/run-folder.ts';

export interface Marks {
  /** Of each item of the catalogue, by its code; see `MarksReply`. */
  readonly values: Uint32Array;
  readonly of: number;
}

/**
 * @param data the run's own
 * @param model whose hits are told
 * @throws UserError where the run keeps no such thing, or a file of it cannot be read
 */
export async function marksOf(
  run: RunFolder,
  data: PreparedData,
  model: string,
  { by, keyword = '' }: MarkQuestion,
  signal: AbortSignal,
): Promise<Marks> {
  switch (by) {
    case 'split':
      return splitMarks(data);
    case 'hits':
      return hitMarks(await ranksOf(run, model, data), data.layout.itemCount);
    case 'keyword':
      return keywordMarks(run, data, keyword.trim(), signal);
  }
}

/** The newest part that each item stands in. */
export function splitMarks(data: PreparedData): Marks {
  const { sequences, layout } = data;
  const values = new Uint32Array(layout.itemCount);
  const mark = (items: Int32Array, value: number): void => {
    for (const item of items) values[item] = Math.max(values[item] ?? 0, value);
  };
  if (layout.leaveOneOut) {
    const { items, offsets } = sequences;
    // The last item of each sequence is the test's, the one before it the validation's.
    for (let s = 1; s < offsets.length; s++) {
      const end = offsets[s] ?? 0;
      mark(items.subarray(Math.max(offsets[s - 1] ?? 0, end - 1), end), 2);
      mark(items.subarray(Math.max(offsets[s - 1] ?? 0, end - 2), Math.max(0, end - 1)), 1);
    }
  } else
    for (const [value, part] of SPLIT_MARKS.entries()) {
      const { items, offsets } = splitSequences(data, part);
      mark(items.subarray(offsets[0] ?? 0, offsets.at(-1) ?? 0), value);
    }
  return { values, of: values.length };
}

interface Ranked {
  readonly tests: TestQueries;
  readonly ranks: Int32Array;
}

async function ranksOf(run: RunFolder, model: string, data: PreparedData): Promise<Ranked> {
  const tests = testQueriesOf(run, data);
  const ranks = await tests.ranks(model);
  if (ranks !== undefined) return { tests, ranks };
  throw new UserError(
    `Model '${model}' of run ${run.id} was not evaluated on the test part.`,
    `Go on with the run: recsys resume ${run.id}`,
  );
}

/** How often each item was hit where it was the target of a test query. */
export function hitMarks({ tests, ranks }: Ranked, itemCount: number): Marks {
  const [asked, hit] = [new Uint32Array(itemCount), new Uint32Array(itemCount)];
  for (let q = 0; q < tests.count; q++) {
    const target = tests.target(q);
    const rank = ranks[q] ?? 0;
    asked[target] = (asked[target] ?? 0) + 1;
    if (rank >= 1 && rank <= MARK_DEPTH) hit[target] = (hit[target] ?? 0) + 1;
  }
  const mark = (item: number): (typeof HIT_MARKS)[number] => {
    const [times = 0, hits = 0] = [asked[item], hit[item]];
    if (times === 0) return 'notAsked';
    if (hits === 0) return 'missed';
    return 2 * hits < times ? 'seldom' : 'often';
  };
  return {
    values: asked.map((_, item) => HIT_MARKS.indexOf(mark(item))),
    of: asked.reduce((sum, times) => sum + (times > 0 ? 1 : 0), 0),
  };
}

async function keywordMarks(
  run: RunFolder,
  { sequences: { items, offsets }, layout }: PreparedData,
  keyword: string,
  signal: AbortSignal,
): Promise<Marks> {
  const file = preparedFile(run, 'sequences');
  if (keyword === '') throw new UserError('No word was given.', 'Type a word that names of sequences hold.');
  if (file === undefined)
    throw new UserError(
      `Run ${run.id} keeps no names of its sequences.`,
      'Train it anew from its data to have them.',
    );
  const named = await sequencesNamed(file, keyword, signal);
  const values = new Uint32Array(layout.itemCount);
  const last = new Int32Array(layout.itemCount).fill(-1);
  for (const sequence of named)
    for (const item of items.subarray(offsets[sequence] ?? 0, offsets[sequence + 1] ?? 0)) {
      // An item that is twice in a sequence stands in one sequence.
      if (last[item] === sequence) continue;
      last[item] = sequence;
      values[item] = (values[item] ?? 0) + 1;
    }
  return { values, of: named.length };
}
