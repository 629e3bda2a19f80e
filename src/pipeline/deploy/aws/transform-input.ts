/**
 * Queries as a batch transform job reads them: a line a request, which TensorFlow Serving's container passes on as it is, as
 * it is JSON with `instances`. So it can name the signature, which a line an instance could not.
 */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { UserError } from '../../../protocol/user-error.ts';
import { formatBytes } from '../../../protocol/text/format.ts';
import type { ItemNames } from '../../model/item-names.ts';
import { LineFile } from '../../predict/line-file.ts';
import type { QueryBatch } from '../../predict/query-batches.ts';
import type { AskedLists } from '../../predict/rank-lists.ts';
import type { WrittenArchive } from '../archive-writer.ts';
import { MOST_LINE_BYTES } from './transform-job.ts';

/** Names that a request may ask and be answered with, padding included: a megabyte or so. */
const CELLS = 1 << 15;
/** Bytes after which a new file is begun, as instances share files out among them. */
const FILE_BYTES = 64 << 20;

export interface TransformInput {
  readonly files: readonly WrittenArchive[];
  /** Bytes of the longest line. */
  readonly longest: number;
}

type AskedQueries = Pick<AskedLists, 'batches' | 'names' | 'k' | 'seen' | 'signal' | 'queries'>;

/**
 * @param fileBytes for tests
 * @throws UserError where a query is too long to be sent
 */
export async function writeTransformInput(
  asked: AskedQueries,
  folder: string,
  onQueries: (done: number) => void,
  fileBytes = FILE_BYTES,
): Promise<TransformInput> {
  await fs.mkdir(folder);
  const lines = requestLines(asked, onQueries);
  const files: WrittenArchive[] = [];
  let longest = 0;
  for (let next = await lines.next(); next.done !== true;) {
    const file = path.join(folder, inputName(files.length));
    const hash = createHash('sha256');
    let bytes = 0;
    await LineFile.write(file, async (to) => {
      for (; next.done !== true && bytes < fileBytes; next = await lines.next()) {
        const length = Buffer.byteLength(next.value);
        longest = Math.max(longest, length);
        bytes += length;
        hash.update(next.value);
        await to.add(next.value);
      }
    });
    files.push({ file, bytes, sha256: hash.digest('hex') });
  }
  if (longest > MOST_LINE_BYTES)
    throw new UserError(
      `A query is of ${formatBytes(longest)}, and SageMaker takes ${formatBytes(MOST_LINE_BYTES)} at most.`,
      'Predict on this machine (without --at-aws), or leave out of that query what is old. Nothing was made.',
      {
        inWindow: 'Predict on this machine, or leave out of that query what is old. Nothing was made.',
      },
    );
  return { files, longest };
}

/** Its number has leading zeros, so that names are in the order of the files. */
export function inputName(at: number): string {
  return `part-${String(at).padStart(5, '0')}.jsonl`;
}

async function* requestLines(
  { batches, names, k, seen, signal }: AskedQueries,
  onQueries: (done: number) => void,
): AsyncGenerator<string, void, void> {
  let done = 0;
  for await (const batch of batches()) {
    signal.throwIfAborted();
    for (const instances of requestsOf(batch, k))
      yield `${JSON.stringify({ signature_name: 'recommend', instances: paddedInstances(instances, names, k, seen) })}\n`;
    onQueries((done += batch.count));
  }
}

/** Parts the queries of a batch, as all of a request are padded to the longest. */
function* requestsOf({ count, codes, starts }: QueryBatch, k: number): Generator<Int32Array[]> {
  let queries: Int32Array[] = [];
  let width = 1;
  for (let at = 0; at < count; at++) {
    const query = codes.subarray(starts[at], starts[at + 1]);
    const wider = Math.max(width, query.length);
    if (queries.length > 0 && (queries.length + 1) * (wider + k) > CELLS) {
      yield queries;
      [queries, width] = [[], 1];
    }
    queries.push(query);
    width = Math.max(width, query.length);
  }
  if (queries.length > 0) yield queries;
}

function paddedInstances(
  queries: readonly Int32Array[],
  names: ItemNames,
  k: number,
  seen: AskedLists['seen'],
): unknown[] {
  const width = queries.reduce((most, { length }) => Math.max(most, length), 1);
  return queries.map((query) => {
    const items = Array.from(query, (code) => names.name(code));
    while (items.length < width) items.push('');
    return { items, k, exclude_query: seen === 'removed' };
  });
}
