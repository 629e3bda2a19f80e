import type { StepDefinition } from '../../../flow/flow-definition.ts';

/** The code comes with DuckDB, so only a process that prepares data loads it. */
const loadCode = () => import('./prepare-data.ts');

/** The first step of every flow: from a data file to integer-coded, split sequences and a profile of the data. */
export const prepareStep: StepDefinition = {
  name: 'prepare',
  title: 'Prepare data',
  needs: [],
  uses: ['seed'],
  version: '12',
  shared: true,
  parallel: () => true,
  weight: () => 1,
  run: async (context) => {
    const { prepare } = await loadCode();
    await prepare(context);
  },
  load: loadCode,
};
