/** A sheet of an Excel workbook, rewritten as CSV. */
import * as fs from 'node:fs/promises';
import readWorkbook from 'read-excel-file/node';
import { messageOf, UserError } from '../../../protocol/user-error.ts';

/**
 * @param sheet its name; else the first that holds rows
 * @throws UserError for a workbook that cannot be read, or has no such sheet
 */
export async function writeExcelAsCsv(file: string, copy: string, sheet: string | undefined): Promise<void> {
  const sheets = await sheetsOf(file);
  const chosen = sheets.find(({ name, rows }) => (sheet === undefined ? rows.length > 0 : name === sheet));
  if (chosen === undefined)
    throw new UserError(
      sheet === undefined ? `${file} holds no rows in any sheet.` : `${file} has no sheet ‘${sheet}’.`,
      `Its sheets are ${sheets.map(({ name }) => name).join(', ')}; choose one with --sheet.`,
    );
  const lines = chosen.rows.map((row) => row.map(cellText).join(','));
  await fs.writeFile(copy, `${lines.join('\n')}\n`);
}

interface Sheet {
  readonly name: string;
  readonly rows: readonly (readonly unknown[])[];
}

async function sheetsOf(file: string): Promise<Sheet[]> {
  try {
    // Numbers stay the text they are, so that no digit of an identifier is lost.
    const sheets = await readWorkbook(file, { parseNumber: (text: string) => text });
    return sheets.map(({ sheet, data }) => ({ name: sheet, rows: data }));
  } catch (error) {
    throw new UserError(
      `${file} is an Excel workbook that cannot be read. (${messageOf(error)})`,
      'Save the sheet as CSV, and give that file.',
      { cause: error },
    );
  }
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text =
    value instanceof Date
      ? value.toISOString().replace('.000Z', '').replace('T', ' ')
      : typeof value === 'string'
        ? value
        : JSON.stringify(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
