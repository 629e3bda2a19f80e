// DuckDB's native binding for any platform, fetched once from npm and kept in a folder that git ignores.
import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { npm, root, run } from '../run-command.mjs';

export const cache = path.join(root, '.vscode-test', 'packages');

function checkIntegrity(file, integrity) {
  const [algorithm] = integrity.split('-');
  const found = `${algorithm}-${createHash(algorithm).update(readFileSync(file)).digest('base64')}`;
  if (found === integrity) return;
  rmSync(file);
  throw new Error(`${path.basename(file)} has integrity ${found}, package-lock.json says ${integrity}.`);
}

function fetchArchive({ name, version, integrity }, folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  run(npm, ['pack', `${name}@${version}`, '--pack-destination', folder, '--ignore-scripts', '--silent']);
  const archive = path.join(
    folder,
    readdirSync(folder).find((each) => each.endsWith('.tgz')),
  );
  checkIntegrity(archive, integrity);
  return archive;
}

/** Folder with a binding's files. `name`, `version` and `integrity` are those of package-lock.json. */
export function bindingFolder(binding) {
  const folder = path.join(cache, 'bindings', `${path.basename(binding.name)}-${binding.version}`);
  if (existsSync(folder)) return folder;
  const work = `${folder}.part`;
  const archive = fetchArchive(binding, work);
  const { status, stderr } = spawnSync('tar', ['-xzf', path.basename(archive)], {
    cwd: work,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${archive} could not be unpacked: ${stderr}`);
  renameSync(path.join(work, 'package'), folder);
  rmSync(work, { recursive: true });
  return folder;
}
