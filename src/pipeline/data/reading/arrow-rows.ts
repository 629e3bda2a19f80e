/** Arrow files (Feather version 2) and streams, rewritten as JSON lines, which keep lists, records and every digit. */
import * as fs from 'node:fs/promises';
import { CompressionType, setCompressionCodec, tableFromIPC } from '@uwdata/flechette';
import { decompress as unzstd } from 'fzstd';
import { decompress as unlz4 } from 'lz4js';
import { messageOf, UserError } from '../../../protocol/user-error.ts';

/** Rows written at a time. */
const STRETCH = 10_000;

/**
 * @param most rows to write
 * @throws UserError for a file that is cut off or damaged
 */
export async function writeArrowAsJson(file: string, copy: string, most: number): Promise<void> {
  const table = await readTable(file);
  const names = table.names;
  const columns = names.map((name) => table.getChild(name));
  const rows = Math.min(most, table.numRows);
  const out = await fs.open(copy, 'w');
  try {
    for (let from = 0; from < rows; from += STRETCH) {
      const lines: string[] = [];
      for (let row = from; row < Math.min(rows, from + STRETCH); row++)
        lines.push(
          `{${names.map((name, at) => `${JSON.stringify(name)}:${jsonOf(columns[at]?.at(row))}`).join(',')}}`,
        );
      await out.write(`${lines.join('\n')}\n`);
    }
  } finally {
    await out.close();
  }
}

async function readTable(file: string): Promise<ReturnType<typeof tableFromIPC>> {
  setCompressionCodec(CompressionType.ZSTD, { encode: refuse, decode: (bytes) => aligned(unzstd(bytes)) });
  setCompressionCodec(CompressionType.LZ4_FRAME, {
    encode: refuse,
    decode: (bytes) => aligned(unlz4(bytes)),
  });
  const bytes = await fs.readFile(file);
  try {
    return tableFromIPC(bytes, { useBigInt: true, useDate: true });
  } catch (error) {
    throw new UserError(
      `${file} is an Arrow file that is cut off or damaged. (${messageOf(error)})`,
      'Copy or download it again, or write it as parquet.',
      { cause: error },
    );
  }
}

/** Columns of numbers are views of their bytes, which must begin where a number may. */
function aligned(bytes: Uint8Array): Uint8Array {
  return bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
}

function refuse(): never {
  throw new Error('nothing is packed here');
}

/** A value as JSON: whole numbers of any size with all digits, times in ISO 8601, bytes as the text they are. */
function jsonOf(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') return Number.isFinite(value) ? JSON.stringify(value) : 'null';
  if (value instanceof Date)
    return JSON.stringify(value.toISOString().replace('T00:00:00.000Z', '').replace('Z', ''));
  if (value instanceof Uint8Array) return JSON.stringify(new TextDecoder().decode(value));
  if (typeof value !== 'object') return JSON.stringify(value);
  if (isIterable(value)) return `[${[...value].map(jsonOf).join(',')}]`;
  return `{${Object.entries(value)
    .map(([name, field]) => `${JSON.stringify(name)}:${jsonOf(field)}`)
    .join(',')}}`;
}

function isIterable(value: object): value is Iterable<unknown> {
  return Symbol.iterator in value;
}
