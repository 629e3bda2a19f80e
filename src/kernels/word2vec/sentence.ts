import { random32 } from './random';
import { keep, longest, scratch, sentences, shrinkWindows, tokens, windowSize } from './state';

/** i32 per position: the ids that are left after sub-sampling. */
@inline
export function idsOf(): usize {
  return scratch;
}

/** i32 per position: how far its window reaches to each side. */
@inline
export function reachesOf(): usize {
  return scratch + <usize>longest * 4;
}

/** Where the rest of the scratch memory begins (a multiple of 64). */
@inline
export function blocksOf(): usize {
  return scratch + <usize>longest * 8;
}

@inline
export function idAt(position: i32): i32 {
  return load<i32>(idsOf() + (<usize>position << 2));
}

@inline
export function reachAt(position: i32): i32 {
  return load<i32>(reachesOf() + (<usize>position << 2));
}

/**
 * Sub-samples a sentence into `idsOf` and draws its windows into `reachesOf`. Words go before windows are laid,
 * so a window reaches over them. A sentence of any length is read whole; gensim's own stops at 10,000 words.
 * @returns how many words are left
 */
export function readSentence(sentence: i32): i32 {
  const first = load<u32>(sentences + (<usize>sentence << 2));
  const end = load<u32>(sentences + (<usize>sentence << 2), 4);
  const ids = idsOf();
  let length: i32 = 0;
  for (let at = first; at < end; ++at) {
    const id = load<i32>(tokens + (<usize>at << 2));
    if (keep != 0 && load<u32>(keep + (<usize>id << 2)) < random32()) continue;
    store<i32>(ids + (<usize>length << 2), id);
    length += 1;
  }
  drawWindows(length);
  return length;
}

function drawWindows(length: i32): void {
  const reaches = reachesOf();
  for (let i = 0; i < length; ++i) {
    const reduction = shrinkWindows ? <i32>(random32() % <u32>windowSize) : 0;
    store<i32>(reaches + (<usize>i << 2), windowSize - reduction);
  }
}
