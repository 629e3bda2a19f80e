/** A graph of ONNX's operators that says what TensorFlow's operations say. */
import type { Graph, Lookup, LookupTexts, Operation, Tensor } from '../savedmodel/graph.ts';
import type { DataType } from '../savedmodel/tensorflow-messages.ts';
import { loweringOf } from './lowerings.ts';
import { OnnxNodes } from './onnx-nodes.ts';

export class OnnxGraph extends OnnxNodes implements Graph {
  add<const T extends readonly DataType[]>(
    operation: Operation,
    types: T,
    named?: string,
  ): { readonly [K in keyof T]: Tensor<T[K]> } {
    const outputs = loweringOf(operation.op)(this, { ...operation, types, named });
    const made = types.map((type, at) => ({ type, input: outputs[at] ?? '' }));
    return made as { readonly [K in keyof T]: Tensor<T[K]> };
  }

  lookup({ text, findable }: LookupTexts): Lookup {
    const keys = Array.from(findable, (at) => Buffer.from(text(at)));
    return {
      find: (asked) => {
        const attributes = { keys_strings: keys, values_int64s: [...findable], default_int64: -1 };
        const input = this.node({
          op: 'LabelEncoder',
          inputs: [asked.input],
          attributes,
          domain: 'ai.onnx.ml',
        });
        return { type: 'int64', input };
      },
    };
  }
}
