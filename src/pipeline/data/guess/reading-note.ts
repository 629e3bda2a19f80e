import { timeReadings } from '../roles/time-reading.ts';
import type { ColumnEvidence } from './column-evidence.ts';
import { quoted } from './columns.ts';

const LOOK = 300;

/** How text that orders rows is read, by the rows looked at; undefined where there is nothing to say. */
export function readingNote(column: ColumnEvidence | undefined): string | undefined {
  if (column?.kind === 'numbered')
    return `${quoted(column.name)} is read number by number: 2 comes before 10.`;
  if (column?.text !== true || !column.kind.startsWith('time')) return undefined;
  const texts = column.values.filter((value) => value !== null).slice(0, LOOK);
  const [likely = []] = timeReadings([...new Set(texts)]);
  const ways = likely.map(({ formats = [] }) => formats.join(', '));
  if (ways.length === 0) return undefined;
  if (ways.length === 1) return `${quoted(column.name)} is text and is read as ${ways.join()}.`;
  return `${quoted(column.name)} is text and can be read as ${ways.join(' or ')}: all rows are tried, and where they don't tell, --time-format does.`;
}
