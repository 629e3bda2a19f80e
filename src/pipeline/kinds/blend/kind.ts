import * as fs from 'node:fs/promises';
import { BlendSummary, type LeftOutMember } from '../../../protocol/report.ts';
import type { ParameterValue } from '../../../protocol/parameters.ts';
import { EXIT, UserError } from '../../../protocol/user-error.ts';
import { readNpy, writeNpy } from '../../data/npy.ts';
import { requireJson } from '../../store/read-json.ts';
import { checkedParameters } from '../fitting/checked-parameters.ts';
import type { FitContext, FitResult, Member } from '../fitting/fit-context.ts';
import type { ModelKind } from '../model-kind.ts';
import { yieldToEventLoop } from '../../yield-to-event-loop.ts';
import { tuningMetric } from '../fitting/tuning-metric.ts';
import { validationSample } from '../fitting/validation-sample.ts';
import { blendParameters, type BlendParameters } from './parameters.ts';
import { columnsOf } from './columns-of.ts';
import { dropMembers } from './drop-members.ts';
import { blendItems, blendScorer } from './scorer.ts';
import { measureBlends } from './measure-blend.ts';
import { searchBlend } from './search-weights.ts';
import { blendBias, itemSignals, type BlendSearch, type BlendWeights } from './weighting.ts';

/** Validation queries the weights are chosen on, at most. */
const QUERIES = 3000;
/** By leave-one-out each sequence is worth one query only. */
const QUERIES_OF_ONE = 6000;

/** `blend.json`. */
function readSummary(file: string): Promise<BlendSummary> {
  return requireJson(file, BlendSummary);
}

async function fit(context: FitContext): Promise<FitResult> {
  const parameters = checkedParameters('blend', blendParameters, context.parameters);
  const { opened, search, weights, leftOut, told } = await compose(context, parameters);
  const summary = told ?? {
    ...(await summarise(search, weights, opened)),
    ...(leftOut.length === 0 ? {} : { leftOut }),
  };
  await write(context, summary, { items: search.items, bias: blendBias(search, weights) });
  const used: BlendParameters = {
    ...parameters,
    members: opened.map(({ member }) => member.name).join(','),
    weights: weights.members.map((weight) => String(Number(weight.toPrecision(4)))).join(','),
    priorWeight: weights.prior,
    coldWeight: weights.cold,
  };
  return {
    metrics: metricsOf(summary),
    parameters: used,
    members: opened.map(({ member }) => member.name),
  };
}

interface Opened {
  readonly member: Member;
  readonly scorer: Awaited<ReturnType<Member['open']>>;
}

/** The members, the dense one with the most items first: it is the anchor. @param least how many there must be */
async function openMembers(members: readonly Member[], least: number): Promise<Opened[]> {
  if (members.length < least)
    throw new UserError(
      'A blend needs at least two models.',
      'Name models of the run with --blend-members, and train them with --models.',
    );
  const opened: Opened[] = [];
  for (const member of members) opened.push({ member, scorer: await member.open() });
  const size = ({ scorer }: Opened): number => (scorer.shape === 'dense' ? scorer.vocabulary : 0);
  return opened.sort((a, b) => size(b) - size(a));
}

function searchOf(context: FitContext, { tuneBy }: BlendParameters, opened: readonly Opened[]): BlendSearch {
  const { data, seed, signal, reporter } = context;
  const { trainCounts, layout } = data;
  const scorers = opened.map(({ scorer }) => scorer);
  const items = blendItems(scorers, trainCounts.length);
  const most = layout.leaveOneOut ? QUERIES_OF_ONE : QUERIES;
  return {
    scorers,
    items,
    ...itemSignals(items, data),
    sample: validationSample(context, 'blend', most),
    metric: tuningMetric(tuneBy, context),
    trainCounts,
    seed,
    progress: (done, total) => reporter.progress('choosing weights on validation', done, total, 'queries'),
    pause: () => yieldToEventLoop(signal),
  };
}

