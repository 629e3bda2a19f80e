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
const UV = 'uv==0.13.9';
const IMPORTS =
  'import gensim, duckdb, pandas, pyarrow, faiss, numpy, moto, cfnlint, onnxruntime, fastapi, uvicorn, importlib.util as u; assert u.find_spec("tensorflow")';

function works(python) {
  return spawnSync(python, ['-c', IMPORTS], { stdio: 'ignore' }).status === 0;
}

/**
 * By uv, where it is to be had and finds the index: pip takes fifty seconds of processor time for what takes uv ten.
 * Neither compiles: Python does what it imports, and all 13,000 modules take a minute.
 */
function installPeers(python) {
  const asked = (tool, ...words) => ['-m', ...tool, 'install', '--quiet', ...words];
  const pip = (...packages) => asked(['pip'], '--disable-pip-version-check', '--no-compile', ...packages);
  const uv = asked(['uv', 'pip'], '--no-cache', '--native-tls', '--python', python, ...PACKAGES);
  if (succeeds(python, pip(UV)) && succeeds(python, uv)) return;
  console.log('uv could not install them; pip tries.');
  run(python, pip(...PACKAGES));
}

function succeeds(command, args) {
  return spawnSync(command, args, { stdio: 'inherit' }).status === 0;
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
  installPeers(python);
  return python;
}
