import { openItemTable } from './item-names.ts';

/**
 * The names of some items, by item code, without reading those of all.
 * @throws UserError when the table is broken or cannot be read
 */
export async function namesOf(itemsFile: string, codes: Iterable<number>): Promise<Map<number, string>> {
  const wanted = [...new Set(codes)].filter((code) => code >= 0);
  if (wanted.length === 0) return new Map();
  return openItemTable(itemsFile, async (query) => {
    const [items = [], names = []] = await query(`WHERE item IN (${wanted.join(', ')})`);
    return new Map(items.map((item, at) => [Number(item), String(names[at])]));
  });
}
