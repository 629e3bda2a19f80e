/** The signatures as TensorFlow Serving's metadata tells them. */
import { DEFAULT_K } from '../../protocol/query-limits.ts';
import { DEFAULT_SIGNATURE, LIST_SIGNATURE } from './signatures.ts';

type Shape = readonly number[];

/** −1: of any length. */
const tensor = (name: string, dtype: string, shape: Shape): unknown => ({
  dtype,
  tensor_shape: { dim: shape.map((size) => ({ size: String(size), name: '' })), unknown_rank: false },
  name,
});

function tensors(of: Readonly<Record<string, readonly [string, Shape]>>): unknown {
  return Object.fromEntries(
    Object.entries(of).map(([name, [dtype, shape]]) => [name, tensor(name, dtype, shape)]),
  );
}

const method = { method_name: 'tensorflow/serving/predict' };

export function signatureDefinitions(): unknown {
  return {
    [DEFAULT_SIGNATURE]: {
      inputs: tensors({ input_1: ['DT_STRING', [-1]] }),
      outputs: tensors({
        output_1: ['DT_FLOAT', [-1, DEFAULT_K]],
        output_2: ['DT_STRING', [-1, DEFAULT_K]],
        answered_by: ['DT_STRING', [-1]],
      }),
      ...method,
    },
    [LIST_SIGNATURE]: {
      inputs: tensors({
        items: ['DT_STRING', [-1, -1]],
        k: ['DT_INT32', [-1]],
        exclude_query: ['DT_BOOL', [-1]],
      }),
      outputs: tensors({
        scores: ['DT_FLOAT', [-1, -1]],
        items: ['DT_STRING', [-1, -1]],
        answered_by: ['DT_STRING', [-1]],
        known_items: ['DT_INT32', [-1]],
      }),
      ...method,
    },
  };
}
