import { boolean, choice, integer, number } from '../../../protocol/parameters.ts';
import type { ParameterValue, ValuesOf } from '../../../protocol/parameters.ts';
import { EXIT, UserError } from '../../../protocol/user-error.ts';
import { checkedParameters } from '../fitting/checked-parameters.ts';
import { logIntegers, logUniform, oneOf, uniform, type Search } from '../fitting/search-space.ts';

/** Parameters of prod2vec, named as gensim's `Word2Vec` names them (in camelCase), with gensim's defaults unless stated. */
export const PROD2VEC_PARAMETERS = {
  architecture: choice({
    choices: ['cbow', 'skip-gram'],
    default: 'cbow',
    help: "Predict an item from the mean of its neighbours (cbow, gensim's sg=0) or from each neighbour (skip-gram, sg=1; slower).",
  }),
  algorithm: choice({
    choices: ['fast', 'gensim'],
    default: 'fast',
    help: 'fast shares negatives between neighbouring positions, at equal quality; gensim follows gensim 4 pair by pair.',
  }),
  vectorSize: integer({ default: 48, min: 1, max: 4096, help: 'Dimensions of the item vectors.' }),
  window: integer({
    default: 10,
    min: 1,
    max: 1000,
    help: 'Farthest distance between two items that are learnt from as neighbours.',
  }),
  shrinkWindows: boolean({
    default: true,
    help: 'Draw the window of each position uniformly from 1 to `window`, so that near items count more.',
  }),
  negative: integer({
    default: 5,
    min: 1,
    max: 100,
    help: 'Random items each true neighbour is contrasted with.',
  }),
  nsExponent: number({
    default: 0.75,
    min: -5,
    max: 5,
    help: 'Random items are drawn by count to this power: 1 by popularity, 0 uniformly, negative prefers rare ones.',
  }),
  sample: number({
    default: 0.001,
    min: 0,
    max: 1,
    help: 'Items with a greater share of all rows than this are thinned out at random; 0 keeps all.',
  }),
  minCount: integer({
    default: 5,
    min: 1,
    max: 1_000_000_000,
    help: 'Items with fewer training rows get no vector.',
  }),
  epochs: integer({ default: 30, min: 1, max: 100_000, help: 'Passes over the training sequences.' }),
  alpha: number({ default: 0.025, min: 0.000_000_1, max: 1, help: 'Learning rate at the start.' }),
  minAlpha: number({ default: 0.0001, min: 0, max: 1, help: 'Learning rate at the end; it falls linearly.' }),
  cbowMean: boolean({ default: true, help: 'CBOW: use the mean of the neighbours; otherwise their sum.' }),
  patience: integer({
    default: 0,
    min: 0,
    max: 1000,
    help: 'Stop when validation has not improved for this many epochs, and keep the best; 0 trains all epochs.',
  }),
} as const;

/**
 * Where good settings lie in published searches: for recommendation the exponent of the negatives, the window and the
 * thinning matter most, and their best values are far from those for text (Caselles-Dupré et al. 2018).
 */
export const PROD2VEC_SEARCH: Search = {
  length: 'epochs',
  // Past its best epoch a setting only gets worse, and the best weights are kept.
  trial: { patience: 5 },
  space: {
    architecture: oneOf('cbow', 'skip-gram'),
    vectorSize: oneOf(32, 48, 64, 96, 128),
    window: logIntegers(3, 30),
    shrinkWindows: oneOf(true, false),
    negative: logIntegers(3, 20),
    nsExponent: uniform(-0.5, 1),
    sample: logUniform(1e-4, 1e-2),
    minCount: logIntegers(1, 10),
    alpha: logUniform(0.015, 0.1),
    epochs: logIntegers(20, 60),
  },
};

export type Prod2vecParameters = ValuesOf<typeof PROD2VEC_PARAMETERS>;

/** @throws UserError that names what is wrong, or does not go together */
export function checkedProd2vec(given: Readonly<Record<string, ParameterValue>>): Prod2vecParameters {
  const checked = checkedParameters('prod2vec', PROD2VEC_PARAMETERS, given);
  if (checked.minAlpha <= checked.alpha) return checked;
  throw new UserError(
    `The final learning rate ${checked.minAlpha} is above the first, ${checked.alpha}.`,
    'Set --min-alpha to at most --alpha.',
    { exitCode: EXIT.usage },
  );
}
