// Gathers the licences of every package that went into the bundles into dist/THIRD_PARTY_NOTICES.txt.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const PACKAGE = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//;

/** Folders of the packages whose files are among a bundle's inputs. */
function packageFolders(metafiles) {
  const inputs = metafiles.flatMap(({ inputs: files }) => Object.keys(files));
  return [...new Set(inputs.flatMap((file) => PACKAGE.exec(file)?.[1] ?? []))].sort();
}

function noticeOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const text =
    file === undefined ? `Licence: ${license}` : readFileSync(path.join(folder, file), 'utf8').trim();
  return `${name} ${version}\n\n${text}\n`;
}

/** Of what is in this repository itself, and not by its own licence: a text each in `licenses`. */
function ownNotices(root) {
  const folder = path.join(root, 'licenses');
  return readdirSync(folder)
    .sort()
    .map((file) => `${readFileSync(path.join(folder, file), 'utf8').trim()}\n`);
}

/** @param metafiles what esbuild says went into each bundle */
export function writeNotices(root, metafiles) {
  const notices = packageFolders(metafiles).map((folder) => noticeOf(path.join(root, folder)));
  const head = 'The bundles in this folder hold code of the following packages and projects.\n';
  const line = `\n${'─'.repeat(80)}\n\n`;
  writeFileSync(
    path.join(root, 'dist', 'THIRD_PARTY_NOTICES.txt'),
    [head, ...notices, ...ownNotices(root)].join(line),
  );
}
