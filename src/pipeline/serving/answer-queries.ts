import type { Recommendation } from '../kinds/ranking/recommender.ts';
import type { ItemNames } from '../model/item-names.ts';
import type { OpenPackage } from '../model/open-model.ts';
import type { ServedAnswer, ServedFacts, ServedQuery } from './served-query.ts';

/** Answers queries by names with the lists that evaluation measures. */
export class QueryAnswerer {
  readonly #model: OpenPackage;
  readonly #names: ItemNames;
  readonly facts: ServedFacts;

  constructor(model: OpenPackage, names: ItemNames) {
    const { signature } = model.file;
    this.#model = model;
    this.#names = names;
    this.facts = {
      name: model.name,
      kind: model.kind,
      items: names.count,
      queryStated: signature.query.stated,
      excludesQuery: signature.neverReturned.includes('query-items'),
    };
  }

  static async of(model: OpenPackage): Promise<QueryAnswerer> {
    return new QueryAnswerer(model, await model.names());
  }

  /** Queries that are answered together take less time, and have the same answers. */
  answer(queries: readonly ServedQuery[]): ServedAnswer[] {
    const { recommender } = this.#model;
    const codes = queries.map(({ items }) => this.#codesOf(items));
    const asked = queries.map(({ k, excludeQuery = this.facts.excludesQuery }, at) => ({
      query: codes[at] ?? new Int32Array(0),
      k,
      seen: excludeQuery ? ('removed' as const) : ('kept' as const),
    }));
    return recommender
      .recommendEach(asked)
      .map((found, at) => this.#named(found, codes[at] ?? new Int32Array(0)));
  }

  #codesOf(items: readonly string[]): Int32Array {
    const codes: number[] = [];
    for (const item of items) {
      const code = this.#names.code(item);
      if (code !== undefined) codes.push(code);
    }
    return Int32Array.from(codes);
  }

  #named({ items, scores, answeredBy }: Recommendation, query: Int32Array): ServedAnswer {
    const { scorer } = this.#model;
    return {
      items: Array.from(items, (item) => this.#names.name(item)),
      // JSON has neither NaN nor infinity.
      scores: Array.from(scores, (score) => (Number.isFinite(score) ? score : 0)),
      answeredBy: items.length === 0 ? 'nothing' : answeredBy,
      known: query.reduce((known, item) => known + (scorer.knows(item) ? 1 : 0), 0),
    };
  }
}
