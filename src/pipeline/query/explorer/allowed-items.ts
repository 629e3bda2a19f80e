import type { ListFilter } from '../../../protocol/engine/explorer.ts';
import type { AllowedItems } from '../../kinds/ranking/allowed-candidates.ts';
import type { AskedModel } from './asked-model.ts';
import { excludedItems } from './excluded-items.ts';

export interface Allowed {
  /** Undefined where all are. */
  readonly items: AllowedItems | undefined;
  /** Groups that were to be left out and are not known here. */
  readonly unknownGroups: readonly string[];
}

/** The items that a filter lets through. Folding is no matter of single items. */
export function allowedItems(
  asked: AskedModel,
  { exclude, minRows = 0, maxRows = Infinity }: ListFilter,
): Allowed {
  const { catalogue } = asked.model;
  const { names, groups } = asked;
  const { groups: leftOut, codes, unknownGroups } = excludedItems(asked, exclude);
  const isWhole = leftOut.size === 0 && codes.size === 0 && minRows === 0 && maxRows === Infinity;
  if (isWhole) return { items: undefined, unknownGroups };
  const items = new Uint8Array(names.count);
  for (let code = 0; code < items.length; code++) {
    const rows = catalogue.trainCounts[code] ?? 0;
    if (rows >= minRows && rows <= maxRows && !leftOut.has(groups.of(code)) && !codes.has(code))
      items[code] = 1;
  }
  return { items, unknownGroups };
}
