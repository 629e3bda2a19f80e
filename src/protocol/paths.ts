/** Steps and branches are named by a path: `prepare`, `train/prod2vec-min-count-3`. */
export interface StepPath {
  readonly step: string;
  readonly branch?: string;
}

export function formatStepPath(path: StepPath): string {
  return path.branch === undefined ? path.step : `${path.step}/${path.branch}`;
}

export function parseStepPath(text: string): StepPath {
  const slash = text.indexOf('/');
  return slash < 0 ? { step: text } : { step: text.slice(0, slash), branch: text.slice(slash + 1) };
}
