import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { suite } from './define.ts';
import { eventually, extensionUnderTest } from './extension-under-test.ts';
import { hoverAt, train } from './hovering.ts';

const ITEM = 'Artist 3|||Track 3-1';

/** A small run that has vectors. */
function small(): string[] {
  return Array.from({ length: 150 * 6 }, (_, row) => {
    const [list, at] = [Math.floor(row / 6), row % 6];
    return `List ${list},Artist ${list % 10},Track ${list % 10}-${(list * 3 + at) % 9}`;
  });
}

export const hoverSuite = suite('hover', {
  'tells of the item under the pointer, and nothing elsewhere': async () => {
    await extensionUnderTest().activate();
    await train('hover-data.csv', small(), ['--name', 'hovered', '--epochs', '2']);
    const content = `served item=${ITEM} in 3 ms\nnothing else here means anything\n`;
    const document = await vscode.workspace.openTextDocument({ content, language: 'plaintext' });
    const at = content.indexOf('3-1') + 1;
    const text = await eventually(
      () => hoverAt(document, at),
      (shown) => shown.includes('training rows'),
      25_000,
    );
    assert.ok(text.includes('hovered') && text.includes('recsys.copyItem'), text);
    assert.equal(await hoverAt(document, content.indexOf('means') + 1), '');
  },

  'is off where a setting says so': async () => {
    const settings = vscode.workspace.getConfiguration('recsys.hover');
    const document = await vscode.workspace.openTextDocument({ content: ITEM, language: 'plaintext' });
    await settings.update('enabled', false, vscode.ConfigurationTarget.Workspace);
    try {
      assert.equal(await hoverAt(document, 4), '');
    } finally {
      await settings.update('enabled', undefined, vscode.ConfigurationTarget.Workspace);
    }
  },
});
