/** The weights of a stack, as they are kept and as they score. */
import * as z from 'zod/mini';

const Named = z.object({ name: z.string() });

/** What is weighed, in the units in which it is weighed. */
export const StackWeights = z.object({
  /** Spread: standard deviation among the candidates of a query, on average. */
  features: z.array(z.extend(Named, { spread: z.number(), weights: z.array(z.number()) })),
  /** The first weight of each feature has no gate, the others one of these each, less its mean and over its spread. */
  gates: z.array(z.extend(Named, { mean: z.number(), spread: z.number() })),
});
export type StackWeights = z.infer<typeof StackWeights>;

/** Gates as they weigh: 1, then each in its spreads from its mean. @param out gates + 1 */
export function fillGates(
  gates: readonly Pick<StackWeights['gates'][number], 'mean' | 'spread'>[],
  raw: Float32Array,
  out: Float64Array,
): void {
  out[0] = 1;
  gates.forEach(({ mean, spread }, at) => (out[at + 1] = ((raw[at] ?? 0) - mean) / spread));
}

/** Scores candidates: Σ over features f of x_f/spread_f · Σ over gates g of W_fg · z_g. */
export class StackScoring {
  private readonly weights: StackWeights;
  private readonly scaled: Float64Array;
  private readonly open: Float64Array;

  constructor(weights: StackWeights) {
    this.weights = weights;
    this.scaled = new Float64Array(weights.features.length);
    this.open = new Float64Array(weights.gates.length + 1);
  }

  /** What a unit of each feature is worth for a query; valid until the next call. */
  valuesFor(gates: Float32Array): Float64Array {
    const { weights, scaled, open } = this;
    fillGates(weights.gates, gates, open);
    weights.features.forEach(({ spread, weights: own }, f) => {
      let sum = 0;
      for (let g = 0; g < own.length; g++) sum += (own[g] ?? 0) * (open[g] ?? 0);
      scaled[f] = sum / spread;
    });
    return scaled;
  }

  /** @param features candidates × features @param out a score each */
  score(features: Float32Array, gates: Float32Array, out: Float64Array): void {
    sumFeatures(this.valuesFor(gates), features, 0, features.length, out);
  }
}

/**
 * Σ over features of value · x for each candidate.
 * @param from where the first candidate's features begin, `to` where those of the last end
 */
export function sumFeatures(
  values: Float64Array,
  features: Float32Array,
  from: number,
  to: number,
  out: Float64Array,
): void {
  const width = values.length;
  let i = 0;
  let at = from;
  // Three at a time: the additions of one sum wait for each other.
  for (; at + 3 * width <= to; i += 3, at += 3 * width) {
    let a = 0;
    let b = 0;
    let c = 0;
    for (let f = 0, x = at, y = at + width, z = at + 2 * width; f < width; f++, x++, y++, z++) {
      const value = values[f] ?? 0;
      a += value * (features[x] ?? 0);
      b += value * (features[y] ?? 0);
      c += value * (features[z] ?? 0);
    }
    out[i] = a;
    out[i + 1] = b;
    out[i + 2] = c;
  }
  for (; at < to; i++, at += width) {
    let sum = 0;
    for (let f = 0; f < width; f++) sum += (values[f] ?? 0) * (features[at + f] ?? 0);
    out[i] = sum;
  }
}
