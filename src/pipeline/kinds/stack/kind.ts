import * as fs from 'node:fs/promises';
import { UserError } from '../../../protocol/user-error.ts';
import { readNpy, writeNpy } from '../../data/npy.ts';
import { trainingSequences } from '../../data/prepared-data.ts';
import { cutOf, type RankMetric } from '../../metrics/rank-metrics.ts';
import { tieOrder } from '../../seeded-random.ts';
import { requireJson } from '../../store/read-json.ts';
import { yieldToEventLoop } from '../../yield-to-event-loop.ts';
import { checkedParameters } from '../fitting/checked-parameters.ts';
import type { FitContext, FitResult } from '../fitting/fit-context.ts';
import { tuningMetric } from '../fitting/tuning-metric.ts';
import { validationSample } from '../fitting/validation-sample.ts';
import type { ModelKind } from '../model-kind.ts';
import type { Scorer } from '../ranking/scorer.ts';
import { chooseStage, type ChosenWeights } from './choose-weights.ts';
import { itemTable } from './features/item-features.ts';
import { LookingThreads, type LookWorkerData } from './looking-threads.ts';
import { stackMemory } from './memory.ts';
import { openView } from './open-view.ts';
import { stackParameters, type StackParameters } from './parameters.ts';
import type { QueryView } from './query-view.ts';
import { stackScorer } from './scorer.ts';
import { stackMember, type StackMember } from './stack-member.ts';
import { StackFile } from './stack-file.ts';
import { buildTable, type StackTable, type TableRequest } from './stack-table.ts';
import type { StackWeights } from './stack-weights.ts';
import { summaryOf } from './stack-summary.ts';
import { startWeights } from './start-weights.ts';
import { weightsFor } from './weights-for.ts';

const NAME = 'stack';
/** Share of the step's memory that the table of candidates may take. */
const TABLE_SHARE = 0.25;

async function membersOf(
  named: readonly { readonly name: string; readonly kind: string; readonly open: () => Promise<Scorer> }[],
  ties: Uint32Array,
): Promise<StackMember[]> {
  if (named.length < 2)
    throw new UserError(
      'A stack needs at least two models.',
      'Name models of the run with --stack-members, and train them with --models.',
    );
  const members: StackMember[] = [];
  for (const { name, kind, open } of named) members.push(stackMember(name, kind, await open(), ties));
  return members;
}

/** 100 items of each member hold the targets that count, unless a hundred items count. */
function depthFor(asked: number, metric: RankMetric): number {
  if (asked > 0) return asked;
  return cutOf(metric) > 50 ? 200 : 100;
}

async function fit(context: FitContext): Promise<FitResult> {
  const parameters = checkedParameters(NAME, stackParameters, context.parameters);
  const { data, seed, seen } = context;
  const { trainCounts, itemGroups, layout } = data;
  const metric = tuningMetric(parameters.tuneBy, context);
  const depth = depthFor(parameters.depth, metric);
  const ties = tieOrder(trainCounts.length, seed);
  const members = await membersOf(context.members, ties);
  const table = itemTable(trainingSequences(data), {
    ...{ trainCounts, itemGroups },
    timeOrdered: layout.timeOrdered,
  });
  const seenRemoved = seen === 'removed';
  const catalogue = { trainCounts, ...(itemGroups === undefined ? {} : { itemGroups }) };
  const { view, recommended } = openView({ members, table, catalogue, depth, seenRemoved, ties });
  const weighed =
    context.earlier === undefined
      ? await weighHere(context, parameters, {
          ...{ view, recommended, members, metric },
          threads: (queries) => lookingThreads(context, queries, { table, catalogue, depth, seenRemoved }),
        })
      : await takenOver(context.earlier.locate(NAME), view);
  const file: StackFile = {
    members: members.map(({ name, kind }) => ({ name, kind })),
    ...{ depth, seenRemoved, itemColumns: [...table.names] },
    ...weighed,
  };
  await context.write('itemTable', 'item-table.npy', (target) =>
    writeNpy(target, table.values, [trainCounts.length, table.names.length]),
  );
  await context.write(NAME, 'stack.json', (target) =>
    fs.writeFile(target, `${JSON.stringify(file, null, 2)}\n`),
  );
  const used: StackParameters = {
    ...parameters,
    depth,
    members: file.members.map(({ name }) => name).join(','),
  };
  return { metrics: metricsOf(file), parameters: used, members: file.members.map(({ name }) => name) };
}

/** The weights of the first training: they tell how much members are worth, which more data hardly change. */
async function takenOver(file: string, view: QueryView): Promise<Weighed> {
  const { weights: kept, chosen } = await requireJson(file, StackFile);
  const weights = weightsFor(file, view.features, kept);
  return { weights, ...(chosen === undefined ? {} : { chosen }) };
}

type Weighed = Pick<StackFile, 'weights' | 'chosen'>;

interface Weighing {
  readonly view: QueryView;
  readonly recommended: Uint8Array;
  readonly members: readonly StackMember[];
  readonly metric: RankMetric;
  readonly threads: TableRequest['threads'];
}

/** Looking at fewer queries takes no longer than opening the members once more. */
const LEAST_SHARED = 1000;

/** As many as the fit has beside its own, each with the members open. */
function lookingThreads(
  { threads, members, seed }: FitContext,
  queries: number,
  opening: Omit<LookWorkerData, 'members' | 'seed'>,
): LookingThreads | undefined {
  if (threads < 2 || queries < LEAST_SHARED) return undefined;
  const packages = members.map(({ name, kind, folder }) => ({ name, kind, folder }));
  return new LookingThreads(threads - 1, { members: packages, seed, ...opening });
}

