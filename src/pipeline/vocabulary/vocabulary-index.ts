/**
 * Finds the names of items that are like a text, among a million in milliseconds. All of it stands in typed arrays: the
 * folded names, the order of their columns, and lists of trigrams; about 100 bytes an item of two columns.
 */
import type { FoundBy } from '../../protocol/engine/items.ts';
import { wordsOfFolded } from '../../protocol/text/fold.ts';
import { WordFilter, type KeptFilter } from '../../protocol/word-filter.ts';
import { ColumnOrder, type Range } from './column-order.ts';
import { distanceWithin } from './edit-distance.ts';
import { foldedBytes, FoldedNames } from './folded-names.ts';
import { LeastCodes } from './least-codes.ts';
import { Trigrams } from './trigrams.ts';

export interface FoundName {
  readonly code: number;
  readonly how: FoundBy;
}

/** Bytes of trigram lists that one search for misspelt names reads at most; the rarest tell most. */
const READ_AT_MOST = 1 << 20;
/** Names whose distance is measured at most: those that share most trigrams, then the most frequent. */
const MEASURED_AT_MOST = 800;
/** Names between two pauses. */
const BLOCK = 4096;
/** Columns of a prefix from which on names are read in the order of frequency until there are enough. */
const WIDE = 20_000;
/** Shorter texts are completed, not corrected. */
const CORRECTED_FROM = 4;

export class VocabularyIndex {
  readonly #names: FoldedNames;
  readonly #columns: ColumnOrder;
  readonly #trigrams: Trigrams;
  /** Trigrams that each name shares with what is looked for; zeroes between two searches. */
  readonly #shared: Uint8Array;

  private constructor(names: FoldedNames, columns: ColumnOrder, trigrams: Trigrams) {
    this.#names = names;
    this.#columns = columns;
    this.#trigrams = trigrams;
    this.#shared = new Uint8Array(names.count);
  }

  /** Pauses every few milliseconds, so that who builds it may do other things. @param names by item code */
  static *build(names: readonly string[]): Generator<void, VocabularyIndex> {
    const all = yield* FoldedNames.build(names);
    const columns = yield* ColumnOrder.build(all);
    return new VocabularyIndex(all, columns, yield* Trigrams.build(all));
  }

  get byteLength(): number {
    const { bytes, starts, count } = this.#names;
    return bytes.length + starts.byteLength + count + this.#columns.byteLength + this.#trigrams.byteLength;
  }

