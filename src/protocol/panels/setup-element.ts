import { jsonForHtml } from '../text/json-for-html.ts';
import type { PanelSetup } from './setup.ts';

export const SETUP_ELEMENT = 'panel-setup';

/** The element that carries a page's setup: data, which no content security policy takes for a script. */
export function setupElement(setup: PanelSetup): string {
  return `<script type="application/json" id="${SETUP_ELEMENT}">${jsonForHtml(setup)}</script>`;
}
