/** Replies to predictions, in the format in which they were asked: the outputs of the signature, all of equal lengths. */
import { DEFAULT_K } from '../../protocol/query-limits.ts';
import type { PredictRequest } from './predict-body.ts';
import type { ServedAnswer } from './served-query.ts';
import { DEFAULT_SIGNATURE, PADDING } from './signatures.ts';

type Outputs = Readonly<Record<string, unknown>>;

/** @param answers one a query of the request */
export function predictReply(
  { signature, format, queries }: PredictRequest,
  answers: readonly ServedAnswer[],
): Outputs {
  const isDefault = signature === DEFAULT_SIGNATURE;
  const width = isDefault ? DEFAULT_K : queries.reduce((most, { k }) => Math.max(most, k), 0);
  const rows = answers.map((answer) =>
    isDefault ? defaultOutputs(answer, width) : listOutputs(answer, width),
  );
  if (format === 'row') return { predictions: rows };
  const names = isDefault ? DEFAULT_OUTPUTS : LIST_OUTPUTS;
  return { outputs: Object.fromEntries(names.map((name) => [name, rows.map((row) => row[name])])) };
}

const DEFAULT_OUTPUTS = ['output_1', 'output_2', 'answered_by'];
const LIST_OUTPUTS = ['scores', 'items', 'answered_by', 'known_items'];

function defaultOutputs({ items, scores, answeredBy }: ServedAnswer, width: number): Outputs {
  return {
    output_1: filled(scores, 0, width),
    output_2: filled(items, PADDING, width),
    answered_by: answeredBy,
  };
}

function listOutputs({ items, scores, answeredBy, known }: ServedAnswer, width: number): Outputs {
  return {
    scores: filled(scores, 0, width),
    items: filled(items, PADDING, width),
    answered_by: answeredBy,
    known_items: known,
  };
}

function filled<T>(values: readonly T[], padding: T, width: number): T[] {
  return Array.from({ length: width }, (_, at) => values[at] ?? padding);
}
