// Runs test suites and sums what they count. A suite is a command whose last counting line is
// "N passed, N failed" (", N skipped" may follow), or vitest's own summary.
import { stripVTControlCharacters } from 'node:util';
import { capture } from './run-command.mjs';

const PLAIN = /^(?:\w+: )?(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/;

function countsOfPlainLine(output) {
  const line = output.split('\n').findLast((candidate) => PLAIN.test(candidate.trim()));
  const match = line === undefined ? null : PLAIN.exec(line.trim());
  return match === null
    ? undefined
    : { passed: Number(match[1]), failed: Number(match[2]), skipped: Number(match[3] ?? 0) };
}

function countsOfVitest(output) {
  const lines = stripVTControlCharacters(output).split('\n');
  const line = lines.findLast((candidate) => /^\s*Tests\s+\d/.test(candidate));
  if (line === undefined) return undefined;
  const count = (word) => Number(new RegExp(`(\\d+) ${word}`).exec(line)?.[1] ?? 0);
  return { passed: count('passed'), failed: count('failed'), skipped: count('skipped') + count('todo') };
}

async function runSuite({ name, command, args, env = () => ({}), check = false, lane }) {
  console.log(`\n──── ${name}: ${[command === process.execPath ? 'node' : command, ...args].join(' ')}`);
  const started = Date.now();
  // Beside others it tells all when it has ended: lines of two suites between each other can be read by nobody.
  const isBeside = lane !== undefined;
  const { code, output } = await capture(command, args, { env: { ...process.env, ...env() } }, !isBeside);
  if (isBeside) process.stdout.write(`\n──── ${name}, all of it\n${output}`);
  const seconds = (Date.now() - started) / 1000;
  const counted = check
    ? { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 }
    : (countsOfPlainLine(output) ?? countsOfVitest(output));
  // A suite that fails without counting a failure, or counts nothing, has failed.
  const counts = counted ?? { passed: 0, failed: 1, skipped: 0 };
  if (code !== 0 && counts.failed === 0) counts.failed = 1;
  return { name, seconds, ...counts };
}

/** A suite that could not start is a failure, and the others still run. */
function missing({ name }, failed) {
  console.log(`\n──── ${name}: not run, since "${failed.name}" failed`);
  return { name, seconds: 0, passed: 0, failed: 1, skipped: 0 };
}

/** A promise with what settles it; Node 20 has none of its own. */
function withResolvers() {
  let resolve;
  const promise = new Promise((settle) => (resolve = settle));
  return { promise, resolve };
}

/** Suites of one lane, in their order. */
function lanesOf(suites) {
  const lanes = [...new Set(suites.map(({ lane }) => lane))];
  return lanes.map((own) => suites.filter(({ lane }) => lane === own));
}

/**
 * @param suites those of one `lane` run one after the other, and beside those of other lanes; `needs` names suites that
 * are waited for, and without which one cannot run
 * @returns the sum over all suites
 */
export async function runSuites(suites) {
  const ends = new Map(suites.map(({ name }) => [name, withResolvers()]));
  const runLane = async (lane) => {
    for (const suite of lane) {
      const needed = await Promise.all((suite.needs ?? []).map((name) => ends.get(name).promise));
      const failed = needed.find((end) => end.failed > 0);
      ends.get(suite.name).resolve(failed === undefined ? await runSuite(suite) : missing(suite, failed));
    }
  };
  await Promise.all(lanesOf(suites).map(runLane));
  const results = await Promise.all(suites.map(({ name }) => ends.get(name).promise));
  console.log('\n──── summary');
  for (const { name, passed, failed, skipped, seconds } of results)
    console.log(
      `${failed > 0 ? '✗' : '✓'} ${name.padEnd(28)} ${String(passed).padStart(4)} passed ${String(failed).padStart(3)} failed ${String(skipped).padStart(3)} skipped  ${seconds.toFixed(0)} s`,
    );
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  return { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
}

/** The closing line of a test run. */
export function closingLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
