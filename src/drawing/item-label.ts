import { ITEM_SEPARATOR } from '../protocol/dataset-spec.ts';
import { oneLine } from '../protocol/text/escape.ts';

/** An item's name as a map writes it: its columns apart by dots, on one line. */
export function itemLabel(name: string, limit = 48): string {
  return oneLine(name.split(ITEM_SEPARATOR).join(' · '), limit);
}