  /**
   * Names like the text, without regard to case and accents: first those that are it, or have a column that is; then those
   * of which it is the beginning of the name or of a column; those that hold it; and, where none is it, those that a few
   * changes of letters, or another order of words, turn into it. Of each, the most frequent first; of the last, the nearest.
   */
  search(text: string, limit: number): FoundName[] {
    const bytes = foldedBytes(text);
    const found = new Map<number, FoundBy>();
    if (limit < 1) return [];
    if (bytes.length === 0)
      for (let code = 0; code < Math.min(limit, this.#names.count); code++) found.set(code, 'prefix');
    else {
      this.#findByColumns(bytes, limit, found);
      const isName = found.size > 0 && [...found.values()].includes('exact');
      if (found.size < limit) this.#findInfixes(bytes, limit, found);
      if (found.size < limit && !isName) this.#findMisspelt(bytes, limit, found);
    }
    return [...found].slice(0, limit).map(([code, how]) => ({ code, how }));
  }

  /** The codes of names that are the text but for case and accents, the most frequent first. */
  foldedTwins(text: string, limit: number): readonly number[] {
    const bytes = foldedBytes(text);
    const range = this.#columns.startingWith(bytes);
    const same = { from: range.from, to: this.#columns.endOfSame(range, bytes.length) };
    const least = new LeastCodes(limit);
    for (let at = same.from; at < same.to; at++) {
      const code = this.#columns.owners[at] ?? 0;
      if (this.#names.end(code) - this.#names.start(code) === bytes.length) least.add(code);
    }
    return least.codes;
  }

  /** Which words its names hold. */
  *words(): Generator<void, KeptFilter> {
    const filter = WordFilter.empty();
    for (let code = 0; code < this.#names.count; code++) {
      filter.addWords(this.#names.text(code));
      if (code % BLOCK === 0) yield;
    }
    return filter.kept();
  }

  #findByColumns(text: Buffer, limit: number, found: Map<number, FoundBy>): void {
    const range = this.#columns.startingWith(text);
    const more = this.#columns.endOfSame(range, text.length);
    take(this.#leastIn({ from: range.from, to: more }, limit), 'exact', found);
    if (found.size >= limit) return;
    const rest = { from: more, to: range.to };
    const prefixed =
      range.to - more > WIDE ? this.#mostFrequentWith(text, limit) : this.#leastIn(rest, 2 * limit);
    take(prefixed, 'prefix', found);
  }

  #leastIn({ from, to }: Range, limit: number): readonly number[] {
    const least = new LeastCodes(limit);
    for (let at = from; at < to; at++) least.add(this.#columns.owners[at] ?? 0);
    return least.codes;
  }

  /** The same for so wide a range that one name in a few is of it: the most frequent names are read. */
  #mostFrequentWith(text: Buffer, limit: number): number[] {
    const codes: number[] = [];
    for (let code = 0; code < this.#names.count && codes.length < 2 * limit; code++)
      if (this.#names.hasColumnWith(code, text)) codes.push(code);
    return codes;
  }

  #findInfixes(text: Buffer, limit: number, found: Map<number, FoundBy>): void {
    const visit = (code: number): boolean => {
      if (!found.has(code)) found.set(code, 'infix');
      return found.size < limit;
    };
    if (text.length < 3) this.#scan(text, visit);
    else this.#lookThrough(this.#trigrams.listsOf(text, false), text, visit);
  }

  /** Reads the names themselves, the most frequent first. */
  #scan(text: Buffer, visit: (code: number) => boolean): void {
    const { bytes } = this.#names;
    for (let at = bytes.indexOf(text); at !== -1;) {
      const code = this.#names.owner(at);
      if (!visit(code)) return;
      at = bytes.indexOf(text, this.#names.end(code));
    }
  }

  /** Reads the names in all of some lists. */
  #lookThrough([first, ...more]: number[], text: Buffer, visit: (code: number) => boolean): void {
    if (first === undefined) return;
    const { bytes } = this.#names;
    for (const code of this.#inAll(first, more.slice(0, 2))) {
      const at = bytes.subarray(this.#names.start(code), this.#names.end(code)).indexOf(text);
      if (at !== -1 && !visit(code)) return;
    }
  }

  /** Items of a list that are in each of some others too. */
  #inAll(first: number, others: readonly number[]): number[] {
    const shared = this.#shared;
    let codes: number[] = [];
    this.#trigrams.each(first, (code) => codes.push(code));
    for (const other of others) {
      for (const code of codes) shared[code] = 1;
      const kept: number[] = [];
      this.#trigrams.each(other, (code) => {
        if (shared[code] === 1) kept.push(code);
      });
      for (const code of codes) shared[code] = 0;
      codes = kept;
    }
    return codes;
  }

  #findMisspelt(text: Buffer, limit: number, found: Map<number, FoundBy>): void {
    const typed = text.toString();
    if (typed.length < CORRECTED_FROM) return;
    const allowed = changesAllowed(typed.length);
    const words = wordsOfFolded(typed);
    const near: { code: number; distance: number; rest: number }[] = [];
    for (const code of this.#sharingMost(text)) {
      if (found.has(code)) continue;
      const name = this.#names.text(code);
      const distance = holdsAll(name, words) ? 0.5 : distanceWithin(typed, name, allowed);
      if (distance <= allowed) near.push({ code, distance, rest: restOf(name, typed, allowed) });
    }
    near.sort((a, b) => a.distance - b.distance || a.rest - b.rest || a.code - b.code);
    for (const { code } of near.slice(0, limit - found.size)) found.set(code, 'fuzzy');
  }

  /** Names that share most trigrams with the text. */
  #sharingMost(text: Buffer): number[] {
    const shared = this.#shared;
    let read = 0;
    for (const list of this.#trigrams.listsOf(text, true)) {
      read += this.#trigrams.length(list);
      if (read > READ_AT_MOST && read > this.#trigrams.length(list)) break;
      this.#trigrams.count(list, shared);
    }
    const codes = mostShared(shared, MEASURED_AT_MOST);
    shared.fill(0);
    return codes;
  }
}

function take(codes: readonly number[], how: FoundBy, found: Map<number, FoundBy>): void {
  for (const code of codes) if (!found.has(code)) found.set(code, how);
}

/** How much longer or shorter a whole name is; all that were typed in part are alike. */
function restOf(name: string, typed: string, allowed: number): number {
  return Math.min(allowed + 1, Math.abs(name.length - typed.length));
}

/** One letter of a short word, a quarter of a long one. */
function changesAllowed(letters: number): number {
  return Math.min(8, Math.max(1, Math.floor(letters / 4)));
}

/** Whether a name has several words, each the beginning of one of its own. */
function holdsAll(name: string, words: readonly string[]): boolean {
  if (words.length < 2) return false;
  const own = wordsOfFolded(name);
  return words.every((word) => own.some((other) => other.startsWith(word)));
}

/** Codes of the largest numbers, those of zeroes left out; of equal ones the smallest codes. */
function mostShared(shared: Uint8Array, limit: number): number[] {
  const counts = new Uint32Array(256);
  for (const number of shared) counts[number] = (counts[number] ?? 0) + 1;
  let least = 255;
  for (let sum = counts[255] ?? 0; least > 1 && sum < limit;) sum += counts[--least] ?? 0;
  const above: number[] = [];
  const equal: number[] = [];
  for (let code = 0; code < shared.length; code++) {
    const number = shared[code] ?? 0;
    if (number < least) continue;
    if (number > least) above.push(code);
    else if (equal.length < limit) equal.push(code);
  }
  return [...above, ...equal].slice(0, limit);
}
