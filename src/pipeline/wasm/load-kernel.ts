import { readFileSync } from 'node:fs';
import path from 'node:path';
import { distDir } from '../dist-dir.ts';

export interface LoadedKernel {
  readonly module: WebAssembly.Module;
  /** Whether it is the relaxed-SIMD build (fused multiply-add). */
  readonly relaxed: boolean;
}

const loaded = new Map<string, LoadedKernel>();

function readBuild(file: string): Buffer<ArrayBuffer> {
  return Buffer.from(readFileSync(path.join(distDir(), 'kernels', file)));
}

function load(name: string, plain: boolean): LoadedKernel {
  const relaxed = plain ? undefined : readBuild(`${name}.relaxed.wasm`);
  return relaxed !== undefined && WebAssembly.validate(relaxed)
    ? { module: new WebAssembly.Module(relaxed), relaxed: true }
    : { module: new WebAssembly.Module(readBuild(`${name}.wasm`)), relaxed: false };
}

/**
 * A compiled kernel, compiled once: the relaxed build where the engine knows it, else plain SIMD.
 * @param plain always takes plain SIMD, which gives the same bits on every machine, and which each kernel has
 */
export function loadKernel(name: string, plain: boolean): LoadedKernel {
  const key = `${name} ${plain}`;
  const known = loaded.get(key) ?? load(name, plain);
  loaded.set(key, known);
  return known;
}

function isKernel<Exports extends object>(
  exports: object,
  names: readonly (keyof Exports)[],
): exports is Exports {
  return names.every((name) => typeof Reflect.get(exports, name) === 'function');
}

/**
 * One instance of a kernel for the calling thread, over shared memory.
 * @param names of all its functions
 */
export function instantiateKernel<Exports extends object>(
  name: string,
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  names: readonly (keyof Exports)[],
): Exports {
  const abort = (): never => {
    throw new Error(`the ${name} kernel stopped itself`);
  };
  const { exports } = new WebAssembly.Instance(module, { env: { memory, abort } });
  if (!isKernel<Exports>(exports, names))
    throw new Error(`the ${name} kernel is of another version than this program: run \`npm run build\``);
  return exports;
}
