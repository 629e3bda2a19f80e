/** What is asked of a served model, and what it answers, by the names of items. */
export interface ServedQuery {
  /** The oldest first; names that no item has are passed over. */
  readonly items: readonly string[];
  readonly k: number;
  /** Whether the query's own items are left out of the list. Absent: as the model was evaluated. */
  readonly excludeQuery?: boolean;
}

export interface ServedAnswer {
  /** Names, the best first. */
  readonly items: readonly string[];
  /** One an item; 0 where popularity fills up the model's own list. */
  readonly scores: readonly number[];
  readonly answeredBy: 'model' | 'popularity' | 'nothing';
  /** How many of the query's items the model knows. */
  readonly known: number;
}

/** What a server says of the model it has opened. */
export interface ServedFacts {
  readonly name: string;
  readonly kind: string;
  /** Items it has names for. */
  readonly items: number;
  /** How it makes a query of a list, in words. */
  readonly queryStated: string;
  /** Whether a list leaves out the query's own items unless told otherwise. */
  readonly excludesQuery: boolean;
}
