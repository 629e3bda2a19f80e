/** Entry of the explorer. */
import { explorerPanel } from '../../../src/protocol/panels/explorer.ts';
import { mount } from '../../kit/mount.ts';
import { ExplorerPage } from './explorer-page.ts';

mount(explorerPanel, (page) => new ExplorerPage(page));
