import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { CardData } from '../../protocol/run-view.ts';
import { UserError } from '../../protocol/user-error.ts';
import { distDir } from '../dist-dir.ts';
import { cardHtml } from './card-html.ts';

async function readAsset(file: string): Promise<string> {
  const full = path.join(distDir(), 'webview', file);
  try {
    return await readFile(full, 'utf8');
  } catch (cause) {
    throw new UserError(`The card's renderer ${full} cannot be read.`, 'Build it with: npm run build', {
      cause,
    });
  }
}

/**
 * The result card as one self-contained HTML file, for any browser, offline.
 * @throws UserError when the build has no renderer
 */
export async function renderCardHtml(card: CardData): Promise<string> {
  const [script, style] = await Promise.all([readAsset('card.js'), readAsset('card.css')]);
  return cardHtml(card, { script, style });
}
