#!/usr/bin/env node
// Writes src/pipeline/deploy/tensorflow-images.json: where SageMaker's containers of TensorFlow Serving lie in each region.
// Its source is the table that the SageMaker Python SDK carries, downloaded with pip (RECSYS_PYTHON, else python3).
//   node scripts/tensorflow-images.mjs
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root } from './run-command.mjs';

const python = process.env.RECSYS_PYTHON ?? 'python3';
const folder = mkdtempSync(path.join(os.tmpdir(), 'recsys-images-'));
const READ = `
import glob, json, sys, zipfile
wheel, = glob.glob(sys.argv[1] + '/*.whl')
archive = zipfile.ZipFile(wheel)
table = json.loads(archive.read('sagemaker/image_uri_config/tensorflow.json'))
print(json.dumps({'version': wheel.split('-')[-4], 'inference': table['inference']}))`;

try {
  const download = ['-m', 'pip', 'download', '--quiet', '--no-deps', '-d', folder, 'sagemaker>=2,<3'];
  execFileSync(python, download, { stdio: 'inherit' });
  const { version, inference } = JSON.parse(execFileSync(python, ['-c', READ, folder], { encoding: 'utf8' }));
  const [tensorflow, { registries, repository }] = Object.entries(inference.versions).at(-1);
  if (!inference.processors.includes('cpu')) throw new Error('no containers for processors');
  const table = {
    source: `sagemaker ${version} (PyPI), image_uri_config/tensorflow.json`,
    date: new Date().toISOString().slice(0, 10),
    ...{ tensorflow, repository, tag: `${tensorflow}-cpu`, registries },
  };
  writeFileSync(
    path.join(root, 'src/pipeline/deploy/tensorflow-images.json'),
    `${JSON.stringify(table, null, 2)}\n`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
