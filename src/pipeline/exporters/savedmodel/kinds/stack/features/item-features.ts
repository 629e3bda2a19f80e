import type { ItemTable } from '../../../../../kinds/stack/features/item-features.ts';
import { onceAGraph } from '../../../graph.ts';
import * as ops from '../../../operations.ts';
import { rowsData } from '../../../tensor-data.ts';
import type { FeaturePart } from './feature-part.ts';

/** What an item is, whatever the query. @param codes item code of each column */
export function itemFeatures({ names, values }: ItemTable, codes: Int32Array): FeaturePart {
  const dimension = names.length;
  const rows = rowsData({
    ...{ rows: codes.length, dimension },
    fill(row, out) {
      const start = (codes[row] ?? 0) * dimension;
      out.set(values.subarray(start, start + dimension));
    },
  });
  const here = onceAGraph((graph) => graph.constant(rows, 'item_features'));
  return {
    ...{ names, gates: [] },
    of: (graph, _, { column }) => ({ values: ops.gather(graph, here(graph), column) }),
  };
}
