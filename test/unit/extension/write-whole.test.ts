import * as vscode from 'vscode';
import { describe, expect, it } from 'vitest';
import { writeWhole } from '../../../src/extension/map/write-whole.ts';

/** A file system of VS Code's over a few files, whose disk takes so many bytes. */
function openDisk(files: Record<string, string>, room: number): Map<string, string> {
  const disk = new Map(Object.entries(files));
  const fs = {
    writeFile: ({ path }: vscode.Uri, content: Uint8Array) => {
      disk.set(path, Buffer.from(content.subarray(0, room)).toString());
      return content.length > room ? Promise.reject(new Error('no space left on device')) : Promise.resolve();
    },
    rename: (from: vscode.Uri, to: vscode.Uri) => {
      disk.set(to.path, disk.get(from.path) ?? '');
      return Promise.resolve(disk.delete(from.path));
    },
    delete: ({ path }: vscode.Uri) => Promise.resolve(disk.delete(path)),
  };
  Object.assign(vscode.workspace, { fs });
  return disk;
}

const write = (text: string) => writeWhole(vscode.Uri.file('/here/map.svg'), Buffer.from(text));

describe('a file that the window saves', () => {
  it('takes the place of the one that was there', async () => {
    const disk = openDisk({ '/here/map.svg': 'old' }, 100);
    await write('new');
    expect([...disk]).toEqual([['/here/map.svg', 'new']]);
  });

  it('leaves that, and nothing else, on a full disk, and says so', async () => {
    const disk = openDisk({ '/here/map.svg': 'old' }, 2);
    await expect(write('new')).rejects.toMatchObject({
      message: '/here/map.svg cannot be written: no space left on device',
      hint: 'Free some space, or choose another place.',
    });
    expect([...disk]).toEqual([['/here/map.svg', 'old']]);
  });
});
