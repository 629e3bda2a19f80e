/**
 * Amazon Beauty by leave-one-out, as the published tables have it: full ranking over all items, the last item is the
 * test target and the one before it the validation target, items of the query removed, pessimistic ties. The models are
 * tuned on validation, and the test part is read once, for this table.
 */
import { existsSync, readFileSync } from 'node:fs';
import { StepHarness, type HarnessOptions } from '../test/unit/support/step-harness.ts';
import { preparedFrom } from '../test/unit/support/prepared-from.ts';
import type { PreparedData } from '../src/pipeline/data/prepared-data.ts';
import type { EvaluationReport } from '../src/protocol/report.ts';
import type { BenchResult, ResultRow } from './result-row.ts';

const DATA = process.env['RECSYS_BEAUTY'] ?? '../shared/data/amazon-beauty.txt';

/** HR@10 and NDCG@10 as published (first use of the split: Kang & McAuley 2018; figures of S3-Rec, ICLRec, BSARec, WEARec). */
const PUBLISHED: readonly (readonly [string, number, number])[] = [
  ['PopRec', 0.0152, 0.0068],
  ['GRU4Rec', 0.0283, 0.0137],
  ['BERT4Rec', 0.0347, 0.017],
  ['Caser', 0.0347, 0.0176],
  ['SASRec', 0.0605, 0.0318],
  ['S3-Rec', 0.0647, 0.0327],
  ['ICLRec', 0.0744, 0.0403],
  ['BSARec', 0.1008, 0.0611],
  ['WEARec', 0.1041, 0.0614],
];

const MODELS: HarnessOptions['models'] = [
  { name: 'sequential-item-knn' },
  { name: 'prod2vec-cbow', kind: 'prod2vec', parameters: { minCount: 1 } },
  { name: 'prod2vec-skip-gram', kind: 'prod2vec', parameters: { minCount: 1, architecture: 'skip-gram' } },
  { name: 'markov' },
  { name: 'popularity' },
];

/** Lines `user item item …` in time order, items coded in the order of their first appearance. */
function readSequences(file: string): PreparedData {
  const codes = new Map<string, number>();
  const code = (item: string): number => {
    const known = codes.get(item) ?? codes.size;
    codes.set(item, known);
    return known;
  };
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  const sequences = lines.map((line) => line.split(' ').slice(1).map(code));
  return preparedFrom(sequences, { leaveOneOut: true });
}

interface Line {
  readonly name: string;
  readonly hitRate: number;
  readonly ndcg: number;
  readonly remark: string;
}

const figures = ({ hitRate, ndcg }: Pick<Line, 'hitRate' | 'ndcg'>): string =>
  `${hitRate.toFixed(4)} / ${ndcg.toFixed(4)}`;

function ourLines(report: EvaluationReport, seconds: ReadonlyMap<string, number>): Line[] {
  return report.models.map(({ name }) => {
    const value = (part: 'validation' | 'test', metric: string): number =>
      report.metrics[part][name]?.metrics[metric]?.value ?? NaN;
    const onValidation = figures({
      hitRate: value('validation', 'hitRate@10'),
      ndcg: value('validation', 'ndcg@10'),
    });
    const interval = report.metrics.test[name]?.metrics['hitRate@10'];
    const range = `[${(interval?.low ?? NaN).toFixed(4)}, ${(interval?.high ?? NaN).toFixed(4)}]`;
    return {
      name: `**${name}** (ours)`,
      hitRate: value('test', 'hitRate@10'),
      ndcg: value('test', 'ndcg@10'),
      remark: `validation ${onValidation}; 95 % of HR@10 ${range}; trained in ${(seconds.get(`train/${name}`) ?? NaN).toFixed(1)} processor seconds`,
    };
  });
}

function tableOf(lines: readonly Line[]): string {
  const head = '| model | HR@10 | NDCG@10 | remark |\n|---|---|---|---|';
  const rows = [...lines].sort((a, b) => a.hitRate - b.hitRate);
  return [
    head,
    ...rows.map(
      (line) => `| ${line.name} | ${line.hitRate.toFixed(4)} | ${line.ndcg.toFixed(4)} | ${line.remark} |`,
    ),
  ].join('\n');
}

/** Our item-kNN against each published model, as the results page shows ratios. */
function resultRows(ours: Line): ResultRow[] {
  return PUBLISHED.map(([name, hitRate, ndcg]) => ({
    what: `Amazon Beauty, test HR@10 / NDCG@10, sequential item-kNN against ${name}`,
    ours: figures(ours),
    reference: `${name} ${figures({ hitRate, ndcg })}, published`,
    ratio: ours.hitRate / hitRate,
    ...(name === 'SASRec' || name === 'S3-Rec' || name === 'ICLRec' ? { target: 1 } : {}),
  }));
}

export async function run(): Promise<BenchResult> {
  if (!existsSync(DATA)) {
    console.log(`Skipped: ${DATA} is not there (set RECSYS_BEAUTY to amazon-beauty.txt).`);
    return { rows: [], about: `Not measured: ${DATA} was not there.` };
  }
  const harness = await StepHarness.create({
    data: readSequences(DATA),
    models: MODELS,
    log: (line) => console.log(line),
  });
  try {
    const report = await harness.run();
    const lines = ourLines(report, harness.times);
    const published = PUBLISHED.map(([name, hitRate, ndcg]) => ({
      name,
      hitRate,
      ndcg,
      remark: 'published',
    }));
    console.log(tableOf([...published, ...lines]));
    const knn = lines[0];
    return {
      rows: knn === undefined ? [] : resultRows(knn),
      about:
        'Leave-one-out, full ranking, items of the query removed, pessimistic ties; one thread, deterministic.',
    };
  } finally {
    await harness.remove();
  }
}
