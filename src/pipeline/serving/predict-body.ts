/**
 * The bodies of predictions, as TensorFlow Serving's REST interface has them: row format (`instances`) or columnar format
 * (`inputs`).
 */
import { DEFAULT_K, MOST_ITEMS } from '../../protocol/query-limits.ts';
import { badRequest } from './http-error.ts';
import type { ServedQuery } from './served-query.ts';
import { DEFAULT_SIGNATURE, LIST_SIGNATURE, PADDING, type SignatureName } from './signatures.ts';

/** Queries of one request, at most. */
export const MOST_INSTANCES = 1024;

export interface PredictRequest {
  readonly signature: SignatureName;
  readonly format: 'row' | 'columnar';
  readonly queries: readonly ServedQuery[];
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * @param body of a request, of any content
 * @throws HttpError with the reason why it cannot be answered
 */
export function readPredictBody(body: unknown, maxK: number): PredictRequest {
  if (!isFields(body))
    throw badRequest(
      'The body must be a JSON object with "instances" (row format) or "inputs" (columnar format).',
    );
  const signature = signatureOf(body);
  const { instances, inputs } = body;
  if (instances !== undefined && inputs !== undefined)
    throw badRequest('The body has both "instances" and "inputs". Send one of them.');
  if (instances === undefined && inputs === undefined)
    throw badRequest('The body has neither "instances" (row format) nor "inputs" (columnar format).');
  if (instances !== undefined)
    return { signature, format: 'row', queries: readRows(signature, instances, maxK) };
  return { signature, format: 'columnar', queries: readColumns(signature, inputs, maxK) };
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function signatureOf({ signature_name: name = DEFAULT_SIGNATURE }: Fields): SignatureName {
  // TensorFlow Serving takes an empty name for none.
  if (name === DEFAULT_SIGNATURE || name === '') return DEFAULT_SIGNATURE;
  if (name === LIST_SIGNATURE) return LIST_SIGNATURE;
  throw badRequest(
    `"signature_name" is ${said(name)}; the model has "${DEFAULT_SIGNATURE}" and "${LIST_SIGNATURE}".`,
  );
}

function rowsOf(value: unknown, where: string): readonly unknown[] {
  if (!Array.isArray(value)) throw badRequest(`${where} must be a list.`);
  if (value.length > MOST_INSTANCES)
    throw badRequest(
      `${where} has ${value.length} entries; at most ${MOST_INSTANCES} are answered together.`,
    );
  return value;
}

function readRows(signature: SignatureName, instances: unknown, maxK: number): ServedQuery[] {
  const rows = rowsOf(instances, '"instances"');
  const queries = rows.map((row, at) => {
    const where = `instances[${at}]`;
    if (signature === DEFAULT_SIGNATURE) return itemQuery(defaultInput(row, where), where);
    if (!isFields(row)) throw badRequest(`${where} must be an object with "items", "k" and "exclude_query".`);
    requireOnly(row, ['items', 'k', 'exclude_query'], where);
    return listQuery(row, where, maxK);
  });
  requireEqualLengths(signature, rows);
  return queries;
}

function defaultInput(row: unknown, where: string): unknown {
  if (!isFields(row)) return row;
  requireOnly(row, ['input_1'], where);
  return row['input_1'];
}

function itemQuery(item: unknown, where: string): ServedQuery {
  if (typeof item !== 'string')
    throw badRequest(`${where} must be the identifier of an item, a string; it is ${said(item)}.`);
  return { items: [item], k: DEFAULT_K };
}

function listQuery(
  { items, k, exclude_query: excludeQuery }: Fields,
  where: string,
  maxK: number,
): ServedQuery {
  return {
    items: listOf(items, `${where}.items`),
    k: countOf(k, `${where}.k`, maxK),
    excludeQuery: flagOf(excludeQuery, `${where}.exclude_query`),
  };
}

function listOf(items: unknown, where: string): string[] {
  if (!Array.isArray(items))
    throw badRequest(`${where} must be a list of identifiers, the oldest first; it is ${said(items)}.`);
  if (items.length > MOST_ITEMS)
    throw badRequest(`${where} has ${items.length} entries; a query has at most ${MOST_ITEMS}.`);
  const names: string[] = [];
  items.forEach((item: unknown, at) => {
    if (typeof item !== 'string') throw badRequest(`${where}[${at}] must be a string; it is ${said(item)}.`);
    if (item !== PADDING) names.push(item);
  });
  return names;
}

function countOf(k: unknown, where: string, maxK: number): number {
  if (typeof k === 'number' && Number.isInteger(k) && k >= 1 && k <= maxK) return k;
  throw badRequest(`${where} must be a whole number from 1 to ${maxK}; it is ${said(k)}.`);
}

function flagOf(flag: unknown, where: string): boolean {
  if (typeof flag === 'boolean') return flag;
  throw badRequest(`${where} must be true or false; it is ${said(flag)}.`);
}

/** Rows become one tensor in TensorFlow, which refuses others; so that what works here works there. */
function requireEqualLengths(signature: SignatureName, rows: readonly unknown[]): void {
  if (signature === DEFAULT_SIGNATURE) return;
  const lengths = rows.map((row) => (isFields(row) && Array.isArray(row['items']) ? row['items'].length : 0));
  const at = lengths.findIndex((length) => length !== lengths[0]);
  if (at >= 0)
    throw badRequest(
      `instances[${at}].items has ${lengths[at] ?? 0} entries and instances[0].items ${lengths[0] ?? 0}: fill up the shorter ones with "" on the right.`,
    );
}

function readColumns(signature: SignatureName, inputs: unknown, maxK: number): ServedQuery[] {
  if (signature === DEFAULT_SIGNATURE) {
    const [column, where] = isFields(inputs) ? [onlyInput(inputs), '"inputs.input_1"'] : [inputs, '"inputs"'];
    return rowsOf(column, where).map((item, at) => itemQuery(item, `${where.slice(1, -1)}[${at}]`));
  }
  if (!isFields(inputs))
    throw badRequest('"inputs" must be an object with "items", "k" and "exclude_query".');
  requireOnly(inputs, ['items', 'k', 'exclude_query'], 'inputs');
  const items = rowsOf(inputs['items'], '"inputs.items"');
  const k = rowsOf(inputs['k'], '"inputs.k"');
  const exclude = rowsOf(inputs['exclude_query'], '"inputs.exclude_query"');
  for (const [name, column] of Object.entries({ k, exclude_query: exclude })) {
    if (column.length !== items.length)
      throw badRequest(`inputs.${name} has ${column.length} entries and inputs.items ${items.length}.`);
  }
  const rows = items.map((list, at) => ({ items: list, k: k[at], exclude_query: exclude[at] }));
  const queries = rows.map((row, at) => ({
    items: listOf(row.items, `inputs.items[${at}]`),
    k: countOf(row.k, `inputs.k[${at}]`, maxK),
    excludeQuery: flagOf(row.exclude_query, `inputs.exclude_query[${at}]`),
  }));
  requireEqualLengths(signature, rows);
  return queries;
}

function onlyInput(inputs: Fields): unknown {
  requireOnly(inputs, ['input_1'], 'inputs');
  return inputs['input_1'];
}

function requireOnly(fields: Fields, known: readonly string[], where: string): void {
  const other = Object.keys(fields).find((name) => !known.includes(name));
  if (other !== undefined)
    throw badRequest(
      `${where} has ${said(other)}; the signature takes ${known.map((name) => `"${name}"`).join(', ')}.`,
    );
  const missing = known.find((name) => !Object.hasOwn(fields, name));
  if (missing !== undefined) throw badRequest(`${where} lacks "${missing}".`);
}

const SHOWN = 60;

/** A value as errors show it: a beginning of it. */
function said(value: unknown): string {
  if (value === undefined) return 'missing';
  const text =
    typeof value === 'object' && value !== null
      ? Array.isArray(value)
        ? 'a list'
        : 'an object'
      : JSON.stringify(value);
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}
