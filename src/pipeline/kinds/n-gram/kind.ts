import { readNpy, writeNpy } from '../../data/npy.ts';
import { trainingSequences } from '../../data/prepared-data.ts';
import { checkedParameters } from '../fitting/checked-parameters.ts';
import { readFitted, writeFitted } from '../fitting/fitted-parameters.ts';
import type { FitContext, FitResult } from '../fitting/fit-context.ts';
import { indexOccurrences } from '../fitting/occurrences.ts';
import type { ModelKind } from '../model-kind.ts';
import { nGramMemory } from './memory.ts';
import { nGramParameters } from './parameters.ts';
import { nGramScorer } from './scorer.ts';

const NAME = 'n-gram';

async function fit({ data, write, parameters: given }: FitContext): Promise<FitResult> {
  const parameters = checkedParameters(NAME, nGramParameters, given);
  const { items, offsets } = trainingSequences(data);
  const base = offsets[0] ?? 0;
  const rows = items.subarray(base, offsets.at(-1) ?? base);
  await write('sequenceItems', 'sequence-items.npy', (file) => writeNpy(file, rows));
  await write('sequenceOffsets', 'sequence-offsets.npy', (file) =>
    writeNpy(
      file,
      offsets.map((offset) => offset - base),
    ),
  );
  await writeFitted(write, parameters);
  return { metrics: { places: rows.length }, parameters };
}

/**
 * What came next where the newest item stood, more where the items before it were like the query's; docs/models.md gives
 * the formula. There is nothing to train: the inverted index is made when the model is opened.
 */
export const nGram: ModelKind = {
  name: NAME,
  title: 'N-gram kernel',
  version: '1',
  description:
    'Counts what came next wherever the newest item stood in the training sequences, more where the items before were like the list; no training.',
  parameters: nGramParameters,
  queryStated: 'the places of the last item, those after similar items more (decayed list)',
  parallel: false,
  fits: () => true,
  memory: nGramMemory,
  fit,
  async open({ catalogue: { trainCounts }, locate }) {
    const [items, offsets, parameters] = await Promise.all([
      readNpy(locate('sequenceItems'), Int32Array),
      readNpy(locate('sequenceOffsets'), Uint32Array),
      readFitted(locate('parameters'), NAME, nGramParameters),
    ]);
    const sequences = { items: items.array, offsets: offsets.array };
    return nGramScorer(indexOccurrences(sequences, trainCounts.length), parameters);
  },
};
