/** Names of endpoints at Amazon SageMaker. */
import type { DeployedModel } from './deployment.ts';

/** Begins the name of all that we name ourselves, so that a sweep finds it where tags cannot be read. */
export const PREFIX = 'recsys-';

/** SageMaker's limit. */
export const LONGEST_NAME = 63;
const NAME = /^[a-zA-Z0-9](-*[a-zA-Z0-9])*$/;

/** Whether SageMaker takes it. */
export function isEndpointName(name: string): boolean {
  return name.length <= LONGEST_NAME && NAME.test(name);
}

/** A name for an endpoint that was given none: that of its model. */
export function defaultEndpointName({ run, model }: Pick<DeployedModel, 'run' | 'model'>): string {
  const suffix = run === undefined ? '' : `-${run.slice(-4)}`;
  return `${nameable(`${PREFIX}${model}`, LONGEST_NAME - suffix.length)}${suffix}`;
}

/** A text's letters and digits, with single dashes between them. */
export function nameable(text: string, longest: number): string {
  return text
    .replace(/[^a-zA-Z0-9]+/g, '-')
    .slice(0, longest)
    .replace(/^-+|-+$/g, '');
}
