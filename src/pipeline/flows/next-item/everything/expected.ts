import { rankedAmong } from '../../../../protocol/ranked-among.ts';
import type { EvaluationReport } from '../../../../protocol/report.ts';
import type { RunManifest } from '../../../../protocol/run.ts';
import { oneOrMany } from '../../../../protocol/text/format.ts';
import type { ModelFile } from '../../../model/model-file.ts';
import { refits } from '../refit/refits.ts';

type Protocol = EvaluationReport['protocol'];
type Expected = NonNullable<NonNullable<ModelFile['everything']>['expected']>;

function asked({ queries, sequences, clusters, positions, seen }: Protocol): string {
  const counted = oneOrMany(queries.test, '1 query', (count) => `${count} queries`);
  const of = oneOrMany(sequences.test, '1 sequence', (count) => `${count} sequences`);
  const drawn = clusters === undefined ? '' : `, with 95 % intervals over ${clusters.unit}`;
  return `Measured on the test part, before the model saw it: ${counted} of ${of} (targets ${positions}, seen items ${seen})${drawn}.`;
}

/** What the run measured of a model on the test part; undefined where it did not. */
export function expectedOf(
  manifest: RunManifest,
  { metrics, protocol }: EvaluationReport,
  model: string,
): Expected | undefined {
  const measured = metrics.test[model];
  if (measured === undefined) return undefined;
  return {
    trainedOn: refits(manifest) ? ['train', 'validation'] : ['train'],
    protocol: [asked(protocol), ...rankedAmong(protocol, 'test')],
    test: measured.metrics,
  };
}
