/** Arrays of a model as constants of a graph. */
import { onceAGraph, type Graph, type Tensor } from './graph.ts';
import { arrayData } from './tensor-data.ts';

type Arrays = Readonly<Record<string, Int32Array | Float64Array>>;
type TensorOf<A> = A extends Int32Array ? Tensor<'int32'> : Tensor<'double'>;
export type ConstantsOf<A extends Arrays> = { readonly [K in keyof A]: TensorOf<A[K]> };

/** Makes them once a graph, named as the arrays are. */
export function constantsOf<A extends Arrays>(arrays: A): (graph: Graph) => ConstantsOf<A> {
  return onceAGraph((graph) => {
    const made = Object.entries(arrays).map(([name, array]) => [
      name,
      array instanceof Int32Array
        ? graph.constant(arrayData('int32', array), name)
        : graph.constant(arrayData('double', array), name),
    ]);
    return Object.fromEntries(made) as ConstantsOf<A>;
  });
}
