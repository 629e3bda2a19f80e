import { registerFlow } from '../../../src/pipeline/flows/registry.ts';
import { coverageFlow } from './flow.ts';
import { newestItems } from './newest-items.ts';

registerFlow(coverageFlow, [newestItems]);
