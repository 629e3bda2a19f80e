import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import * as os from 'node:os';
import type { ProcessIdentity } from '../../protocol/step.ts';

/** Field 22 of /proc/<pid>/stat (proc(5)): clock ticks after boot; with the boot id, since ticks restart at a boot. */
function linuxStartMark(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const afterName = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (afterName[0] === 'Z') return undefined;
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()}:${afterName[19] ?? ''}`;
  } catch {
    return undefined;
  }
}

function commandStartMark(pid: number): string | undefined {
  try {
    const [file, args] =
      process.platform === 'win32'
        ? ['powershell.exe', ['-NoProfile', '-Command', `(Get-Process -Id ${pid}).StartTime.ToFileTimeUtc()`]]
        : ['ps', ['-o', 'lstart=', '-p', String(pid)]];
    const output = execFileSync(file, args as string[], {
      encoding: 'utf8',
      timeout: 5000,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return output.trim() === '' ? undefined : output.trim();
  } catch {
    return undefined;
  }
}

/** The moment a process started, in the platform's own terms; undefined when it does not run or cannot be asked. */
export function startMark(pid: number): string | undefined {
  return process.platform === 'linux' ? linuxStartMark(pid) : commandStartMark(pid);
}

/** This process, as others can recognise it later. */
export function ownIdentity(): ProcessIdentity {
  const mark = startMark(process.pid);
  return { pid: process.pid, host: os.hostname(), ...(mark === undefined ? {} : { startMark: mark }) };
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Older than this, a heartbeat no longer proves life on a platform or host where the process cannot be asked. */
export const HEARTBEAT_STALE_MS = 15_000;

/**
 * Whether the process that wrote a state still runs. On this host the pid must exist and have started at the recorded
 * moment; elsewhere, or where the start cannot be asked, a fresh heartbeat decides.
 * @param heartbeatAge milliseconds since its last sign of life
 */
export function isAlive(identity: ProcessIdentity, heartbeatAge: number): boolean {
  if (identity.host !== os.hostname()) return heartbeatAge < HEARTBEAT_STALE_MS;
  if (!exists(identity.pid)) return false;
  // Asking costs a process on macOS and Windows: a fresh heartbeat is enough there.
  if (process.platform !== 'linux' && heartbeatAge < HEARTBEAT_STALE_MS) return true;
  const mark = startMark(identity.pid);
  if (mark === undefined || identity.startMark === undefined)
    return process.platform !== 'linux' && heartbeatAge < HEARTBEAT_STALE_MS;
  return mark === identity.startMark;
}
