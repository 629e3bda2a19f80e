import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { suite } from './define.ts';
import { eventually, extensionUnderTest } from './extension-under-test.ts';

function store(): string {
  return path.join(vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '', '.recsys');
}

function labelOf({ label }: vscode.TreeItem): string {
  return typeof label === 'string' ? label : (label?.label ?? '');
}

async function labels(): Promise<string[]> {
  const { runs } = await extensionUnderTest().activate();
  const nodes = await runs.getChildren();
  return nodes.map((node) => `${node.kind}: ${labelOf(runs.getTreeItem(node))}`);
}

export const treeSuite = suite('tree on the real engine', {
  'is empty without a store': async () => {
    assert.deepEqual(await labels(), []);
  },

  'shows a folder that is no run as an error, and forgets it when it is gone': async () => {
    const folder = path.join(store(), 'runs', '20261101-000000000-dead');
    await fs.mkdir(folder, { recursive: true });
    await fs.writeFile(path.join(folder, 'run.json'), '{ "format": 1, "id": ');
    await eventually(labels, (rows) => rows.includes('error: 20261101-000000000-dead'));
    await fs.rm(folder, { recursive: true });
    await vscode.commands.executeCommand('recsys.refresh');
    await eventually(labels, (rows) => rows.length === 0);
  },
});
