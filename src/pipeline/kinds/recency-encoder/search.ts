import { integers, logUniform, oneOf, uniform, type Search } from '../fitting/search-space.ts';

/** Training parameters; the weights of the score cost nothing to choose, so every trial chooses its own. */
export const encoderSearch: Search = {
  length: 'epochs',
  // Heads make any setting better by about as much, so trials are compared by one.
  trial: { tune: true, tuneMinutes: 0, heads: 1 },
  space: {
    vectorSize: oneOf(32, 64, 96, 128, 192, 256),
    negatives: oneOf(128, 256, 512, 1024),
    temperature: logUniform(0.04, 0.16),
    fade: uniform(0.25, 1.75),
    lagRate: oneOf(0, 0.003, 0.01),
    learningRate: logUniform(0.005, 0.05),
    itemDropout: uniform(0, 0.3),
    queryDropout: uniform(0, 0.4),
    epochs: integers(6, 18),
  },
};
