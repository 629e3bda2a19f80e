import { cardPanel } from '../../protocol/panels/card.ts';
import type { CardData } from '../../protocol/run-view.ts';
import { panelFileHtml, type ViewAssets } from './panel-file.ts';

/** The card as one HTML file. */
export function cardHtml(card: CardData, assets: ViewAssets): string {
  return panelFileHtml(
    {
      title: `${(card.run.labels.name ?? card.run.id).slice(0, 80)} – RecSys`,
      withoutScript: 'This card is drawn by a script inside this file, which is turned off.',
      setup: {
        version: cardPanel.version,
        key: card.run.id,
        strings: {},
        events: [{ name: 'card', payload: card }],
      },
    },
    assets,
  );
}
