/** What the kinds that count, and so are tuned without training, have in common. */
import type { ParameterValue } from '../../../protocol/parameters.ts';
import type { RankMetric } from '../../metrics/rank-metrics.ts';
import type { CoordinateSearchResult } from './coordinate-search.ts';
import type { FitContext, ValidationProtocol } from './fit-context.ts';
import { yieldToEventLoop } from '../../yield-to-event-loop.ts';
import { tuningMetric } from './tuning-metric.ts';

export interface CountTuning<Index, Parameters> {
  /** What the validation queries are made of. */
  readonly validation: ValidationProtocol;
  readonly index: Index;
  readonly start: Parameters;
  /** Parameters the user gave: they stay. */
  readonly fixed: ReadonlySet<string>;
  readonly metric: RankMetric;
  readonly ties: Uint32Array;
  progress(done: number, total: number): Promise<void> | undefined;
}

export interface TunedCounts<Parameters> extends CoordinateSearchResult<Parameters> {
  readonly queries: number;
}

interface Tunable<Index, Parameters> {
  readonly index: Index;
  readonly start: Parameters;
  readonly ties: Uint32Array;
  readonly tune: (input: CountTuning<Index, Parameters>) => Promise<TunedCounts<Parameters>>;
}

/** The start as it is, or with `tune` what a search on validation finds, by `tuneBy` or NDCG@100. */
export async function tunedIfAsked<
  Index,
  Parameters extends Readonly<Record<string, ParameterValue>> & { tune: boolean; tuneBy: string },
>(
  context: FitContext,
  { index, start, ties, tune }: Tunable<Index, Parameters>,
): Promise<{ parameters: Parameters; metrics: Record<string, number> }> {
  if (!start.tune) return { parameters: start, metrics: {} };
  const { reporter } = context;
  const metric = tuningMetric(start.tuneBy, context);
  const { parameters, value, queries } = await tune({
    ...{ validation: context, index, start, metric, ties },
    fixed: new Set(context.given),
    progress: (done, total) => {
      reporter.progress('tuning on validation', done, total, 'settings');
      return yieldToEventLoop(context.signal);
    },
  });
  reporter.info(
    `Tuned on ${queries} validation queries: ${metric} ${value.toFixed(4)} with ${JSON.stringify(parameters)}.`,
  );
  return { parameters, metrics: { [`tuning ${metric}`]: value, 'tuning queries': queries } };
}
