/**
 * The recency encoder in plain TypeScript and double precision, slow and readable: the oracle for the kernel. Written from
 * the formulas of docs/models.md alone. Rules can be broken on purpose, to show that a test would notice.
 */
export type Rule =
  | 'the logits of negatives are raised by -log(pi)'
  | 'negatives are drawn by training rows too'
  | "E gets D's gradient too"
  | 'the target is no negative'
  | 'known items are no negatives'
  | 'outputs are unit vectors'
  | 'queries are unit vectors';

/** Rows of E and D by item, of W by lag; also the gradients by them. */
export interface EncoderModel {
  items: number[][];
  offsets: number[][];
  lagWeights: number[][];
}

export interface Example {
  readonly target: number;
  readonly history: readonly { readonly item: number; readonly lag: number }[];
  /** Items that are no negatives. */
  readonly known: readonly number[];
  /** 1 for each dimension that dropout keeps; undefined: all. */
  readonly kept?: readonly number[];
}

export interface Batch {
  readonly negatives: readonly number[];
  readonly examples: readonly Example[];
}

/** How negatives are drawn: so many times a training row, the others uniformly until all are there. */
export interface Sampling {
  /** Training rows of each item. */
  readonly counts: readonly number[];
  readonly drawnRows: number;
}

export interface LossOptions {
  readonly temperature: number;
  readonly sampling: Sampling;
  readonly broken?: Rule | undefined;
}

interface Unit {
  readonly unit: number[];
  readonly length: number;
}

const at = (matrix: readonly number[][], row: number): number[] => matrix[row] ?? [];
const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, d) => sum + value * (b[d] ?? NaN), 0);

function addTo(y: number[], x: readonly number[], scale = 1): void {
  x.forEach((value, d) => (y[d] = (y[d] ?? NaN) + scale * value));
}

function unitOf(vector: readonly number[], plain: boolean): Unit {
  const length = plain ? 1 : Math.sqrt(dot(vector, vector));
  return { unit: vector.map((value) => value / length), length };
}

/** d loss / d x from d loss / d (x/|x|), by the Jacobian (I − u uᵀ)/|x|. */
function backThroughUnit(gradient: readonly number[], { unit, length }: Unit, plain: boolean): number[] {
  const along = plain ? 0 : dot(gradient, unit);
  return gradient.map((value, d) => (value - along * (unit[d] ?? NaN)) / length);
}

function outputOf(model: EncoderModel, item: number, options: LossOptions): Unit {
  const sum = [...at(model.items, item)];
  addTo(sum, at(model.offsets, item));
  return unitOf(sum, options.broken === 'outputs are unit vectors');
}

function queryOf(model: EncoderModel, { history, kept }: Example, options: LossOptions): Unit {
  const sum = at(model.items, 0).map((_, d) =>
    history.reduce(
      (total, { item, lag }) =>
        total + (at(model.lagWeights, lag)[d] ?? NaN) * (at(model.items, item)[d] ?? NaN),
      0,
    ),
  );
  const left = kept === undefined ? sum : sum.map((value, d) => value * (kept[d] ?? NaN));
  return unitOf(left, options.broken === 'queries are unit vectors');
}

/** The negatives that count for an example. */
function othersOf(
  { target, known }: Example,
  negatives: readonly number[],
  broken: Rule | undefined,
): number[] {
  return negatives.filter((item) => {
    if (item === target) return broken === 'the target is no negative';
    return broken === 'known items are no negatives' || !known.includes(item);
  });
}

/** By how much the logit of each item is raised where it is a negative: −log of the probability that it is one. */
function raisesOf({ counts, drawnRows }: Sampling, negatives: number, broken: Rule | undefined): number[] {
  if (broken === 'the logits of negatives are raised by -log(pi)') return counts.map(() => 0);
  const total = counts.reduce((a, b) => a + b, 0);
  const draws = broken === 'negatives are drawn by training rows too' ? 0 : drawnRows;
  const byRows = counts.map((count) => 1 - Math.pow(1 - count / total, draws));
  const distinct = byRows.reduce((a, b) => a + b, 0);
  return byRows.map((p) => -Math.log(p + ((1 - p) * (negatives - distinct)) / (counts.length - distinct)));
}

interface Softmax {
  readonly loss: number;
  /** The target, then the negatives that count, and the shares of the softmax. */
  readonly items: readonly number[];
  readonly shares: readonly number[];
  readonly query: Unit;
}

