/**
 * How much memory model kinds need, told before anything is taken. The estimates follow the arrays that are made; what
 * they come to was measured on real processes (bench/memory.bench.ts).
 */
import type { ParameterValue } from '../../../protocol/parameters.ts';
import type { DataSize } from './data-size.ts';

export type KindParameters = Readonly<Record<string, ParameterValue>>;

/** What a kind needs beside the prepared data and the process itself, in bytes. */
export interface MemoryNeed {
  /** At the peak of its training. */
  fit(size: DataSize, parameters: KindParameters, threads: number): number;
  /** Once it is opened. */
  open(size: DataSize, parameters: KindParameters): number;
}

/** What a tuning on validation keeps, and leaves for the garbage collector. */
export const TUNING_BYTES = 32 << 20;

/** Arrays by item that a sparse scorer gathers candidates in, with the ranking by popularity that comes after them. */
export const sparseScorerBytes = ({ items }: DataSize): number => 60 * items;

/** The inverted index of the training rows, and what counts rows of items in it. */
export const occurrenceBytes = ({ items, trainRows }: DataSize): number => 12 * trainRows + 60 * items;

/** A sparse matrix that grew to so many entries and was then cut to its size. */
export function grownMatrixBytes(entries: number): number {
  return 8 * (2 ** Math.ceil(Math.log2(Math.max(1, entries))) + entries);
}

/** An index of exact search: the vectors twice, their projections and codes. */
export function exactIndexBytes(rows: number, dimensions: number): number {
  const stride = 4 * Math.ceil(dimensions / 4);
  return rows * (8 * stride + 2 * 4 * Math.min(stride, 32));
}

/** The number a parameter has. */
export const numberOf = (parameters: KindParameters, name: string): number => Number(parameters[name] ?? 0);
