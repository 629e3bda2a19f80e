import type { StepDefinition } from '../../flow/flow-definition.ts';

/** The first step of every flow: from a data file to integer-coded, split sequences and a profile of the data. */
export const prepareStep: StepDefinition = {
  name: 'prepare',
  title: 'Prepare data',
  needs: [],
  uses: ['seed'],
  version: '3',
  shared: true,
  parallel: () => true,
  weight: () => 1,
  run: async (context) => {
    const { prepare } = await import('./prepare-data.ts');
    await prepare(context);
  },
};
