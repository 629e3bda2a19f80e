import { factsOfMembers, type Explanation, type ExplainedScore } from '../ranking/explanation.ts';
import type { Scorer } from '../ranking/scorer.ts';
import { TopSelector } from '../ranking/top-selector.ts';
import type { BlendRows } from './blend-rows.ts';
import type { ColumnOf } from './member-scores.ts';

/** A blend scores all items; an item competes with the best so many. */
const COMPETING = 100;
/** What the prior and being cold add, whatever the query. */
const ITEM = 'item';

export interface BlendExplaining {
  readonly parts: readonly { readonly name: string; readonly scorer: Scorer }[];
  readonly weights: readonly number[];
  readonly rows: () => BlendRows;
  readonly items: Int32Array;
  readonly bias: Float32Array;
  readonly columnOf: ColumnOf;
}

/** The part of each member, and of the bias, less its mean over the blend's hundred best items of the query. */
export function explainBlend(
  { parts, weights, rows: rowsOf, items: columns, bias, columnOf }: BlendExplaining,
  query: Int32Array,
  items: Int32Array,
): Explanation | undefined {
  const rows = rowsOf();
  rows.score([query]);
  if (!rows.answers(0, weights)) return undefined;
  const scores = rows.sum(0, 0, weights, bias);
  const all = { items: columns, scores, count: columns.length, slotOf: columnOf };
  const competing = new TopSelector(new Uint32Array(columnOf.length)).selectSlots(all, COMPETING).slice();
  const asked = Array.from(items, (item) => columnOf[item] ?? -1);
  const scored = asked.map((column) => (scores[column] ?? -Infinity) > -Infinity);
  const only = parts.map((_, m) => {
    const row = rows.sum(
      0,
      0,
      weights.map((weight, other) => (other === m ? weight : 0)),
    );
    return lessMean(row, competing, asked);
  });
  const added = [...only, lessMean(bias, competing, asked)];
  const scorers = parts.map(({ scorer }) => scorer);
  const facts = factsOfMembers(scorers, query, items);
  return {
    groups: [...parts.map(({ name }) => name), ITEM],
    items: scored.map((known, i): ExplainedScore | undefined =>
      known
        ? {
            parts: Float64Array.from(added, (part) => part[i] ?? 0),
            facts: facts[i] ?? [],
          }
        : undefined,
    ),
  };
}

function lessMean(row: Float32Array, competing: Int32Array, asked: readonly number[]): number[] {
  const mean = competing.reduce((sum, column) => sum + (row[column] ?? 0), 0) / Math.max(1, competing.length);
  return asked.map((column) => (row[column] ?? 0) - mean);
}
