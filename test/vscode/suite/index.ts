/** Entry of the suite inside the extension host: VS Code awaits `run()`, and its rejection is a failure. */
import Mocha from 'mocha';
import { activationSuite } from './activation.ts';
import { bytesSuite } from './bytes.ts';
import { hoverSuite } from './hover.ts';
import { hoverAtSizeSuite } from './hover-at-size.ts';
import { manifestSuite } from './manifest.ts';
import { textSuite } from './text.ts';
import { treeSuite } from './tree.ts';

const SUITES = {
  activation: activationSuite,
  manifest: manifestSuite,
  text: textSuite,
  tree: treeSuite,
  bytes: bytesSuite,
  hover: hoverSuite,
  'hover-at-size': hoverAtSizeSuite,
};

export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', color: false, timeout: 30_000, reporter: 'spec' });
  const { RECSYS_ONLY_SUITE: only, RECSYS_LEFT_OUT_SUITE: leftOut } = process.env;
  for (const [name, define] of Object.entries(SUITES))
    if ((only === undefined || only === name) && name !== leftOut) define(mocha.suite);
  let passed = 0;
  const failed = await new Promise<number>((resolve) => {
    const runner = mocha.run(resolve);
    runner.on('pass', () => passed++);
  });
  console.log(`${passed} passed, ${failed} failed`);
  if (failed > 0 || passed === 0) throw new Error(`${failed} tests failed`);
}
