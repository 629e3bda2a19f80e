import { CandidateTable } from '../fitting/candidate-table.ts';
import { CHUNK } from '../fitting/validation-sample.ts';
import type { Candidates } from '../ranking/scorer.ts';
import { Recommender, type ScoredQuery } from '../ranking/recommender.ts';
import { TopSelector } from '../ranking/top-selector.ts';
import type { WeightMeasuring } from './weight-measuring.ts';
import { encoderScorer, newestPlaces, NO_REPEATS } from './scorer.ts';
import { biasOf, WEIGHTS, type EncoderWeightValues } from './weight-parts.ts';

/** Strongest candidates of a query that are kept, of the trained items and of the cold ones. */
const CANDIDATES = 600;
const COLD_CANDIDATES = 200;

/**
 * The candidates that are strongest with given weights, from which to choose others. The bonuses of a query's own items are
 * parts of their own, and not in the scores.
 */
export async function gatherCandidates(
  measuring: WeightMeasuring,
  weights: EncoderWeightValues,
): Promise<CandidateTable> {
  const { model, signals, temperature, deterministic, trainCounts, sample, seed } = measuring;
  const bias = biasOf(model, signals, weights);
  const scoring = { temperature, bias, repeats: NO_REPEATS };
  const scorer = encoderScorer(model, scoring, trainCounts.length, deterministic);
  const recommender = new Recommender({ scorer, trainCounts, seed });
  const gathering = new CandidateGathering(measuring, bias, recommender.ties);
  for (let first = 0; first < sample.queries.length; first += CHUNK) {
    const chunk = sample.queries.slice(first, first + CHUNK);
    recommender.scoreEach(chunk, recommender.ownRule, (i, scored) =>
      gathering.add(
        { query: chunk[i] ?? new Int32Array(0), target: sample.targets[first + i] ?? -1 },
        scored,
      ),
    );
    await measuring.pause();
  }
  return gathering.table;
}

interface AskedQuery {
  readonly query: Int32Array;
  /** Item code. */
  readonly target: number;
}

/** Makes the table query by query. */
class CandidateGathering {
  readonly table = new CandidateTable(WEIGHTS.length + 1);
  private readonly measuring: WeightMeasuring;
  private readonly bias: Float32Array;
  private readonly selector: TopSelector;
  private readonly parts = new Float64Array(WEIGHTS.length + 1);

  /** @param bias is in the scores; the parts are without it */
  constructor(measuring: WeightMeasuring, bias: Float32Array, ties: Uint32Array) {
    this.measuring = measuring;
    this.bias = bias;
    this.selector = new TopSelector(ties);
  }

  /** @param scored without the bonuses of the query's own items */
  add({ query, target: item }: AskedQuery, { candidates, known }: ScoredQuery): void {
    const { table, selector } = this;
    const { model, sample } = this.measuring;
    const target = candidates.slotOf[item] ?? -1;
    const places = newestPlaces(query, candidates.slotOf);
    if (!known || target < 0 || (sample.seenRemoved && places.has(target))) {
      table.addMiss();
      return;
    }
    const add = (row: number): void => this.addRow(row, candidates.scores[row] ?? 0, places.get(row));
    const addBest = (from: number, count: number, most: number): void => {
      for (const slot of selector.selectSlots(partOf(candidates, from, count), most)) {
        const row = from + slot;
        if (row !== target && !places.has(row)) add(row);
      }
    };
    add(target);
    addBest(0, model.trained, CANDIDATES);
    const cold = model.recommended - model.trained;
    if (cold > 0) addBest(model.trained, cold, COLD_CANDIDATES);
    if (!sample.seenRemoved) for (const row of places.keys()) if (row !== target) add(row);
    table.endQuery();
  }

  /** Adds one row with the parts of its score, as `WEIGHTS` orders them. */
  private addRow(row: number, score: number, lag: number | undefined): void {
    const { parts, bias } = this;
    const { model, signals } = this.measuring;
    parts.fill(0);
    parts[0] = score - (bias[row] ?? 0);
    const item = model.items[row] ?? 0;
    if (row >= model.trained) parts[4] = 1;
    else {
      parts[1] = signals.prior[item] ?? 0;
      parts[2] = signals.trends?.recent[item] ?? 0;
      parts[3] = signals.trends?.late[item] ?? 0;
    }
    if (lag !== undefined) parts[5 + lag] = 1;
    this.table.addCandidate(parts);
  }
}

/** A stretch of the candidates; their slots count from its start. */
function partOf(candidates: Candidates, from: number, count: number): Candidates {
  const scan = candidates.scan?.part(from, count);
  return {
    items: candidates.items.subarray(from, from + count),
    scores: candidates.scores.subarray(from, from + count),
    count,
    slotOf: candidates.slotOf,
    ...(scan === undefined ? {} : { scan }),
  };
}