function softmaxOf(model: EncoderModel, example: Example, batch: Batch, options: LossOptions): Softmax {
  const query = queryOf(model, example, options);
  const raises = raisesOf(options.sampling, batch.negatives.length, options.broken);
  const items = [example.target, ...othersOf(example, batch.negatives, options.broken)];
  const logits = items.map(
    (item, i) =>
      dot(query.unit, outputOf(model, item, options).unit) / options.temperature +
      (i > 0 ? (raises[item] ?? NaN) : 0),
  );
  const highest = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - highest));
  const total = powers.reduce((a, b) => a + b, 0);
  return {
    loss: Math.log(total) + highest - (logits[0] ?? NaN),
    items,
    shares: powers.map((power) => power / total),
    query,
  };
}

/** Mean loss of the batch. */
export function lossOfBatch(model: EncoderModel, batch: Batch, options: LossOptions): number {
  const losses = batch.examples.map((example) => softmaxOf(model, example, batch, options).loss);
  return losses.reduce((a, b) => a + b, 0) / losses.length;
}

/** Gradients of the mean loss. */
export function gradientsOf(model: EncoderModel, batch: Batch, options: LossOptions): EncoderModel {
  const zero = (matrix: readonly number[][]): number[][] => matrix.map((row) => row.map(() => 0));
  const gradients = {
    items: zero(model.items),
    offsets: zero(model.offsets),
    lagWeights: zero(model.lagWeights),
  };
  for (const example of batch.examples) addGradients(gradients, model, example, batch, options);
  return gradients;
}

function addGradients(
  gradients: EncoderModel,
  model: EncoderModel,
  example: Example,
  batch: Batch,
  options: LossOptions,
): void {
  const { items, shares, query } = softmaxOf(model, example, batch, options);
  const scale = 1 / (batch.examples.length * options.temperature);
  const byQuery = query.unit.map(() => 0);
  items.forEach((item, i) => {
    const output = outputOf(model, item, options);
    const byLogit = scale * ((shares[i] ?? NaN) - (i === 0 ? 1 : 0));
    addTo(byQuery, output.unit, byLogit);
    const byOutput = query.unit.map((value) => value * byLogit);
    const bySum = backThroughUnit(byOutput, output, options.broken === 'outputs are unit vectors');
    addTo(at(gradients.offsets, item), bySum);
    if (options.broken !== "E gets D's gradient too") addTo(at(gradients.items, item), bySum);
  });
  const bySum = backThroughUnit(byQuery, query, options.broken === 'queries are unit vectors').map(
    (value, d) => value * (example.kept?.[d] ?? 1),
  );
  for (const { item, lag } of example.history) {
    const [weights, row] = [at(model.lagWeights, lag), at(model.items, item)];
    addTo(
      at(gradients.items, item),
      bySum.map((value, d) => value * (weights[d] ?? NaN)),
    );
    addTo(
      at(gradients.lagWeights, lag),
      bySum.map((value, d) => value * (row[d] ?? NaN)),
    );
  }
}

interface RowState {
  steps: number;
  readonly first: number[];
  readonly second: number[];
}

/** Adam (β₁ .9, β₂ .99, ε 1e-8) on the rows that a batch touches, each with a count of steps of its own. */
export class ReferenceAdam {
  private readonly states = new Map<string, RowState>();

  /** Changes the model by one step along the gradients of the batch. */
  step(model: EncoderModel, batch: Batch, gradients: EncoderModel, rate: number, lagRate: number): void {
    const outputs = new Set([...batch.negatives, ...batch.examples.map(({ target }) => target)]);
    const history = batch.examples.flatMap((example) => example.history);
    const inputs = new Set([...outputs, ...history.map(({ item }) => item)]);
    const lags = lagRate > 0 ? history.reduce((most, { lag }) => Math.max(most, lag + 1), 0) : 0;
    for (const item of outputs)
      this.stepRow('D', item, at(model.offsets, item), at(gradients.offsets, item), rate);
    for (const item of inputs)
      this.stepRow('E', item, at(model.items, item), at(gradients.items, item), rate);
    for (let lag = 0; lag < lags; lag++)
      this.stepRow('W', lag, at(model.lagWeights, lag), at(gradients.lagWeights, lag), lagRate);
  }

  private stepRow(
    matrix: string,
    index: number,
    row: number[],
    gradient: readonly number[],
    rate: number,
  ): void {
    const key = `${matrix}${index}`;
    const state = this.states.get(key) ?? { steps: 0, first: row.map(() => 0), second: row.map(() => 0) };
    this.states.set(key, state);
    state.steps++;
    gradient.forEach((g, d) => {
      const m = 0.9 * (state.first[d] ?? NaN) + 0.1 * g;
      const v = 0.99 * (state.second[d] ?? NaN) + 0.01 * g * g;
      state.first[d] = m;
      state.second[d] = v;
      const [mean, square] = [m / (1 - 0.9 ** state.steps), v / (1 - 0.99 ** state.steps)];
      row[d] = (row[d] ?? NaN) - (rate * mean) / (Math.sqrt(square) + 1e-8);
    });
  }
}
