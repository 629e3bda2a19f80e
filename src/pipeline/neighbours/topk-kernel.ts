import { instantiateKernel, loadKernel } from '../wasm/load-kernel.ts';

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
  scoresOf(
    queries: number,
    queryCount: number,
    rows: number,
    numbers: number,
    count: number,
    stride: number,
    out: number,
  ): void;
  open(
    states: number,
    query: number,
    keys: number,
    capacity: number,
    pending: number,
    pendingRoom: number,
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
  queryCodeBytes(): number;
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

const NAMES = [
  'stateBytes',
  'flatScratch',
  'firstNonFinite',
  'largestLength',
  'scores',
  'scoresOf',
  'open',
  'scanFlat',
  'queryCodeBytes',
  'usePanels',
  'panelScratch',
  'scanPanels',
  'close',
] as const satisfies readonly (keyof TopKernel)[];

/** The compiled kernel. Both builds return the same bytes; the relaxed one prunes faster. */
export function topKernelModule(plain: boolean): WebAssembly.Module {
  return loadKernel('topk', plain).module;
}

/** One instance for the calling thread over shared memory. */
export function instantiateTopKernel(module: WebAssembly.Module, memory: WebAssembly.Memory): TopKernel {
  return instantiateKernel('topk', module, memory, NAMES);
}
