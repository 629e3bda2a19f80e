/** A section of a card as text for a terminal. */
import type { CardSection, NumberForm, SectionBlock, SectionCell } from '../../protocol/panels/section.ts';
import { writer } from '../../protocol/text/number-form.ts';
import { plainText } from './format.ts';
import { paint, table } from './terminal.ts';

function cellText(cell: SectionCell, form?: NumberForm): string {
  if (cell === null) return '–';
  return typeof cell === 'number' ? writer(form)(cell) : plainText(cell);
}

/** Heading and rows of a table, and which of its columns hold numbers. */
function tableText(
  heading: readonly string[],
  rows: readonly (readonly SectionCell[])[],
  forms: readonly (NumberForm | undefined)[],
): string {
  const right = heading.flatMap((_, at) => (rows.some((row) => typeof row[at] === 'number') ? [at] : []));
  const texts = rows.map((row) => row.map((cell, at) => cellText(cell, forms[at])));
  return table(heading.map(plainText), texts, right);
}

function blockText(block: SectionBlock): string {
  switch (block.type) {
    case 'text':
      return block.tone === 'warning' ? paint.yellow(`! ${plainText(block.text)}`) : plainText(block.text);
    case 'figures':
      return block.figures
        .map(
          ({ label, value, form, unit }) =>
            `${plainText(label)} ${[cellText(value, form), unit].join(' ').trim()}`,
        )
        .join(' · ');
    case 'table':
      return tableText(
        block.columns.map(({ label }) => label),
        block.rows,
        block.columns.map(({ form }) => form),
      );
    case 'barChart':
      return tableText(
        ['', block.value.label],
        block.bars.map(({ label, value }) => [label, value]),
        [undefined, block.value.form],
      );
    case 'lineChart':
      return tableText(
        ['', block.x.label, block.y.label],
        block.lines.map(({ name, points }) => [name, ...(points.at(-1) ?? [null, null])]),
        [undefined, block.x.form, block.y.form],
      );
  }
}

/** Charts become tables: of bars all, of lines where each ends. */
export function sectionText({ title, blocks }: CardSection): string {
  return [paint.bold(plainText(title)), ...blocks.map(blockText)].join('\n');
}
