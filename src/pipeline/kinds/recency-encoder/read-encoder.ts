import { readNpy } from '../../data/npy.ts';
import { readFitted } from '../fitting/fitted-parameters.ts';
import type { OpenContext } from '../model-kind.ts';
import { catalogueFirst, type EncoderModel } from './encoder-model.ts';
import { scoringOf } from './fit.ts';
import { encoderParameters } from './parameters.ts';
import type { EncoderScoring } from './scorer.ts';

export interface StoredEncoder {
  readonly model: EncoderModel;
  readonly scoring: EncoderScoring;
}

/** A trained encoder as its artifacts hold it, the items that may be recommended first. */
export async function readEncoder({
  catalogue,
  locate,
}: Pick<OpenContext, 'catalogue' | 'locate'>): Promise<StoredEncoder> {
  const [vectors, outputs, lagWeights, items, bias, parameters] = await Promise.all([
    readNpy(locate('vectors'), Float32Array),
    readNpy(locate('outputs'), Float32Array),
    readNpy(locate('lagWeights'), Float32Array),
    readNpy(locate('vectorItems'), Int32Array),
    readNpy(locate('bias'), Float32Array),
    readFitted(locate('parameters'), 'recency-encoder', encoderParameters),
  ]);
  const written: EncoderModel = {
    dimensions: vectors.shape[1] ?? 0,
    heads: Math.max(1, parameters.heads),
    items: items.array,
    trained: items.array.length,
    recommended: items.array.length,
    vectors: vectors.array,
    outputs: outputs.array,
    lagWeights: lagWeights.array,
  };
  const opened = catalogueFirst(written, bias.array, catalogue.known);
  return { model: opened.model, scoring: scoringOf(parameters, opened.bias) };
}
