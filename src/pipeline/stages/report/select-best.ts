import type { PairedTest, Selection } from '../../../protocol/report.ts';
import { pairedTest } from '../../metrics/paired-test.ts';
import { pointOf, type Replicates } from '../../metrics/bootstrap.ts';
import type { RankMetric } from '../../metrics/rank-metrics.ts';

/** A model as the selection sees it: its replicates on validation. */
export interface Contender {
  readonly name: string;
  readonly hasVectors: boolean;
  readonly replicates: Replicates;
}

/** Finer metrics, by which models with equal figures are put in order: in small catalogues several have a hit rate of 1. */
const FINER: readonly RankMetric[] = ['ndcg@100', 'mrr@100'];

/** The metric that tells two models apart; undefined where all figures are equal. */
function deciding(a: Contender, b: Contender, metric: RankMetric): RankMetric | undefined {
  return [metric, ...FINER].find((name) => pointOf(a.replicates, name) !== pointOf(b.replicates, name));
}

/** The better first; 0 where all figures are equal. */
function byFigures(a: Contender, b: Contender, metric: RankMetric): number {
  const decides = deciding(a, b, metric);
  return decides === undefined ? 0 : pointOf(b.replicates, decides) - pointOf(a.replicates, decides);
}

/**
 * Chooses the best on validation and says how sure that is. Where figures are equal finer ones decide, and last the order
 * of the run's models.
 */
export function selectBest(contenders: readonly Contender[], metric: RankMetric): Selection {
  const order = [...contenders].sort((a, b) => byFigures(a, b, metric));
  const [best, runnerUp] = order;
  if (best === undefined) throw new Error('there is no model to choose from');
  const embedding = order.find(({ hasVectors }) => hasVectors);
  if (hitsNothing(best, metric))
    return {
      metric,
      best: best.name,
      ...(embedding === undefined ? {} : { bestEmbedding: embedding.name }),
      why: `No model hits any validation target, so no figures choose between them: ${best.name} is only the first of the run.`,
    };
  const value = pointOf(best.replicates, metric);
  const why =
    runnerUp === undefined
      ? `${best.name} is the only model; ${metric} ${figure(value)} on validation.`
      : `${best.name} has the best ${metric} on validation, ${figure(value)}; ${lead(best, runnerUp, metric)}.`;
  return {
    metric,
    best: best.name,
    ...(embedding === undefined ? {} : { bestEmbedding: embedding.name }),
    ...(runnerUp === undefined ? {} : { runnerUp: runnerUp.name }),
    why: why + embeddingSentence(order, embedding, best, metric),
  };
}

/** Whether all figures of the best are zero: then so are those of all others. */
function hitsNothing({ replicates }: Contender, metric: RankMetric): boolean {
  return [metric, ...FINER].every((name) => pointOf(replicates, name) === 0);
}

const figure = (value: number): string => value.toFixed(4);

function lead(best: Contender, other: Contender, metric: RankMetric): string {
  const decides = deciding(best, other, metric);
  if (decides === undefined) return `${other.name} has the same figures, and the order of the run decides`;
  const test = pairedTest(best, other, decides);
  const finer = decides === metric ? '' : `the same as ${other.name}, but by ${decides} `;
  return `${finer}${figure(test.difference)} ahead of ${other.name}; ${verdict(test)}`;
}

/** Whether a paired difference is within noise, in words. */
export function verdict({ low, high, p }: PairedTest): string {
  const within = low <= 0 && high >= 0;
  return `the difference is ${within ? 'within noise' : 'beyond noise'} (95 % interval ${figure(low)} to ${figure(high)}, p ${p < 0.01 ? p.toFixed(3) : p.toFixed(2)})`;
}

/** Among several models with vectors: by how much the best of them leads, where that was not said already. */
function embeddingSentence(
  order: readonly Contender[],
  embedding: Contender | undefined,
  best: Contender,
  metric: RankMetric,
): string {
  if (embedding === undefined || embedding === best) return '';
  const next = order.filter(({ hasVectors }) => hasVectors)[1];
  const against = next === undefined ? 'the only one' : lead(embedding, next, metric);
  return ` Of the models with vectors the best is ${embedding.name}, ${figure(pointOf(embedding.replicates, metric))}; ${against}.`;
}