/**
 * Weights a person gave: one for each model, in the order of the names; undefined where they are tuned.
 * @throws UserError when there are more or fewer
 */
function weightsOf(weights: ParameterValue | undefined, names: readonly string[]): number[] | undefined {
  if (weights === undefined || weights === 'tune') return undefined;
  const values = String(weights).split(',').map(Number);
  if (values.length === names.length && values.every(Number.isFinite)) return values;
  throw new UserError(
    `The blend is made of ${names.length} models and got the weights ${String(weights)}.`,
    `Give --blend-weights one number for each of them, in this order: ${names.join(', ')}.`,
    { exitCode: EXIT.usage },
  );
}

/** @param members in the order in which they were named; a kind's name stands for all its models of the run */
function givenWeights(
  { weights, priorWeight, coldWeight }: BlendParameters,
  members: readonly Member[],
  opened: readonly Opened[],
): BlendWeights | undefined {
  const names = members.map(({ name }) => name);
  const values = weightsOf(weights, names);
  if (values === undefined) return undefined;
  return {
    members: opened.map(({ member }) => values[names.indexOf(member.name)] ?? 0),
    prior: priorWeight,
    cold: coldWeight,
  };
}

interface Composed {
  readonly opened: readonly Opened[];
  readonly search: BlendSearch;
  readonly weights: BlendWeights;
  readonly leftOut: LeftOutMember[];
  /** What the first training told of it. */
  readonly told?: BlendSummary;
}

/** As the first training left it: its members and weights, and what validation told of them. */
async function takenOver(context: FitContext, parameters: BlendParameters, file: string): Promise<Composed> {
  const opened = await openMembers(context.members, 1);
  const told = await readSummary(file);
  const weightOf = (name: string): number => told.members.find((member) => member.name === name)?.weight ?? 0;
  const members = opened.map(({ member }) => weightOf(member.name));
  const { priorWeight: prior = 0, coldWeight: cold = 0 } = told;
  const search = searchOf(context, parameters, opened);
  return { opened, search, weights: { members, prior, cold }, leftOut: [], told };
}

/** Weights as given, or chosen on validation; then members that add nothing are left out. */
async function compose(context: FitContext, parameters: BlendParameters): Promise<Composed> {
  if (context.earlier !== undefined) return takenOver(context, parameters, context.earlier.locate('blend'));
  const opened = await openMembers(context.members, 2);
  const search = searchOf(context, parameters, opened);
  const fixed = givenWeights(parameters, context.members, opened);
  if (fixed !== undefined) return { opened, search, weights: fixed, leftOut: [] };
  if (search.sample.queries.length === 0) {
    context.reporter.warn('There are no validation queries, so all members of the blend weigh the same.');
    return { opened, search, weights: { members: opened.map(() => 1), prior: 0, cold: 0 }, leftOut: [] };
  }
  const { weights, leftOut } = await dropMembers(search, await searchBlend(search));
  if (leftOut.length === 0) return { opened, search, weights, leftOut: [] };
  const stays = (_: unknown, m: number): boolean => !leftOut.some(({ member }) => member === m);
  const kept = opened.filter(stays);
  const members = weights.members.filter(stays);
  const names = leftOut.flatMap(({ member: m, adds, errors }): LeftOutMember[] => {
    const member = opened[m]?.member;
    return member === undefined ? [] : [{ name: member.name, kind: member.kind, adds, errors }];
  });
  context.reporter.info(leftOutText(names, search.metric));
  // Items that only those left out know are no items of the blend.
  return {
    opened: kept,
    search: searchOf(context, parameters, kept),
    weights: { ...weights, members },
    leftOut: names,
  };
}

function leftOutText(leftOut: readonly LeftOutMember[], metric: string): string {
  const each = leftOut.map(
    ({ name, adds, errors }) => `${name} (${adds.toFixed(4)}, ${errors.toFixed(1)} standard errors)`,
  );
  return `Left out of the blend, for adding at most one standard error of ${metric} on validation: ${each.join(', ')}.`;
}

