import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { COMMAND_IDS } from '../../../src/extension/commands/command-ids.ts';
import { suite } from './define.ts';
import { extensionUnderTest, manifest } from './extension-under-test.ts';

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
});