/** Queries of one held-out sequence, at most. */
const OF_SEQUENCE = 100;
/** What looking at the candidates of validation queries may cost: 36,000 short lists, or 11,000 of sixty items. */
const WORK = 46_000;
/** Validation queries that are drawn for one that is looked at, at most: the targets of some may not be recommended. */
const DRAWN = 4;

/** Every place of a held-out sequence teaches, also where only the last one is asked. */
function fittingPositions(asked: string): string {
  return asked === 'last' ? 'every:1' : asked;
}

/** Fits the weights on validation queries. */
async function weighHere(
  context: FitContext,
  { queries }: StackParameters,
  { view, recommended, members, metric, threads }: Weighing,
): Promise<Weighed> {
  const { reporter, signal, memoryLimit } = context;
  const protocol = {
    ...context,
    positions: fittingPositions(context.positions),
    queriesPerSequence: Math.min(OF_SEQUENCE, context.queriesPerSequence || OF_SEQUENCE),
  };
  const sample = validationSample(protocol, NAME, DRAWN * queries);
  const { table, full } = await buildTable(view, sample, {
    recommended,
    queries,
    threads,
    work: WORK,
    most: Math.floor((TABLE_SHARE * memoryLimit * 2 ** 20) / Float32Array.BYTES_PER_ELEMENT),
    progress: (done, total) => reporter.progress('looking at candidates', done, total, 'queries'),
    pause: () => yieldToEventLoop(signal),
  });
  if (sample.queries.length === 0)
    reporter.warn('There are no validation queries, so the stack keeps the weights it starts with.');
  if (full)
    reporter.warn(
      `The candidates of only ${table.targets.length} validation queries fit into memory; the weights are fitted on these (--memory-limit).`,
    );
  return weigh(context, view, members, table, metric);
}

/** Chooses the weights, and says by what. */
async function weigh(
  { seed, signal, reporter }: FitContext,
  { features }: QueryView,
  members: readonly StackMember[],
  table: StackTable,
  metric: RankMetric,
): Promise<Weighed> {
  const queries = table.targets.length;
  const { values, own } = startWeights(features, members, queries > 0);
  const chosen = await chooseStage({
    ...{ table, start: values, own, metric, seed },
    progress: (stage, done, of) => reporter.progress(`weighing ${stage}`, done, of, 'choices'),
    pause: () => yieldToEventLoop(signal),
  });
  const weights = namedWeights(features, chosen);
  if (queries === 0) return { weights };
  const reached = table.targets.filter((place) => place >= 0).length;
  const figures = chosen.crossFitted.map(({ stage, value }) => `${stage} ${value.toFixed(4)}`).join(', ');
  reporter.info(
    `Weights fitted on ${queries} validation queries, ${reached} of them with their target among the candidates; cross-fitted ${metric}: ${figures}. Kept: ${chosen.stage}.`,
  );
  return {
    weights,
    chosen: { stage: chosen.stage, metric, queries, reached, crossFitted: [...chosen.crossFitted] },
  };
}

function namedWeights(
  { names, gateNames }: QueryView['features'],
  { units, weights }: ChosenWeights,
): StackWeights {
  const perFeature = gateNames.length + 1;
  return {
    features: names.map((name, f) => ({
      name,
      spread: units.features[f] ?? 1,
      weights: [...weights.subarray(f * perFeature, (f + 1) * perFeature)],
    })),
    gates: gateNames.map((name, g) => ({ name, mean: 0, spread: 1, ...units.gates[g] })),
  };
}

/** Figures for lists and tooltips. */
function metricsOf({ chosen }: StackFile): Record<string, number> {
  if (chosen === undefined) return {};
  const crossFitted = chosen.crossFitted.map(
    ({ stage, value }) => [`${stage} ${chosen.metric}`, value] as const,
  );
  return Object.fromEntries([
    ...crossFitted,
    ['targets among the candidates', chosen.reached / chosen.queries],
  ]);
}

/** A gated listwise stack of finished models of the run (docs/models.md). */
export const stack: ModelKind = {
  name: NAME,
  title: 'Stack',
  version: '3',
  description:
    'Weighs what the other models of the run say of their best items, and what the items are, by the query; the weights are fitted on validation queries.',
  parameters: stackParameters,
  queryStated: 'each member makes its query of the list by its own rule; weights go by the list',
  parallel: true,
  composite: true,
  recommendsNewItems: true,
  fits: () => true,
  memory: stackMemory,
  fit,
  async open({ catalogue, locate, openMember, seed }) {
    const [file, values] = await Promise.all([
      requireJson(locate(NAME), StackFile),
      readNpy(locate('itemTable'), Float32Array),
    ]);
    const { trainCounts, itemGroups } = catalogue;
    const { depth, seenRemoved } = file;
    const named = file.members.map((member) => ({ ...member, open: () => openMember(member) }));
    const ties = tieOrder(trainCounts.length, seed);
    const members = await membersOf(named, ties);
    const table = { names: file.itemColumns, values: values.array };
    const { view, recommended } = openView({ members, table, catalogue, depth, seenRemoved, ties });
    const weights = weightsFor(locate(NAME), view.features, file.weights);
    return stackScorer({ members, view, weights, recommended, trainCounts, itemGroups, seed });
  },
  composition: {
    artifact: NAME,
    read: async (file) => ({ stack: summaryOf(await requireJson(file, StackFile)) }),
  },
};
