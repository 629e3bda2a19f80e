import type { MapPanelContract } from '../../../src/protocol/panels/map.ts';
import type { StringName } from '../../../src/protocol/panels/contract.ts';
import { count } from '../../kit/format.ts';

/** A text of the page, translated where the extension has a translation. */
export type MapText = (name: StringName<MapPanelContract>, ...values: readonly string[]) => string;

/** `1 item`, `7,556 items`. */
export function countText(items: number, text: MapText): string {
  return items === 1 ? text('countOne') : text('count', count(items));
}
