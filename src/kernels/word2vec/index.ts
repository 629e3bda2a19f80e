/**
 * Word2vec training (CBOW and skip-gram with negative sampling) over imported shared memory: no allocation, no I/O.
 * Every thread has an instance of its own; `configure` tells it where everything lies.
 */
import { fastCbow } from './fast-cbow';
import { fastSkipGram } from './fast-skip-gram';
import { gensimCbow, gensimSkipGram } from './gensim';
import { mix, setRandomState } from './random';
import { readSentence } from './sentence';
import { useStripe } from './shared-negatives';
import { cancelled, inputVectors, outputVectors, rowBytes, rowCount, seed } from './state';

export { configure } from './state';
export { fillSigmoids } from './sigmoid';
export { fillCumulative, fillKeep, fillVectors } from './tables';
export { getRandomState, setRandomState } from './random';

/**
 * Trains sentences `first` … `end` - 1.
 * @param mode 0 gensim CBOW, 1 gensim skip-gram, 2 fast CBOW, 3 fast skip-gram
 * @param epoch with `unit` seeds the random draws of this piece of work
 * @param stripe which range of rows the fast algorithms draw negatives from
 * @returns how many words were left after sub-sampling
 */
export function trainUnit(mode: i32, epoch: u32, unit: u32, first: i32, end: i32, alpha: f32, stripe: i32): i32 {
  setRandomState(mix(seed, epoch, unit));
  useStripe(stripe);
  let words = 0;
  for (let sentence = first; sentence < end && !cancelled(); ++sentence) {
    const length = readSentence(sentence);
    words += length;
    trainSentence(mode, length, alpha);
  }
  return words;
}

function trainSentence(mode: i32, length: i32, alpha: f32): void {
  if (mode == 0) gensimCbow(length, alpha);
  else if (mode == 1) gensimSkipGram(length, alpha);
  else if (mode == 2) fastCbow(length, alpha);
  else fastSkipGram(length, alpha);
}

/** Whether both matrices hold finite numbers only. */
export function isFinite(): bool {
  return matrixIsFinite(inputVectors) && matrixIsFinite(outputVectors);
}

/** x · 0 is 0 for finite x and NaN otherwise, and NaN stays. */
function matrixIsFinite(matrix: usize): bool {
  const zero = f32x4.splat(0);
  let sum = zero;
  const bytes = <u64>rowCount * <u64>rowBytes;
  for (let at: u64 = 0; at < bytes; at += 16) sum = f32x4.add(sum, f32x4.mul(v128.load(matrix + <usize>at), zero));
  return !v128.any_true(f32x4.ne(sum, sum));
}
