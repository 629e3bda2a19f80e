/** Entry of the map, in a webview and in a file of its own. */
import { mapPanel } from '../../../src/protocol/panels/map.ts';
import { mount } from '../../kit/mount.ts';
import { MapPage } from './map-page.ts';

mount(mapPanel, (page) => new MapPage(page));
