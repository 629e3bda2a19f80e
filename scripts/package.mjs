#!/usr/bin/env node
// Builds VSIX packages, each with DuckDB's binding for its own platform only, and checks what they hold.
//   node scripts/package.mjs [--target all|linux-x64|… …] [--out folder] [file]
// Without a target: this platform. `file` names the package of a single target.
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build, installPackages, root, run } from './run-command.mjs';
import { checkVsix } from './packaging/contents.mjs';
import { stage } from './packaging/stage.mjs';
import { chosenTargets, ownTarget } from './packaging/targets.mjs';

const OPTIONS = {
  target: { type: 'string', multiple: true, default: [] },
  out: { type: 'string', default: root },
};

function readArguments() {
  const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
  const targets = chosenTargets(values.target);
  if (positionals.length > 1) throw new Error('At most one file can be named.');
  if (positionals.length === 1 && targets.length > 1)
    throw new Error('A file can be named for one target only; use --out for a folder.');
  const fileOf = ({ target }) =>
    path.resolve(positionals[0] ?? path.join(values.out, `recsys-${target}.vsix`));
  return targets.map((target) => ({ target, file: fileOf(target) }));
}

async function makePackage(target, file) {
  console.log(`\nPackaging for ${target.target} with ${target.name}`);
  const folder = stage(target);
  mkdirSync(path.dirname(file), { recursive: true });
  run(
    process.execPath,
    [
      path.join(root, 'test/node_modules/@vscode/vsce/vsce'),
      ...['package', '--target', target.target, '--out', file],
      ...['--allow-missing-repository', '--skip-license', '--no-rewrite-relative-links'],
    ],
    { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const megabytes = await checkVsix(file, target);
  rmSync(folder, { recursive: true });
  return {
    target: target.target,
    size: `${megabytes.toFixed(1)} MB`,
    binding: `${target.name}@${target.version}`,
  };
}

function summarise(rows) {
  const table = [{ target: 'platform', size: 'size', binding: 'binding' }, ...rows];
  const width = (key) => Math.max(...table.map((row) => row[key].length));
  console.log();
  for (const row of table)
    console.log(`${row.target.padEnd(width('target'))}  ${row.size.padStart(width('size'))}  ${row.binding}`);
  const foreign = rows.map(({ target }) => target).filter((target) => target !== ownTarget());
  if (foreign.length > 0) console.log(`Contents checked; not run here: ${foreign.join(', ')}.`);
}

try {
  const wanted = readArguments();
  build();
  installPackages(path.join(root, 'test'));
  const rows = [];
  for (const { target, file } of wanted) rows.push(await makePackage(target, file));
  summarise(rows);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
