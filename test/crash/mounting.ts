import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';

export function mount(...args: string[]): boolean {
  return spawnSync('mount', args, { stdio: 'ignore' }).status === 0;
}

/** Only root of a machine (or of a container that may) can make small disks and read-only views. */
export function mayMount(folder: string): boolean {
  const place = path.join(folder, 'probe');
  fs.mkdirSync(place);
  if (process.platform !== 'linux' || !mount('-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', place)) return false;
  spawnSync('umount', [place]);
  return true;
}
