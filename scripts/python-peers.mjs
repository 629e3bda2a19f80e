// A virtual environment with the Python tools we measure ourselves against. RECSYS_PYTHON names an interpreter that has
// them already.
import { existsSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { root, run } from './run-command.mjs';

const PACKAGES = [
  'gensim==4.4.0',
  'duckdb==1.5.5',
  'pandas',
  'pyarrow',
  'faiss-cpu',
  'numpy',
  'tensorflow-cpu==2.21.0',
  'moto[server]==5.2.5',
  'cfn-lint==1.58.0',
  'onnxruntime==1.32.0',
  'fastapi==0.165.0',
  'uvicorn[standard]==0.54.0',
];
const IMPORTS =
  'import gensim, duckdb, pandas, pyarrow, faiss, numpy, moto, cfnlint, onnxruntime, fastapi, uvicorn, importlib.util as u; assert u.find_spec("tensorflow")';

function works(python) {
  return spawnSync(python, ['-c', IMPORTS], { stdio: 'ignore' }).status === 0;
}

/** Path of a Python interpreter that has gensim, DuckDB, pandas, faiss, TensorFlow, moto and cfn-lint; installs them on first use. */
export function pythonOfPeers() {
  const given = process.env.RECSYS_PYTHON;
  if (given !== undefined && works(given)) return given;
  const folder = path.join(root, '.venv');
  const python = path.join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  if (existsSync(python) && works(python)) return python;
  console.log(`Installing ${PACKAGES.join(', ')} in .venv …`);
  run(process.platform === 'win32' ? 'python' : 'python3', ['-m', 'venv', folder]);
  // Python compiles what it imports; all 13,000 modules take a minute of processor time.
  const options = ['--quiet', '--disable-pip-version-check', '--no-compile'];
  run(python, ['-m', 'pip', 'install', ...options, ...PACKAGES]);
  return python;
}
