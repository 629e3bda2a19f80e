import type { CardData } from '../../protocol/run-view.ts';
import { cardHtml } from './card-html.ts';
import { readViewAssets } from './panel-file.ts';

/**
 * The result card as one self-contained HTML file, for any browser, offline.
 * @throws UserError when the build has no renderer
 */
export async function renderCardHtml(card: CardData): Promise<string> {
  return cardHtml(card, await readViewAssets('card'));
}
