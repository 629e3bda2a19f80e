/** Entry of the result card, in a webview and in a file of its own. */
import { cardPanel } from '../../../src/protocol/panels/card.ts';
import { mount } from '../../kit/mount.ts';
import { CardPage } from './card-page.ts';

mount(cardPanel, (page) => new CardPage(page));
