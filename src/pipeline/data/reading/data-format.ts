import type { DataFormat, Reading } from '../../../protocol/dataset-spec.ts';
import { areExchangeable, dialectOf, isNamedColumn } from './detect-dialect.ts';
import type { TextSample } from './detect-dialect.ts';
import { decoderOf, encodingOf } from './encoding.ts';
import { peek } from './peek.ts';

const PARQUET = /\.(parquet|pq)$/i;
const TABLE = /\.(csv|tsv)(\.gz|\.zst)?$/i;
const JSON_TEXT = /\.(jsonl|ndjson|json)(\.gz|\.zst)?$/i;

/**
 * The format of a file by its first bytes, and of text by its extension and, where that says nothing, by its lines.
 * @throws UserError for files of kinds that are not read
 */
export async function formatOf(file: string, reading: Reading = {}): Promise<DataFormat> {
  const head = await peek(file);
  if (head.kind !== 'text') return head.kind === 'empty' ? 'csv' : head.kind;
  if (PARQUET.test(file)) return 'parquet';
  if (JSON_TEXT.test(file)) return 'jsonl';
  const decoder = decoderOf(reading.encoding ?? encodingOf(head.bytes, head.whole));
  const text = decoder.decode(head.bytes, { stream: !head.whole });
  return formatOfText({ text: text.replace(/^\uFEFF/, ''), whole: head.whole }, reading, TABLE.test(file));
}

/**
 * The format of the beginning of a text: JSON by a brace, a table when its lines have the same number of fields, and
 * else one sequence a line.
 * @param tabular its name says that it is a table
 */
export function formatOfText(sample: TextSample, reading: Reading = {}, tabular = false): DataFormat {
  if (!tabular && /^\s*[{[]/.test(sample.text)) return 'jsonl';
  const { form, records, ...marks } = dialectOf(sample, reading);
  if (form === 'table') return 'csv';
  const column = isNamedColumn({ records, marks }) || !areExchangeable(records);
  return tabular && column ? 'csv' : 'sequences';
}
