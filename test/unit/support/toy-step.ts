/** The program that runs a toy step, as `recsys step --standby` does: told `step <run> <step> --store <folder> --threads <n>`. */
import { RunStore } from '../../../src/pipeline/store/run-store.ts';
import { standBy } from '../../../src/pipeline/flow/stand-by.ts';
import { runStepProcess } from '../../../src/pipeline/flow/step-process.ts';
import { toyFlow } from './toy-flow.ts';

const [, id = '', step = '', , folder = '', , threads = '1'] = await standBy();
const run = RunStore.open(folder).run(id);
const code = await runStepProcess(toyFlow, run, step, {
  threads: Number(threads),
  memoryLimit: 1000,
  onEvent: (event) => {
    if (process.connected) process.send?.({ event });
  },
});
setTimeout(() => process.exit(code), 10);
