import { mapPanel } from '../../protocol/panels/map.ts';
import type { PayloadOf } from '../../protocol/panels/contract.ts';
import { panelFileHtml, type ViewAssets } from './panel-file.ts';

type Payload<E extends keyof typeof mapPanel.events> = PayloadOf<typeof mapPanel, E>;

/** All that a map tells, its arrays in base64. */
export interface MapFileData {
  readonly items: Payload<'items'>;
  readonly clusters: Payload<'clusters'>;
  /** Absent of many items, which would make the file large. */
  readonly neighbours?: Payload<'neighbours'>;
  readonly picture: Payload<'picture'>;
}

/** The map as one HTML file. */
export function mapHtml({ items, clusters, neighbours, picture }: MapFileData, assets: ViewAssets): string {
  return panelFileHtml(
    {
      title: `Map of ${items.model} of ${items.label ?? items.run} – RecSys`.slice(0, 160),
      withoutScript: 'This map is drawn by a script inside this file, which is turned off.',
      setup: {
        version: mapPanel.version,
        key: { run: items.run, model: items.model },
        strings: {},
        events: [
          { name: 'items', payload: items },
          { name: 'clusters', payload: clusters },
          ...(neighbours === undefined ? [] : [{ name: 'neighbours', payload: neighbours }]),
          { name: 'picture', payload: picture },
        ],
      },
    },
    assets,
  );
}
