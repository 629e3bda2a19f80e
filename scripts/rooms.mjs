// The rooms of the code and the arrows between them, as ARCHITECTURE.md draws them. ESLint refuses all others,
// and circles of files.
import path from 'node:path';
import { circleOf, pathOf } from './import-circles.mjs';

/** For each room the rooms it may import, besides itself. Files right under `src/pipeline` and `data` are one, too. */
const ROOMS = {
  'src/protocol': [],
  'src/extension': ['src/protocol'],
  'src/drawing': ['src/protocol'],
  'webview-ui': ['src/protocol', 'src/drawing'],
  'src/pipeline': ['src/protocol'],
  'src/pipeline/store': ['src/protocol', 'src/pipeline'],
  'src/pipeline/terminal': ['src/protocol'],
  'src/pipeline/wasm': ['src/protocol', 'src/pipeline'],
  'src/pipeline/vocabulary': ['src/protocol', 'src/pipeline'],
  'src/pipeline/neighbours': ['src/protocol', 'src/pipeline', 'src/pipeline/wasm'],
};

const below = (room, ...more) => [...new Set([...(ROOMS[room] ?? []), room, ...more])];
const define = (room, allowed) => {
  ROOMS[room] = allowed.filter((other) => other !== room);
};
const P = 'src/pipeline';
define(`${P}/data`, below(`${P}/store`));
define(`${P}/data/reading`, below(`${P}/data`));
define(`${P}/data/roles`, below(`${P}/data`));
define(`${P}/data/rows`, below(`${P}/data/reading`, `${P}/data/roles`));
define(`${P}/data/guess`, below(`${P}/data/reading`, `${P}/data/roles`));
define(`${P}/data/describe`, below(`${P}/data/guess`));
define(`${P}/metrics`, below(`${P}/data`));
define(`${P}/kinds`, below(`${P}/metrics`, `${P}/neighbours`, `${P}/wasm`));
define(`${P}/model`, below(`${P}/kinds`, `${P}/vocabulary`));
define(`${P}/flow`, below(`${P}/store`, `${P}/data`));
define(`${P}/exporters`, below(`${P}/model`));
define(`${P}/deploy`, below(`${P}/model`));
define(`${P}/serving`, below(`${P}/model`));
define(
  `${P}/flows`,
  below(
    ...[`${P}/model`, `${P}/flow`, `${P}/terminal`],
    ...[`${P}/data/reading`, `${P}/data/roles`, `${P}/data/rows`],
  ),
);
define(`${P}/views`, below(`${P}/flow`, `${P}/flows`));
define(`${P}/launch`, below(`${P}/flow`, `${P}/data`, `${P}/data/describe`));
define(`${P}/query`, below(`${P}/views`, `${P}/model`, `${P}/data`, `${P}/kinds`, `${P}/vocabulary`));
define(`${P}/projection`, below(`${P}/query`, `${P}/model`, `${P}/kinds`, `${P}/neighbours`, `${P}/wasm`));
define(
  `${P}/predict`,
  below(
    ...[`${P}/model`, `${P}/exporters`],
    ...[`${P}/data/reading`, `${P}/data/rows`, `${P}/data/describe`],
  ),
);
define(`${P}/deploy/aws`, below(`${P}/deploy`, `${P}/predict`));
define(`${P}/cards`, ['src/protocol', P]);
define(
  `${P}/engine`,
  below(
    ...[`${P}/query`, `${P}/projection`, `${P}/launch`, `${P}/data/describe`],
    ...[`${P}/deploy`, `${P}/serving`, `${P}/predict`],
  ),
);
define(
  `${P}/cli`,
  below(
    ...[`${P}/engine`, `${P}/cards`, `${P}/exporters`, `${P}/predict`, `${P}/deploy/aws`, `${P}/serving`],
    ...[`${P}/terminal`, 'src/drawing'],
  ),
);

/** Rooms within `kinds`: what kinds share may not know them, and no kind may know another. */
const SHARED_BY_KINDS = ['ranking', 'fitting'];
/** Files that stand before all rooms: the library's entry, and the registries, which name what there is. */
const ENTRIES = new Set([`${P}/client.ts`]);

/** The room of a file, by its path from the root of the repository. */
export function roomOf(file) {
  const names = Object.keys(ROOMS).sort((a, b) => b.length - a.length);
  return names.find((room) => file.startsWith(`${room}/`));
}

function refusedAmongKinds(from, to) {
  const [, fromPart] = /^src\/pipeline\/kinds\/([^/]+)\//.exec(from) ?? [];
  const [, toPart] = /^src\/pipeline\/kinds\/([^/]+)\//.exec(to) ?? [];
  if (fromPart === undefined || toPart === undefined || fromPart === toPart) return false;
  if (fromPart === 'ranking') return true;
  return !SHARED_BY_KINDS.includes(toPart);
}

/** Why a file may not import another; undefined where it may. */
export function refusal(from, to) {
  if (ENTRIES.has(from)) return undefined;
  const [a, b] = [roomOf(from), roomOf(to)];
  if (a === undefined || b === undefined) return undefined;
  if (a !== b && !(ROOMS[a] ?? []).includes(b)) return `${a} may not import ${b} (scripts/rooms.mjs).`;
  if (refusedAmongKinds(from, to)) return 'a kind knows no other kind, and what kinds share knows none.';
  return undefined;
}

function circle(from, to, root) {
  const files = circleOf(root, from, to);
  if (files === undefined) return undefined;
  return `imports in a circle: ${files.join(' → ')}. Give what they share a file of its own.`;
}

/** Loading these costs a second and 1.5 MB: only a process that deploys does, and only when it begins to. */
const LOADED_LATE = `${P}/deploy/aws`;

/**
 * Why a file may not name another in an `import … from`, types apart; undefined where it may.
 * @param source as the import is written: a package or a file
 */
export function lateRefusal(from, to, source) {
  if (!from.startsWith('src/') || from.startsWith(`${LOADED_LATE}/`)) return undefined;
  if (source.startsWith('@aws-sdk/') || source.startsWith('@smithy/'))
    return `only ${LOADED_LATE} imports the AWS SDK (scripts/rooms.mjs).`;
  if (to?.startsWith(`${LOADED_LATE}/`)) return `${LOADED_LATE} is loaded by import() (scripts/rooms.mjs).`;
  return undefined;
}

const late = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    const from = path.relative(context.cwd, context.filename).split(path.sep).join('/');
    const check = (node) => {
      const source = node.source?.value;
      if (typeof source !== 'string' || node.importKind === 'type' || node.exportKind === 'type') return;
      const message = lateRefusal(from, pathOf(from, source), source);
      // A file may be loaded when it is needed, the SDK itself not even then.
      const isLoading = node.type === 'ImportExpression' && !source.startsWith('@');
      if (message !== undefined && !isLoading) context.report({ node, message });
    };
    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
    };
  },
};

/** A rule about each import of one file of the repository by another. @param refuse tells why it may not be */
const ruleOf = (refuse) => ({
  meta: { type: 'problem', schema: [] },
  create(context) {
    const root = context.cwd;
    const from = path.relative(root, context.filename).split(path.sep).join('/');
    const check = (node) => {
      const source = node.source?.value;
      const to = typeof source === 'string' ? pathOf(from, source) : undefined;
      const message = to === undefined ? undefined : refuse(from, to, root);
      if (message !== undefined) context.report({ node, message });
    };
    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
    };
  },
});

export const rooms = { rules: { arrows: ruleOf(refusal), circles: ruleOf(circle), late } };
