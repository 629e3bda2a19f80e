// The platforms that DuckDB's npm packages serve, as package-lock.json names them.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../run-command.mjs';

const PREFIX = 'node_modules/@duckdb/node-bindings-';

/**
 * One entry a platform: `target` in the words of VS Code's marketplace, and the npm package of its binding with its
 * exact version and integrity.
 */
export function allTargets() {
  const { packages } = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8'));
  return Object.entries(packages)
    .filter(([place]) => place.startsWith(PREFIX))
    .map(([place, { version, integrity, os, cpu, libc }]) => ({
      target: `${libc?.includes('musl') ? 'alpine' : os[0]}-${cpu[0]}`,
      os: os[0],
      cpu: cpu[0],
      name: place.slice('node_modules/'.length),
      version,
      integrity,
    }))
    .sort((a, b) => a.target.localeCompare(b.target));
}

/** This machine's target. */
export function ownTarget() {
  const alpine = process.platform === 'linux' && existsSync('/etc/alpine-release');
  return `${alpine ? 'alpine' : process.platform}-${process.arch}`;
}

/** The targets of the given names, of all for `all`, of this machine for none; throws for a name nothing serves. */
export function chosenTargets(names) {
  const all = allTargets();
  if (names.includes('all')) return all;
  const wanted = names.length > 0 ? names : [ownTarget()];
  return wanted.map((name) => {
    const found = all.find(({ target }) => target === name);
    if (found !== undefined) return found;
    const served = all.map(({ target }) => target).join(', ');
    throw new Error(`DuckDB has no binding for ${name}. Choose of: all, ${served}.`);
  });
}
