/** Entry of *Try It*. */
import { endpointPanel } from '../../../src/protocol/panels/endpoint.ts';
import { mount } from '../../kit/mount.ts';
import { EndpointPage } from './endpoint-page.ts';

mount(endpointPanel, (page) => new EndpointPage(page));
