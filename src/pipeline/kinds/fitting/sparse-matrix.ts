/** A sparse matrix over items by rows (CSR), as models keep it and as three `.npy` files. */
import { readNpy, writeNpy } from '../../data/npy.ts';
import type { WriteArtifact } from './fit-context.ts';

export interface SparseMatrix {
  /** Start of each row in `targets` and `values`, and the end of the last: rows + 1. */
  readonly offsets: Uint32Array;
  readonly targets: Int32Array;
  readonly values: Float32Array;
}

/** Writes a matrix as the artifacts `<name>Offsets`, `<name>Targets` and `<name>Values`. */
export async function writeSparse(write: WriteArtifact, name: string, matrix: SparseMatrix): Promise<void> {
  await write(`${name}Offsets`, `${name}-offsets.npy`, (file) => writeNpy(file, matrix.offsets));
  await write(`${name}Targets`, `${name}-targets.npy`, (file) => writeNpy(file, matrix.targets));
  await write(`${name}Values`, `${name}-values.npy`, (file) => writeNpy(file, matrix.values));
}

/** Reads what `writeSparse` wrote. */
export async function readSparse(locate: (artifact: string) => string, name: string): Promise<SparseMatrix> {
  const [offsets, targets, values] = await Promise.all([
    readNpy(locate(`${name}Offsets`), Uint32Array),
    readNpy(locate(`${name}Targets`), Int32Array),
    readNpy(locate(`${name}Values`), Float32Array),
  ]);
  return { offsets: offsets.array, targets: targets.array, values: values.array };
}

/** Collects the entries of a matrix whose size is not known beforehand, row after row. */
export class SparseBuilder {
  private readonly offsets: Uint32Array;
  private targets = new Int32Array(1 << 16);
  private values = new Float32Array(1 << 16);
  private row = 0;
  private size = 0;

  constructor(rows: number) {
    this.offsets = new Uint32Array(rows + 1);
  }

  push(target: number, value: number): void {
    if (this.size === this.targets.length) this.grow();
    this.targets[this.size] = target;
    this.values[this.size] = value;
    this.size++;
  }

  endRow(): void {
    this.row++;
    this.offsets[this.row] = this.size;
  }

  finish(): SparseMatrix {
    return {
      offsets: this.offsets,
      targets: this.targets.slice(0, this.size),
      values: this.values.slice(0, this.size),
    };
  }

  private grow(): void {
    const targets = new Int32Array(this.size * 2);
    targets.set(this.targets);
    this.targets = targets;
    const values = new Float32Array(this.size * 2);
    values.set(this.values);
    this.values = values;
  }
}
