import * as fs from 'node:fs';

/** Whether there is such a process, one that has ended but was not waited for included. */
export function exists(pid: number | undefined): boolean {
  try {
    process.kill(pid ?? 0, 0);
    return true;
  } catch {
    return false;
  }
}

/** Whether a process runs. Linux only. */
export function alive(pid: number | undefined): boolean {
  try {
    return exists(pid) && !/^State:\s+Z/m.test(fs.readFileSync(`/proc/${pid ?? 0}/status`, 'utf8'));
  } catch {
    return false;
  }
}
