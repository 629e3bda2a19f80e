import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { expect, it } from 'vitest';
import { readNpy, writeNpy } from '../../../src/pipeline/data/npy.ts';
import { NpyWriter } from '../../../src/pipeline/data/npy-writer.ts';

it('writes piece by piece the bytes that are written at once, and refuses another length than promised', async () => {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'recsys-npy-'));
  const items = Int32Array.from({ length: 1000 }, (_, i) => i * i - 7);
  const [whole, pieces] = [path.join(folder, 'whole.npy'), path.join(folder, 'pieces.npy')];
  await writeNpy(whole, items);
  const writer = await NpyWriter.create(pieces, items, items.length);
  for (let at = 0; at < items.length; at += 300) await writer.append(items.subarray(at, at + 300));
  await writer.close();
  writer.check();
  expect(await fs.readFile(pieces)).toEqual(await fs.readFile(whole));
  expect((await readNpy(pieces, Int32Array)).array).toEqual(items);
  await expect(readNpy(pieces, Float32Array)).rejects.toThrow('holds <i4, not <f4');

  const short = await NpyWriter.create(pieces, items, items.length);
  await short.append(items.subarray(1));
  await short.close();
  expect(() => short.check()).toThrow('999 items written, 1000 promised');
  await expect(readNpy(pieces, Int32Array)).rejects.toThrow('cut short');
});
