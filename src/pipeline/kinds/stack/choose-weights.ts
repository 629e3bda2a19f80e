/** How much of the stack the data speak for: chosen by two-fold cross-fitting, over what was split. */
import { errorsAhead } from '../../metrics/paired-test.ts';
import { meanMetric, type RankMetric } from '../../metrics/rank-metrics.ts';
import { seedFor, mix32 } from '../../seeded-random.ts';
import { ranksOfSample } from '../fitting/validation-sample.ts';
import { fitWeights } from './fit-weights.ts';
import { ListwiseGradient } from './listwise-gradient.ts';
import { unitsOf, type Units } from './spreads.ts';
import type { StackTable } from './stack-table.ts';

/** From so many queries and clusters on all gates are tried. */
const [GATED_QUERIES, GATED_CLUSTERS] = [2000, 50];
/** Standard errors by which all features must be ahead of the members alone. */
const LEAST_AHEAD = 1;
/** Standard deviation that weights are expected to have around where they start: those of the members' scores alone; */
const SIGMA_MEMBERS = 0.5;
/** those of all features, also where few queries have their target among the candidates; those by a gate. */
const [SIGMA, SIGMA_FEW, SIGMA_GATE] = [0.1, 0.05, 0.05];
const FEW = 1000;

/** What may move: the members' own scores; all features; these by the query's length; by all gates. */
export const STAGES = ['members', 'features', 'length', 'gates'] as const;
export type Stage = (typeof STAGES)[number];

export interface ChoiceRequest {
  readonly table: StackTable;
  /** Of each feature without gates, in the feature's own units. */
  readonly start: Float64Array;
  /** 1 for each feature that is a member's own score. */
  readonly own: Uint8Array;
  readonly metric: RankMetric;
  readonly seed: number;
  readonly progress: (stage: Stage, done: number, of: number) => void;
  readonly pause: () => Promise<void>;
}

export interface ChosenWeights {
  readonly stage: Stage;
  readonly units: Units;
  readonly weights: Float64Array;
  /** The metric of each stage that was tried, each query ranked by weights fitted on the other half. */
  readonly crossFitted: readonly { readonly stage: Stage; readonly value: number }[];
}

/** Chooses the stage, and fits its weights on all queries. */
export async function chooseStage(request: ChoiceRequest): Promise<ChosenWeights> {
  const { table, metric, progress } = request;
  const units = unitsOf(table);
  const [first, second] = halvesOf(table, request.seed);
  const halves = [
    { held: first, fits: new StageFits(request, units, second) },
    { held: second, fits: new StageFits(request, units, first) },
  ];
  const stages = stagesFor(table);
  const tried: { stage: Stage; ranks: Int32Array; value: number }[] = [];
  for (const [at, stage] of stages.entries()) {
    progress(stage, at, stages.length + 1);
    const ranks = await crossFitted(request, units, halves, stage);
    tried.push({ stage, ranks, value: meanMetric(metric, ranks) });
  }
  const stage = chosenOf(tried, table, metric);
  progress(stage, stages.length, stages.length + 1);
  const all = Uint32Array.from(table.targets.keys());
  const weights = await new StageFits(request, units, all).weights(stage);
  return { stage, units, weights, crossFitted: tried.map(({ stage: s, value }) => ({ stage: s, value })) };
}

interface Tried {
  readonly stage: Stage;
  readonly ranks: Int32Array;
  readonly value: number;
}

/** All features must be ahead of the members by more than chance; gates need only be ahead. */
function chosenOf([members, ...richer]: readonly Tried[], table: StackTable, metric: RankMetric): Stage {
  const best = richer.reduce<Tried | undefined>(
    (most, one) => (most === undefined || one.value > most.value ? one : most),
    undefined,
  );
  if (members === undefined || best === undefined) return 'members';
  const ahead = errorsAhead(ranksOfSample(table, best.ranks), ranksOfSample(table, members.ranks), metric);
  return ahead > LEAST_AHEAD ? best.stage : 'members';
}

function stagesFor({ targets, cluster }: StackTable): Stage[] {
  const gated = targets.length >= GATED_QUERIES && new Set(cluster).size >= GATED_CLUSTERS;
  return gated ? [...STAGES] : STAGES.slice(0, -1);
}

/** Queries of one user, or sequence, are in the same half. */
function halvesOf({ cluster }: StackTable, seed: number): [Uint32Array, Uint32Array] {
  const salt = seedFor(seed, 'stack halves');
  const places = Uint32Array.from(cluster.keys());
  const inFirst = (q: number): boolean => (mix32((cluster[q] ?? 0) ^ salt) & 1) === 0;
  return [places.filter((q) => inFirst(q)), places.filter((q) => !inFirst(q))];
}

/** Queries, and fits of those of the other half, by whose weights they are ranked. */
interface Half {
  readonly held: Uint32Array;
  readonly fits: StageFits;
}

/** Rank of each query's target by weights fitted on the other half. */
async function crossFitted(
  { table }: ChoiceRequest,
  units: Units,
  halves: readonly Half[],
  stage: Stage,
): Promise<Int32Array> {
  const ranks = new Int32Array(table.targets.length);
  const ranking = new ListwiseGradient(table, units);
  for (const { held, fits } of halves) {
    const weights = await fits.weights(stage);
    for (const q of held) ranks[q] = ranking.rank(q, weights);
  }
  return ranks;
}

/** Fits of some queries: the members' scores first, drawn towards the anchor alone, which all richer stages begin with. */
class StageFits {
  private readonly request: ChoiceRequest;
  private readonly units: Units;
  private readonly queries: Uint32Array;
  private members: Promise<Float64Array> | undefined;

  constructor(request: ChoiceRequest, units: Units, queries: Uint32Array) {
    this.request = request;
    this.units = units;
    this.queries = queries;
  }

  /** All that a richer stage opens is drawn towards what the members came to. */
  async weights(stage: Stage): Promise<Float64Array> {
    const members = await (this.members ??= this.fitMembers());
    if (stage === 'members') return members;
    const { table } = this.request;
    const perFeature = table.gateCount + 1;
    const open = { features: 1, length: 2, gates: perFeature }[stage];
    const reached = this.queries.filter((q) => (table.targets[q] ?? -1) >= 0).length;
    const own = reached < FEW ? SIGMA_FEW : SIGMA;
    const sigmas = members.map((_, at) => {
      const gate = at % perFeature;
      if (gate >= open) return 0;
      return gate > 0 ? SIGMA_GATE : own;
    });
    return this.fit(members, sigmas);
  }

  private fitMembers(): Promise<Float64Array> {
    const { table, start: values, own } = this.request;
    const perFeature = table.gateCount + 1;
    const start = new Float64Array(table.width * perFeature);
    values.forEach((value, f) => (start[f * perFeature] = value * (this.units.features[f] ?? 1)));
    const sigmas = start.map((_, at) =>
      at % perFeature === 0 && own[at / perFeature] === 1 ? SIGMA_MEMBERS : 0,
    );
    return this.fit(start, sigmas);
  }

  private fit(start: Float64Array, sigmas: Float64Array): Promise<Float64Array> {
    const { table, seed, pause } = this.request;
    return fitWeights({ table, units: this.units, queries: this.queries, start, sigmas, seed, pause });
  }
}
