import * as fs from 'node:fs/promises';
import type { ExplainedRanking } from '../../../../protocol/explanation.ts';
import type { Composition, ModelResult } from '../../../../protocol/report.ts';
import { UserError } from '../../../../protocol/user-error.ts';
import { writeNpy } from '../../../data/npy.ts';
import type { PreparedData } from '../../../data/prepared-data.ts';
import type { StepDefinition } from '../../../flow/flow-definition.ts';
import type { StepContext } from '../../../flow/step-context.ts';
import type { QuerySet } from '../../../metrics/queries.ts';
import { RecommendedItems } from '../../../metrics/recommended-items.ts';
import type { ModelKind } from '../../../kinds/model-kind.ts';
import type { SeenItems } from '../../../kinds/ranking/ranker.ts';
import type { Recommender } from '../../../kinds/ranking/recommender.ts';
import { modelKind } from '../../../kinds/registry.ts';
import { yieldToEventLoop } from '../../../yield-to-event-loop.ts';
import type { ModelFile } from '../../../model/model-file.ts';
import { askedOf } from '../asked.ts';
import { refits, testedData } from '../refit/refits.ts';
import { packageOf } from '../package-of.ts';
import { evaluateBytes, rankingThreads, requireMemoryFor } from '../memory-of-models.ts';
import { branchOf } from '../branch-of.ts';
import { preparedInput } from '../prepared-input.ts';
import { EVALUATED, type BranchResult } from './branch-result.ts';
import { rankAllItems, type AllItemsRanks } from './all-items.ts';
import { explainQueries } from './explain-queries.ts';
import { heldOutQueries, QUERY_PARAMETERS } from './held-out-queries.ts';
import { modelResult } from './model-result.ts';
import { namesOf } from '../../../model/names-of.ts';
import { openModel, requireParity } from '../../../model/open-model.ts';
import { querySample } from './query-sample.ts';
import type { ListOptions } from './query-ranking.ts';
import { rankQueries } from './rank-queries.ts';
import { RankingThreads, type OpenRankingThreads } from './ranking-threads.ts';
import type { RuleRanks } from './rule-ranks.ts';
import { tutorialRanks } from './tutorial-rule.ts';

type Part = 'validation' | 'test';
const PARTS = ['validation', 'test'] as const;

/** A package, and the data as its model was trained on them. */
interface Trained {
  readonly folder: string;
  readonly data: PreparedData;
}

interface Evaluation {
  readonly context: StepContext;
  readonly name: string;
  readonly kind: ModelKind;
  readonly data: PreparedData;
  readonly recommender: Recommender;
  readonly allItems: AllItemsRanks | undefined;
  readonly threads: RankingThreads | undefined;
}

/** Ranks by the model's own rule on all queries, by its other rules on a sample. */
async function rankByRules(
  { context, recommender, threads }: Evaluation,
  queries: QuerySet,
  part: Part,
  lists: ListOptions,
): Promise<RuleRanks[]> {
  const { reporter, signal, seed } = context;
  const { queryRules } = recommender.scorer;
  const all = queries.targets.length;
  const subset = querySample(all, part, seed);
  const total = all + (queryRules.length - 1) * (subset?.length ?? all);
  let before = 0;
  const pause = (done: number): Promise<void> => {
    reporter.progress(`ranking ${part}`, before + done, total, 'queries');
    return yieldToEventLoop(signal);
  };
  const rules: RuleRanks[] = [];
  for (const rule of queryRules) {
    const asked = rules.length === 0 ? { lists } : subset === undefined ? {} : { subset };
    rules.push(await rankQueries(recommender, queries, rule, { pause, threads, ...asked }));
    before += rules.length === 1 ? all : (subset?.length ?? all);
  }
  return rules;
}

async function evaluatePart(evaluation: Evaluation, part: Part): Promise<ModelResult> {
  const { context, data, recommender, kind, allItems } = evaluation;
  const { queryStated } = kind;
  const { seed } = context;
  const queries = heldOutQueries(context, data, part);
  const { seen } = askedOf(context, data);
  const lists = new RecommendedItems(data.trainCounts, data.catalogue);
  const rules = await rankByRules(evaluation, queries, part, { seen, into: lists });
  const lastItem = rules.find(({ rule }) => rule === 'last-item');
  const tutorial = lastItem === undefined ? undefined : tutorialRanks(recommender, queries, lastItem, seed);
  const headline = rules[0]?.[seen] ?? new Int32Array(0);
  await context.write(EVALUATED.ranks[part], `ranks-${part}.npy`, (file) => writeNpy(file, headline));
  if (part === 'test' && kind.composite === true) await explain(evaluation, queries, headline, seen);
  const recommends = (item: number): boolean => recommender.scorer.recommends(item);
  const { trainCounts } = data;
  return modelResult({
    ...{ queries, trainCounts, rules, tutorial, seen, lists, queryStated, recommends },
    allItems: allItems?.[part],
  });
}

/** Leaves why a model that is made of others ranks some queries as it does. */
async function explain(
  { context, name, recommender }: Evaluation,
  queries: QuerySet,
  ranks: Int32Array,
  seen: SeenItems,
): Promise<void> {
  const { seed, reporter, signal, manifest } = context;
  const pause = (done: number, of: number): Promise<void> => {
    reporter.progress('explaining lists', done, of, 'queries');
    return yieldToEventLoop(signal);
  };
  const items = context.locate('prepare', 'items');
  const explained = await explainQueries({ recommender, queries, ranks, seen, seed, pause }, async (codes) =>
    items === undefined ? new Map() : namesOf(items, codes),
  );
  if (explained === undefined) return;
  const { group } = manifest.spec;
  const ranking: ExplainedRanking = {
    ...{ format: 1, model: name },
    ...(group === undefined ? {} : { groupName: group }),
    ...explained,
  };
  await context.write(EVALUATED.explained, 'explained.json', (file) =>
    fs.writeFile(file, `${JSON.stringify(ranking)}\n`),
  );
}

