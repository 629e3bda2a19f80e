/** What a tuning draws a model kind's parameters from. */
import type { ParameterValue } from '../../../protocol/parameters.ts';
import { below, randomStream, seedFor } from '../../seeded-random.ts';

/** One of several values, each as likely. */
export interface Choice {
  readonly type: 'choice';
  readonly values: readonly ParameterValue[];
}
/** A number from `low` to `high`, both included; on a logarithmic scale each doubling is as likely. */
export interface Range {
  readonly type: 'integer' | 'number';
  readonly low: number;
  readonly high: number;
  readonly log: boolean;
}
/** Depends on the value of another parameter, which stands before it in the space; no case: it keeps its default. */
export interface Cases {
  readonly type: 'cases';
  readonly of: string;
  readonly cases: Readonly<Record<string, Choice | Range>>;
}
export type Distribution = Choice | Range | Cases;

/** By parameter, in the order in which they are drawn. */
export type SearchSpace = Readonly<Record<string, Distribution>>;

type Values = Readonly<Record<string, ParameterValue>>;

/** How a model kind can be tuned. */
export interface Search {
  readonly space: SearchSpace;
  /**
   * Name of the parameter that says how long to train (`epochs`), which successive halving shortens in its first rungs.
   * Absent: the kind is not trained step by step, and every trial is fitted whole.
   */
  readonly length?: string;
  /** Values that every trial has: here a kind that tunes itself turns that off. The start does without them. */
  readonly trial?: Values;
}

export function oneOf(...values: readonly ParameterValue[]): Choice {
  return { type: 'choice', values };
}
export function integers(low: number, high: number): Range {
  return { type: 'integer', low, high, log: false };
}
export function logIntegers(low: number, high: number): Range {
  return { type: 'integer', low, high, log: true };
}
export function uniform(low: number, high: number): Range {
  return { type: 'number', low, high, log: false };
}
export function logUniform(low: number, high: number): Range {
  return { type: 'number', low, high, log: true };
}
export function casesOf(of: string, cases: Cases['cases']): Cases {
  return { type: 'cases', of, cases };
}

/** Significant digits of drawn numbers: finer differences are noise, and people read and copy these. */
const DIGITS = 3;

function rounded(value: number, { low, high }: Range): number {
  return Math.min(high, Math.max(low, Number(value.toPrecision(DIGITS))));
}

function drawRange(range: Range, share: number): number {
  const { type, low, high, log } = range;
  // Each integer has a bin of the same width around it, on the scale that is drawn from.
  const [from, to] = type === 'integer' ? [low - 0.5, high + 0.5] : [low, high];
  const value = log ? from * (to / from) ** share : from + share * (to - from);
  return type === 'integer' ? Math.min(high, Math.max(low, Math.round(value))) : rounded(value, range);
}

/**
 * Draws every parameter of a space (Bergstra & Bengio 2012: random search beats grids). A parameter's draw depends on
 * the seed, the trial's number and its own name only: more trials, or other parameters, leave it as it is.
 * @param fixed values that stay; what depends on them follows
 */
export function drawParameters(
  space: SearchSpace,
  fixed: Values,
  { seed, trial }: { readonly seed: number; readonly trial: number },
): Record<string, ParameterValue> {
  const drawn: Record<string, ParameterValue> = {};
  for (const [name, distribution] of Object.entries(space)) {
    if (name in fixed) continue;
    const known = { ...fixed, ...drawn };
    const from = distribution.type === 'cases' ? caseOf(distribution, known) : distribution;
    if (from === undefined) continue;
    const bits = randomStream(seedFor(seed, `trial ${trial}/${name}`))();
    const value =
      from.type === 'choice' ? from.values[below(from.values.length, bits)] : drawRange(from, bits / 2 ** 32);
    if (value !== undefined) drawn[name] = value;
  }
  return drawn;
}

function caseOf({ of, cases }: Cases, known: Values): Choice | Range | undefined {
  return cases[String(known[of])];
}
