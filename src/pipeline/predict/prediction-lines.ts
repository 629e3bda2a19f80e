/** Predictions as lines of JSON, one a query. */
import type { ItemNames } from '../model/item-names.ts';
import type { QueryBatch } from './query-batches.ts';
import { ANSWERED_BY, type RankedBatch } from './thread-messages.ts';

/** Columns beside those that name a query, in their order. */
export const ANSWER_COLUMNS = {
  query_items: 'INTEGER',
  unknown_items: 'INTEGER',
  answered_by: 'VARCHAR',
  from_model: 'INTEGER',
  items: 'VARCHAR[]',
  scores: 'DOUBLE[]',
} as const;

export type AnswerNames = Readonly<Record<keyof typeof ANSWER_COLUMNS, string>>;

export interface RankedQueries {
  readonly batch: QueryBatch;
  readonly ranked: RankedBatch;
}

/** Counts of what became of the queries. */
export interface Answered {
  byModel: number;
  byPopularity: number;
  unanswered: number;
  /** Lists of the model that popularity fills up. */
  filledUp: number;
}

/** Writes lines, and counts. */
export class PredictionLines {
  readonly #names: ItemNames;
  readonly #fields: readonly string[];
  /** Names of items as JSON has them, by code. */
  readonly #written: string[] = [];
  readonly answered: Answered = { byModel: 0, byPopularity: 0, unanswered: 0, filledUp: 0 };

  /** @param columns how the answer's columns are called in the lines */
  constructor(names: ItemNames, columns: AnswerNames) {
    this.#names = names;
    this.#fields = Object.keys(ANSWER_COLUMNS).map((column) =>
      JSON.stringify(columns[column as keyof AnswerNames]),
    );
  }

  /** @param keys JSON object of what names the query */
  line({ batch, ranked }: RankedQueries, at: number, keys: string): string {
    const [from = 0, to = 0] = ranked.starts.subarray(at, at + 2);
    const items = ranked.items.subarray(from, to);
    const scores = ranked.scores.subarray(from, to);
    const own = ranked.own[at] ?? 0;
    const by = ANSWERED_BY[ranked.by[at] ?? 0] ?? 'nothing';
    this.#count(by, own, items.length);
    const [begin = 0, end = 0] = batch.starts.subarray(at, at + 2);
    const unknown = batch.unknown[at] ?? 0;
    const values = [
      ...[String(end - begin + unknown), String(unknown), `"${by}"`, String(own)],
      `[${Array.from(items, (item) => this.#name(item)).join(',')}]`,
      `[${Array.from(scores, scoreText).join(',')}]`,
    ];
    const told = values.map((value, field) => `${this.#fields[field] ?? ''}:${value}`).join(',');
    return `${keys.slice(0, -1)},${told}}\n`;
  }

  #name(item: number): string {
    return (this.#written[item] ??= JSON.stringify(this.#names.name(item)));
  }

  #count(by: (typeof ANSWERED_BY)[number], own: number, length: number): void {
    const { answered } = this;
    if (by === 'model') answered.byModel++;
    else if (by === 'popularity') answered.byPopularity++;
    else answered.unanswered++;
    if (by === 'model' && own < length) answered.filledUp++;
  }
}

/** JSON has neither NaN nor infinity. */
function scoreText(score: number): string {
  return Number.isFinite(score) ? String(score) : 'null';
}
