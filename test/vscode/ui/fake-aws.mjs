// Starts AWS as tests have it (test/peers/support/fake-aws.ts), which needs a Python with moto in RECSYS_PYTHON.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import * as esbuild from 'esbuild';
import { repository, results } from '../places.mjs';

/** @param packages folders of packages, by the ids of their runs */
export async function startFakeAws(packages) {
  // Within the repository, so that what is not bundled is found.
  mkdirSync(results, { recursive: true });
  const program = path.join(results, 'fake-aws.mjs');
  await esbuild.build({
    ...{ entryPoints: [path.join(repository, 'test/peers/support/fake-aws.ts')], outfile: program },
    ...{ bundle: true, platform: 'node', format: 'esm', target: 'node20', logLevel: 'error' },
    external: ['@duckdb/node-api', '@aws-sdk/*'],
  });
  const words = Object.entries(packages).map(([run, folder]) => `${run}=${folder}`);
  const child = spawn(process.execPath, [program, ...words], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the AWS of the tests ended with exit code ${code}`);
  });
  ended.catch(() => undefined);
  const lines = createInterface(child.stdout);
  const [url] = await Promise.race([once(lines, 'line'), ended]);
  return { url, stop: () => child.stdin.end() };
}
