import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { COMMAND_IDS, VIEW_ONLY } from '../../../src/extension/commands/command-ids.ts';
import { CONTEXT_KEYS } from '../../../src/extension/runs/context-keys.ts';
import { suite } from './define.ts';
import { extensionUnderTest, manifest } from './extension-under-test.ts';

const VIEW_ONLY_NAMES: ReadonlySet<string> = VIEW_ONLY;

function rawManifest(): string {
  return fs.readFileSync(path.join(extensionUnderTest().extensionPath, 'package.json'), 'utf8');
}

export const manifestSuite = suite('package.json', {
  'declares exactly the commands that have handlers': async () => {
    await extensionUnderTest().activate();
    const declared = manifest()
      .contributes.commands.map(({ command }) => command)
      .sort();
    const registered = (await vscode.commands.getCommands(true))
      .filter((id) => COMMAND_IDS.some((known) => known === id))
      .sort();
    assert.deepEqual(declared, [...COMMAND_IDS].sort());
    assert.deepEqual(registered, declared);
  },

  'asks only for context keys that are kept': () => {
    const used = new Set([...rawManifest().matchAll(/\brecsys\.(?:has)[A-Z]\w+/g)].map(([key]) => key));
    assert.ok(used.size > 0);
    for (const key of used) assert.ok(CONTEXT_KEYS.includes(key), key);
  },

  'says for each command where the palette offers it': () => {
    const listed = new Set(
      (manifest().contributes.menus['commandPalette'] ?? []).map(({ command }) => command),
    );
    const always = new Set(['recsys.showOutput']);
    for (const id of COMMAND_IDS) assert.ok(listed.has(id) || always.has(id), id);
  },

  'lets nothing start a process in an untrusted workspace': () => {
    for (const { command, enablement } of manifest().contributes.commands) {
      assert.equal(enablement === 'isWorkspaceTrusted', !VIEW_ONLY_NAMES.has(command), command);
    }
  },

  'has a text for every %key%, and a key for every text': () => {
    const texts = JSON.parse(
      fs.readFileSync(path.join(extensionUnderTest().extensionPath, 'package.nls.json'), 'utf8'),
    ) as Record<string, string>;
    const used = new Set([...rawManifest().matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key ?? ''));
    assert.deepEqual([...used].sort(), Object.keys(texts).sort());
  },

  'names only files that are there': () => {
    const files = [...rawManifest().matchAll(/"(?:\.\/)?(media\/[^"]+)"/g)].map(([, file]) => file ?? '');
    assert.ok(files.length >= 6);
    for (const file of files)
      assert.ok(fs.existsSync(path.join(extensionUnderTest().extensionPath, file)), file);
  },
});