/** The members with their weights; with validation queries, what the blend, each member and the blend without it reach. */
async function summarise(
  search: BlendSearch,
  weights: BlendWeights,
  opened: readonly Opened[],
): Promise<BlendSummary> {
  const parts = opened.map(({ member: { name, kind } }, i) => ({
    name,
    kind,
    weight: weights.members[i] ?? 0,
  }));
  const priorWeight = weights.prior;
  const coldWeight = weights.cold;
  const queries = search.sample.queries.length;
  if (queries === 0) return { members: parts, priorWeight, coldWeight };
  const alone = parts.map((_, i) => ({
    members: parts.map((__, j) => (i === j ? 1 : 0)),
    prior: 0,
    cold: 0,
  }));
  const without = parts.map((_, i) => ({ ...weights, members: weights.members.with(i, 0) }));
  const { values } = await measureBlends(search, [weights, ...alone, ...without]);
  const members = parts.map((part, i) => ({
    ...part,
    alone: values[1 + i] ?? 0,
    without: values[1 + parts.length + i] ?? 0,
  }));
  const value = values[0] ?? 0;
  return { members, priorWeight, coldWeight, metric: search.metric, queries, value };
}

/** The same figures for lists and tooltips. */
function metricsOf({ members, metric, value }: BlendSummary): Record<string, number> {
  if (metric === undefined || value === undefined) return {};
  const ofMembers = members.flatMap(({ name, alone, without }) => [
    ...(alone === undefined ? [] : [[`${name} alone ${metric}`, alone] as const]),
    ...(without === undefined ? [] : [[`without ${name} ${metric}`, without] as const]),
  ]);
  return Object.fromEntries([[`blend ${metric}`, value], ...ofMembers]);
}

async function write(
  context: FitContext,
  summary: BlendSummary,
  { items, bias }: { readonly items: Int32Array; readonly bias: Float32Array },
): Promise<void> {
  await context.write('items', 'items.npy', (file) => writeNpy(file, items));
  await context.write('bias', 'bias.npy', (file) => writeNpy(file, bias));
  await context.write('blend', 'blend.json', (file) =>
    fs.writeFile(file, `${JSON.stringify(summary, null, 2)}\n`),
  );
}

/** A weighted sum of the scores of finished models of the run. */
export const blend: ModelKind = {
  name: 'blend',
  title: 'Blend',
  version: '4',
  description: 'Adds up the scores of other models of the run; the weights are chosen on validation queries.',
  parameters: blendParameters,
  queryStated: 'each member makes its query of the list by its own rule',
  parallel: false,
  composite: true,
  recommendsNewItems: true,
  checkMembers: ({ weights }, names) => void weightsOf(weights, names),
  fits: () => true,
  fit,
  async open({ catalogue, locate, openMember }) {
    const [items, bias, { members, coldWeight = 0 }] = await Promise.all([
      readNpy(locate('items'), Int32Array),
      readNpy(locate('bias'), Float32Array),
      readSummary(locate('blend')),
    ]);
    const parts = await Promise.all(
      members.map(async ({ name, kind, weight }) => ({
        name,
        weight,
        scorer: await openMember({ name, kind }),
      })),
    );
    const itemCount = catalogue.trainCounts.length;
    const written = columnsOf(items.array, itemCount);
    const scorers = parts.map(({ scorer }) => scorer);
    const reached = blendItems(scorers, itemCount);
    // Items that only a wider catalogue lets members recommend were not there when the bias was written: they are cold.
    const biases = Float32Array.from(reached, (item) => bias.array[written[item] ?? -1] ?? coldWeight);
    return blendScorer(parts, reached, biases, itemCount);
  },
  composition: { artifact: 'blend', read: async (file) => ({ blend: await readSummary(file) }) },
};
