import { readFileSync } from 'node:fs';
import path from 'node:path';
import { distDir } from '../dist-dir.ts';

/** Addresses are bytes in the memory the kernel was given; lengths are counts. See src/kernels/topk. */
export interface TopKernel {
  stateBytes(): number;
  flatScratch(): number;
  firstNonFinite(rows: number, rowCount: number, stride: number): number;
  largestLength(rows: number, rowCount: number, stride: number): number;
  scores(
    queries: number,
    queryCount: number,
    rows: number,
    rowCount: number,
    stride: number,
    out: number,
    outStride: number,
  ): void;
  open(
    states: number,
    query: number,
    keys: number,
    capacity: number,
    k: number,
    excluded: number,
    excludedCount: number,
    floor: number,
  ): void;
  scanFlat(
    queries: number,
    queryCount: number,
    states: number,
    rows: number,
    from: number,
    to: number,
    stride: number,
    scratch: number,
  ): void;
  dimensionsPerWord(): number;
  usePanels(
    rowCount: number,
    rowsPerPanel: number,
    panelTable: number,
    centreRows: number,
    centreFloats: number,
    codeGroups: number,
    wordsPerCode: number,
    orderedRows: number,
    rowIds: number,
    rowStride: number,
  ): void;
  panelScratch(queryCount: number): number;
  scanPanels(
    queries: number,
    queryCount: number,
    states: number,
    projected: number,
    queryCodes: number,
    queryTable: number,
    scratch: number,
  ): void;
  close(states: number, query: number, rows: number, scores: number): void;
}

/** The kernel's first 64 KiB belong to the compiler. */
export const KERNEL_BASE = 65536;

const modules = new Map<boolean, WebAssembly.Module>();

function read(name: string): Buffer<ArrayBuffer> {
  return Buffer.from(readFileSync(path.join(distDir(), 'kernels', name)));
}

/**
 * The compiled kernel: the relaxed-SIMD build where the engine takes it, the plain one otherwise or when asked.
 * Both return the same bytes; the relaxed one prunes faster.
 */
export function topKernelModule(plain: boolean): WebAssembly.Module {
  const known = modules.get(plain);
  if (known !== undefined) return known;
  const relaxed = plain ? undefined : read('topk.relaxed.wasm');
  const bytes = relaxed !== undefined && WebAssembly.validate(relaxed) ? relaxed : read('topk.wasm');
  const compiled = new WebAssembly.Module(bytes);
  modules.set(plain, compiled);
  return compiled;
}

/** One instance for the calling thread over shared memory. */
export function instantiateTopKernel(compiled: WebAssembly.Module, memory: WebAssembly.Memory): TopKernel {
  const abort = (): never => {
    throw new Error('the top-k kernel aborted');
  };
  // The build of src/kernels/topk is what gives these exports their types.
  return new WebAssembly.Instance(compiled, { env: { memory, abort } }).exports as unknown as TopKernel;
}
