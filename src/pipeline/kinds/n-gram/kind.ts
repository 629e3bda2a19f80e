import { trainingSequences } from '../../data/prepared-data.ts';
import { checkedParameters } from '../fitting/checked-parameters.ts';
import { readFitted, writeFitted } from '../fitting/fitted-parameters.ts';
import type { FitContext, FitResult } from '../fitting/fit-context.ts';
import { readSequences, writeSequences } from '../fitting/kept-sequences.ts';
import { indexOccurrences } from '../fitting/occurrences.ts';
import type { ModelKind } from '../model-kind.ts';
import { nGramMemory } from './memory.ts';
import { nGramParameters } from './parameters.ts';
import { nGramScorer } from './scorer.ts';

const NAME = 'n-gram';

async function fit({ data, write, parameters: given }: FitContext): Promise<FitResult> {
  const parameters = checkedParameters(NAME, nGramParameters, given);
  const sequences = trainingSequences(data);
  await writeSequences(write, sequences);
  await writeFitted(write, parameters);
  return { metrics: { places: (sequences.offsets.at(-1) ?? 0) - (sequences.offsets[0] ?? 0) }, parameters };
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
    const [sequences, parameters] = await Promise.all([
      readSequences(locate),
      readFitted(locate('parameters'), NAME, nGramParameters),
    ]);
    return nGramScorer(indexOccurrences(sequences, trainCounts.length), parameters);
  },
};
