import { shapeOf } from './data-warnings.ts';
import type { EncoderParameters } from './parameters.ts';
import type { TrainingSet } from './training-set.ts';

/** Share of the training positions whose item their list holds already, from which on lists are sessions. */
const REPEATS = 0.1;

/** What suits sessions, whose few newest items decide and come again. */
const SESSIONS: Partial<EncoderParameters> = {
  temperature: 0.07,
  learningRate: 0.01,
  lagRate: 0.01,
  itemDropout: 0.1,
  queryDropout: 0.1,
  epochs: 5,
  heads: 1,
};

/** The parameters, with those that a person left open set as the data are: lists that repeat their items are sessions. */
export function suitedTo(
  set: TrainingSet,
  parameters: EncoderParameters,
  given: readonly string[],
): EncoderParameters {
  if (shapeOf(set).repeats < REPEATS * set.positions.length) return parameters;
  const open = Object.entries(SESSIONS).filter(([name]) => !given.includes(name));
  // Few epochs are trained to their end, where the learning rate has fallen.
  const patience = given.includes('epochs') || given.includes('patience') ? {} : { patience: 0 };
  return { ...parameters, ...Object.fromEntries(open), ...patience };
}
