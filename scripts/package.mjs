#!/usr/bin/env node
// Builds the VSIX of this platform: node scripts/package.mjs [file]
import path from 'node:path';
import { existsSync, readdirSync } from 'node:fs';
import { build, installPackages, root, run } from './run-command.mjs';

/** This machine in the words of VS Code's marketplace. */
function target() {
  const libc =
    process.platform === 'linux' && existsSync('/etc/alpine-release') ? 'alpine' : process.platform;
  return `${libc}-${process.arch === 'arm' ? 'armhf' : process.arch}`;
}

const file = path.resolve(process.argv[2] ?? path.join(root, `recsys-${target()}.vsix`));
build();
installPackages(path.join(root, 'test'));
const bindings = readdirSync(path.join(root, 'node_modules/@duckdb')).filter((name) =>
  name.startsWith('node-bindings-'),
);
console.log(`Packaging for ${target()} with ${bindings.join(', ')}`);
run(process.execPath, [
  path.join(root, 'test/node_modules/@vscode/vsce/vsce'),
  ...[
    'package',
    '--target',
    target(),
    '--out',
    file,
    '--allow-missing-repository',
    '--skip-license',
    '--no-rewrite-relative-links',
  ],
]);
