/** What the map is coloured by. */
import {
  clusterColouring,
  frequencyColouring,
  groupColouring,
  plainColouring,
  type Colouring,
} from '../../../src/drawing/colouring.ts';
import { itemLabel } from '../../../src/drawing/item-label.ts';
import type { MapColour } from '../../../src/protocol/panels/map.ts';
import { count } from '../../kit/format.ts';
import type { MapItems } from './map-items.ts';
import type { MapText } from './map-text.ts';
import { marksColouring, type Marks } from './marks.ts';

export interface Clusters {
  readonly ofRow: Uint8Array;
  readonly typical: readonly (readonly number[])[];
}

const LABEL = 40;

/** The colouring that was asked for, or none where the items do not have it (yet). */
export function colouringOf(
  colour: MapColour,
  items: MapItems,
  { clusters, marks }: { readonly clusters: Clusters | undefined; readonly marks: Marks | undefined },
  text: MapText,
): Colouring {
  if (marks?.question.by === colour) return marksColouring(marks, text);
  if (colour === 'group' && items.groups !== undefined)
    return groupColouring(items.groups, {
      nameOf: (group) =>
        itemLabel(items.groupName(group) ?? text('groupOf', items.name(items.groupRow(group))), LABEL),
      others: text('otherGroups'),
      none: text('noGroup'),
    });
  if (colour === 'frequency')
    return frequencyColouring(items.counts, (from, to) =>
      to === undefined ? text('andMore', count(from)) : text('upTo', count(from), count(to)),
    );
  if (colour === 'cluster' && clusters !== undefined)
    return clusterColouring(
      clusters.ofRow,
      clusters.typical.map((rows) =>
        text('cluster', rows.map((row) => lastPart(items.name(row))).join(', ')),
      ),
    );
  return plainColouring(items.count, text('allItems'));
}

/** What tells an item from others most: the last of its columns. */
function lastPart(name: string): string {
  return itemLabel(name.slice(name.lastIndexOf('|||') + (name.includes('|||') ? 3 : 1)), LABEL);
}
