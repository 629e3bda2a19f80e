import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take longest, of all suites: what comes last of them runs on when all others are done. */
const LONGEST = [
  'peers/word2vec-equality',
  'peers/deploy',
  'peers/transform',
  'cli/commands',
  'cli/tune',
  'flows/prepare-formats',
  'flows/prepare-order-text',
  'flows/prepare-exact',
  'predict/predict',
  'flow/other-executor',
  'flow/damaged-state',
  'other-flow/other-flow',
].map((name) => `${name}.test.ts`);

/** Which files come first: the longest, where nothing is known of them from earlier runs, as on a fresh machine. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const place = ({ moduleId }: TestSpecification): number => {
      const at = LONGEST.findIndex((name) => moduleId.endsWith(name));
      return at < 0 ? LONGEST.length : at;
    };
    return sorted.toSorted((a, b) => place(a) - place(b));
  }
}
