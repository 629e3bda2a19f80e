/** Keeps the newest result of each benchmark in docs/benchmarks.json, and rewrites the table of docs/benchmarks.md. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import * as os from 'node:os';
import type { BenchResult, ResultRow } from './result-row.ts';

const JSON_FILE = 'docs/benchmarks.json';
const PAGE = 'docs/benchmarks.md';
const START = '<!-- results: written by npm run bench -->';
const END = '<!-- end of results -->';

interface Kept extends BenchResult {
  readonly date: string;
  readonly machine: string;
  readonly node: string;
}

function machine(): string {
  return `${os.availableParallelism()} cores of ${os.cpus()[0]?.model ?? 'an unknown processor'}, ${Math.round(os.totalmem() / 1e9)} GB, ${os.type()}`;
}

function line({ what, ours, reference, ratio, target, note }: ResultRow): string {
  const reach = target === undefined ? '' : `≥ ${target} × ${ratio >= target ? '✓' : '✗'}`;
  // JSON keeps what is no number as null.
  const times = Number.isFinite(ratio) ? `${ratio.toFixed(2)} ×` : '';
  return `| ${[what, ours, reference, times, reach, note ?? ''].join(' | ')} |`;
}

function section(name: string, { rows, about, date, machine: where, node }: Kept): string {
  const head = '| what | ours | reference | ratio | set target | remark |\n|---|---|---|---|---|---|';
  return `### ${name}\n\n${about} Measured ${date} on ${where}, Node ${node}: \`npm run bench -- ${name}\`.\n\n${head}\n${rows.map(line).join('\n')}\n`;
}

/**
 * @param results by benchmark name; those not run now keep their last result
 * @param names all benchmarks that there are: the results of others go
 */
export function writeResults(results: Readonly<Record<string, BenchResult>>, names: readonly string[]): void {
  const before = existsSync(JSON_FILE)
    ? (JSON.parse(readFileSync(JSON_FILE, 'utf8')) as Record<string, Kept>)
    : {};
  const date = new Date().toISOString().slice(0, 10);
  const now = Object.fromEntries(
    Object.entries(results)
      .filter(([, { rows }]) => rows.length > 0)
      .map(([name, result]) => [name, { ...result, date, machine: machine(), node: process.versions.node }]),
  );
  const kept = Object.fromEntries(
    Object.entries({ ...before, ...now }).filter(([name]) => names.includes(name)),
  );
  writeFileSync(JSON_FILE, `${JSON.stringify(kept, null, 2)}\n`);
  const tables = Object.entries(kept).map(([name, result]) => section(name, result));
  const page = existsSync(PAGE) ? readFileSync(PAGE, 'utf8') : `# Benchmarks\n\n${START}\n${END}\n`;
  const [head = '', rest = ''] = page.split(START);
  const tail = rest.split(END)[1] ?? '';
  writeFileSync(PAGE, `${head}${START}\n\n${tables.join('\n')}\n${END}${tail}`);
}
