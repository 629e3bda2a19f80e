import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { distDir } from '../dist-dir.ts';

/**
 * Compiles a kernel: the relaxed build (fused multiply-add) where the engine knows it, else plain SIMD.
 * @param deterministic always takes plain SIMD, which gives the same bits on every machine
 */
export async function compileKernel(
  name: string,
  deterministic: boolean,
): Promise<{ module: WebAssembly.Module; relaxed: boolean }> {
  const folder = path.join(distDir(), 'kernels');
  if (!deterministic) {
    const relaxed = await readFile(path.join(folder, `${name}.relaxed.wasm`));
    if (WebAssembly.validate(relaxed)) return { module: new WebAssembly.Module(relaxed), relaxed: true };
  }
  return {
    module: new WebAssembly.Module(await readFile(path.join(folder, `${name}.wasm`))),
    relaxed: false,
  };
}
