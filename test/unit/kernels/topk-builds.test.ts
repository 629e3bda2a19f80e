import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { distDir } from '../../../src/pipeline/dist-dir.ts';
import { instantiateTopKernel, topKernelModule } from '../../../src/pipeline/neighbours/topk-kernel.ts';

const memory = (): WebAssembly.Memory => new WebAssembly.Memory({ initial: 4, maximum: 4, shared: true });
const BASE = 65536;

test('the relaxed build is taken where the engine has relaxed SIMD, the plain one when asked', () => {
  const relaxed = Buffer.from(readFileSync(path.join(distDir(), 'kernels', 'topk.relaxed.wasm')));
  const bytes = WebAssembly.validate(relaxed) ? 1 : 2;
  expect(instantiateTopKernel(topKernelModule(false), memory()).queryCodeBytes()).toBe(bytes);
  expect(instantiateTopKernel(topKernelModule(true), memory()).queryCodeBytes()).toBe(2);
});

test('a score has the same bits in a tile, at its edges, and in both builds', () => {
  const stride = 12;
  const counts = { queries: 5, rows: 7 };
  const results = [false, true].map((plain) => {
    const own = memory();
    const kernel = instantiateTopKernel(topKernelModule(plain), own);
    const length = (counts.queries + counts.rows) * stride;
    const values = Float32Array.from({ length }, (_, i) => Math.fround(((i * 7919) % 1013) / 1013 - 0.4));
    new Float32Array(own.buffer, BASE, length).set(values);
    const rowsAt = BASE + counts.queries * stride * 4;
    const out = rowsAt + counts.rows * stride * 4;
    kernel.scores(BASE, counts.queries, rowsAt, counts.rows, stride, out, counts.rows);
    const together = [...new Float32Array(own.buffer, out, counts.queries * counts.rows)];
    together.forEach((score, i) => {
      const query = BASE + Math.floor(i / counts.rows) * stride * 4;
      const row = rowsAt + (i % counts.rows) * stride * 4;
      kernel.scores(query, 1, row, 1, stride, out, 1);
      expect(new Float32Array(own.buffer, out, 1)[0]).toBe(score);
    });
    return together;
  });
  expect(results[0]).toEqual(results[1]);
});

test('the first row with a NaN or an infinity is found in any place', () => {
  const own = memory();
  const kernel = instantiateTopKernel(topKernelModule(false), own);
  const rows = new Float32Array(own.buffer, BASE, 6 * 8).fill(3e38);
  expect(kernel.firstNonFinite(BASE, 6, 8)).toBe(-1);
  for (const bad of [NaN, Infinity, -Infinity]) {
    for (let column = 0; column < 8; column++) {
      rows.fill(-3e38);
      rows[4 * 8 + column] = bad;
      expect(kernel.firstNonFinite(BASE, 6, 8)).toBe(4);
    }
  }
});
