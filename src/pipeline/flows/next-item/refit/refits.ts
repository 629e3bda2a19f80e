import type { RunManifest } from '../../../../protocol/run.ts';
import type { StepContext } from '../../../flow/step-context.ts';
import { withValidation } from '../../../data/with-validation.ts';
import type { PreparedData } from '../../../data/prepared-data.ts';

/** Splits in which the validation part is what comes after the training part, or in which the test part was given. */
const NEWER: readonly string[] = ['time', 'column'];

/**
 * Whether models are trained again on the training and validation parts before they see the test part. Runs of earlier
 * versions, which have no such parameter, never were.
 */
export function refits({ parameters, spec }: Pick<RunManifest, 'parameters' | 'spec'>): boolean {
  return parameters['refit'] === 'auto' && NEWER.includes(spec.split.by);
}

/** The data as the models that are tested were trained on them. */
export function testedData({ manifest }: Pick<StepContext, 'manifest'>, data: PreparedData): PreparedData {
  return refits(manifest) ? withValidation(data) : data;
}
