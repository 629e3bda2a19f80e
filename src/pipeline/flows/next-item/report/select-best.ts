import type { Selection } from '../../../../protocol/report.ts';
import { valueOf, type ClusteredRanks } from '../../../metrics/clustered-ranks.ts';
import type { RankMetric } from '../../../metrics/rank-metrics.ts';

/** A model as the selection sees it: its ranks on validation. */
export interface Contender {
  readonly name: string;
  readonly hasVectors: boolean;
  readonly ranks: ClusteredRanks;
}

/** Finer metrics, by which models with equal figures are put in order: in small catalogues several have a hit rate of 1. */
const FINER: readonly RankMetric[] = ['ndcg@100', 'mrr@100'];

/** The metric that tells two models apart; undefined where all figures are equal. */
function deciding(a: Contender, b: Contender, metric: RankMetric): RankMetric | undefined {
  return [metric, ...FINER].find((name) => valueOf(a.ranks, name) !== valueOf(b.ranks, name));
}

/** The better first; 0 where all figures are equal. */
function byFigures(a: Contender, b: Contender, metric: RankMetric): number {
  const decides = deciding(a, b, metric);
  return decides === undefined ? 0 : valueOf(b.ranks, decides) - valueOf(a.ranks, decides);
}

/**
 * Chooses the best on validation. Where figures are equal finer ones decide, and last the order of the run's models. How
 * sure it is that the best is better is no matter of validation, which also chose weights and settings: the verdict on
 * the test part says.
 */
export function selectBest(contenders: readonly Contender[], metric: RankMetric): Selection {
  const order = [...contenders].sort((a, b) => byFigures(a, b, metric));
  const [best, runnerUp] = order;
  if (best === undefined) throw new Error('there is no model to choose from');
  const embedding = order.find(({ hasVectors }) => hasVectors);
  const chosen = {
    metric,
    best: best.name,
    ...(embedding === undefined ? {} : { bestEmbedding: embedding.name }),
  };
  if (hitsNothing(best, metric))
    return {
      ...chosen,
      none: true,
      why: `No model hits any validation target, so no figures choose between them: ${best.name} is only the first of the run.`,
    };
  return {
    ...chosen,
    ...(runnerUp === undefined ? {} : { runnerUp: runnerUp.name }),
    why: reasonOf(best, runnerUp, metric) + embeddingSentence(embedding, best, metric),
  };
}

/** Whether all figures of the best are zero: then so are those of all others. */
function hitsNothing({ ranks }: Contender, metric: RankMetric): boolean {
  return [metric, ...FINER].every((name) => valueOf(ranks, name) === 0);
}

const figure = ({ ranks }: Contender, metric: RankMetric): string => valueOf(ranks, metric).toFixed(4);

function reasonOf(best: Contender, next: Contender | undefined, metric: RankMetric): string {
  const own = figure(best, metric);
  if (next === undefined) return `${best.name} is the only model; ${metric} ${own} on validation.`;
  const decides = deciding(best, next, metric);
  if (decides === undefined)
    return `${best.name} has the best ${metric} on validation, ${own}; ${next.name} has the same figures, and the order of the run decides.`;
  if (decides !== metric)
    return `${best.name} has the best ${metric} on validation, ${own}, the same as ${next.name}, but a better ${decides}: ${figure(best, decides)} to ${figure(next, decides)}.`;
  return `${best.name} has the best ${metric} on validation, ${own}, where ${next.name} comes next with ${figure(next, metric)}.`;
}

function embeddingSentence(embedding: Contender | undefined, best: Contender, metric: RankMetric): string {
  if (embedding === undefined || embedding === best) return '';
  return ` Of the models with vectors the best is ${embedding.name}, ${figure(embedding, metric)}.`;
}