/** What a composite model is made of, as its training left it. */
async function compositionOf(
  kind: ModelKind,
  locate: (artifact: string) => string | undefined,
): Promise<Composition> {
  const file = kind.composition === undefined ? undefined : locate(kind.composition.artifact);
  return kind.composition === undefined || file === undefined ? {} : kind.composition.read(file);
}

/** The kind's title, with the data's own word for the groups where it speaks of them. */
function titleIn({ manifest }: StepContext, kind: ModelKind): string {
  const { group } = manifest.spec;
  return group === undefined ? kind.title : (kind.titleOf?.(group) ?? kind.title);
}

/** What was measured of a model, and what it is. */
interface Measured {
  readonly results: Partial<Record<Part, ModelResult>>;
  readonly vocabulary: number;
  readonly hasVectors: boolean;
  readonly parameters: ModelFile['parameters'];
}

/** As many threads for a model that is made of others as it was given and there is memory for; others are ranked on one. */
async function threadsFor(
  context: StepContext,
  kind: ModelKind,
  { trainCounts, catalogue }: PreparedData,
): Promise<OpenRankingThreads> {
  const others = kind.composite === true ? (await rankingThreads(context, context.memoryLimit)) - 1 : 0;
  return (opened) =>
    others < 1 ? undefined : new RankingThreads(others, { ...opened, trainCounts, catalogue });
}

async function measureParts(
  context: StepContext,
  kind: ModelKind,
  { folder, data }: Trained,
  parts: readonly Part[],
): Promise<Measured> {
  const openThreads = await threadsFor(context, kind, data);
  const allItems =
    kind.recommendsNewItems === true
      ? await rankAllItems(context, data, folder, parts, openThreads)
      : undefined;
  const threads = openThreads({ folder, allKnown: false });
  try {
    const opened = await openModel(folder, { verified: true });
    await requireParity(opened);
    const { recommender, file } = opened;
    const evaluation = { context, name: file.name, kind, data, recommender, allItems, threads };
    const results: Partial<Record<Part, ModelResult>> = {};
    for (const part of parts) results[part] = await evaluatePart(evaluation, part);
    const { vocabulary, vectors } = recommender.scorer;
    return { results, vocabulary, hasVectors: vectors !== undefined, parameters: file.parameters };
  } finally {
    await threads?.dispose();
  }
}

/** The package that the test part is asked of, where it is another one than that of the validation part. */
async function trainedAgain(
  context: StepContext,
  branch: { readonly name: string },
  data: PreparedData,
): Promise<Trained | undefined> {
  if (!refits(context.manifest)) return undefined;
  const { folder } = await packageOf(context, 'refit', branch.name);
  return { folder, data: testedData(context, data) };
}

/**
 * Evaluates one trained model on both held-out parts: on the test part as it was trained again, where the run does that.
 */
export async function evaluateModel(
  context: StepContext,
  branch: { readonly name: string; readonly kind: string },
): Promise<void> {
  requireMemoryFor('Evaluating', branch.name, await evaluateBytes(context), context.memoryLimit);
  const kind = modelKind(branch.kind);
  const data = await preparedInput(context);
  const folder = context.locateFolder('train');
  if (folder === undefined)
    throw new UserError(`Model ${branch.name} was not trained.`, 'See why its training failed: recsys logs');
  const again = await trainedAgain(context, branch, data);
  const first = await measureParts(
    context,
    kind,
    { folder, data },
    again === undefined ? PARTS : ['validation'],
  );
  const last = again === undefined ? first : await measureParts(context, kind, again, ['test']);
  const { validation } = first.results;
  const { test } = last.results;
  if (validation === undefined || test === undefined) throw new Error('a part was not measured');
  const results = { validation, test };
  const { vocabulary, hasVectors, parameters } = last;
  const step = again === undefined ? 'train' : 'refit';
  const model = {
    name: branch.name,
    kind: branch.kind,
    title: titleIn(context, kind),
    hasVectors,
    parameters,
    vocabulary,
    seconds: 0,
    ...(await compositionOf(kind, (artifact) => context.locate(step, artifact))),
  };
  const result: BranchResult = { format: 1, model, ...results };
  for (const part of PARTS) {
    for (const metric of ['hitRate@10', 'hitRate@100', 'ndcg@10'])
      context.metric(`${part} ${metric}`, results[part].metrics[metric]?.value ?? 0);
  }
  await context.write(EVALUATED.result, 'result.json', (file) =>
    fs.writeFile(file, `${JSON.stringify(result)}\n`),
  );
}

/** Evaluates one model of the run on both held-out parts. */
export const evaluateStep: StepDefinition = {
  name: 'evaluate',
  title: 'Evaluate',
  needs: ['prepare', 'train', 'refit'],
  foreach: (manifest) => manifest.models,
  apart: true,
  uses: [...QUERY_PARAMETERS, 'deterministic'],
  version: '10',
  shared: false,
  parallel: (branch) => branch !== undefined && modelKind(branch.kind).composite === true,
  weight: (branch) => (branch !== undefined && modelKind(branch.kind).parallel ? 3 : 1),
  memory: evaluateBytes,
  run: (context) => evaluateModel(context, branchOf(context)),
};
