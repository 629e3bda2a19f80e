import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import * as os from 'node:os';
import type { ProcessIdentity } from '../../protocol/step.ts';

/** What the platform says of a process: its start mark, that it is gone, or nothing (it may not be asked). */
type Answer = { readonly mark: string } | 'gone' | 'unknown';

/** Field 22 of /proc/<pid>/stat (proc(5)): clock ticks after boot; with the boot id, since ticks restart at a boot. */
function askLinux(pid: number): Answer {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const afterName = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A zombie has ended; only its parent has not looked yet.
    if (afterName[0] === 'Z' || afterName[0] === 'X') return 'gone';
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
    return { mark: `${boot}:${afterName[19] ?? ''}` };
  } catch {
    return 'unknown';
  }
}

const ASK_TIMEOUT_MS = 5000;

/** Elsewhere the mark is the start in epoch milliseconds, asked of a command of the platform. */
function askCommand(pid: number): Answer {
  const [file, args]: [string, string[]] =
    process.platform === 'win32'
      ? [
          'powershell.exe',
          ['-NoProfile', '-Command', `(Get-Process -Id ${pid}).StartTime.ToUniversalTime().ToString('o')`],
        ]
      : ['ps', ['-o', 'lstart=', '-p', String(pid)]];
  try {
    const env = { ...process.env, LC_ALL: 'C' };
    const output = execFileSync(file, args, {
      ...{ encoding: 'utf8', timeout: ASK_TIMEOUT_MS, windowsHide: true, env },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const started = Date.parse(output.trim());
    return Number.isNaN(started) ? 'unknown' : { mark: String(started) };
  } catch {
    return 'unknown';
  }
}

/** The platform tells whole seconds, and our own reckoning is a little late. */
const START_TOLERANCE_MS = 3000;

/** Whether two start marks are of one process. */
export function sameStart(a: string, b: string): boolean {
  if (a === b) return true;
  const [x, y] = [Number(a), Number(b)];
  return Math.abs(x - y) <= START_TOLERANCE_MS;
}

function readOwnIdentity(): ProcessIdentity {
  const host = os.hostname();
  if (process.platform !== 'linux') {
    // Reckoned, not asked: a question costs half a second there.
    return { pid: process.pid, host, startMark: String(Math.round(Date.now() - process.uptime() * 1000)) };
  }
  const answer = askLinux(process.pid);
  return { pid: process.pid, host, ...(typeof answer === 'string' ? {} : { startMark: answer.mark }) };
}

let own: ProcessIdentity | undefined;

/** This process, as others can recognise it later. */
export function ownIdentity(): ProcessIdentity {
  own ??= readOwnIdentity();
  return own;
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
  const fresh = heartbeatAge < HEARTBEAT_STALE_MS;
  if (identity.host !== os.hostname()) return fresh;
  if (!exists(identity.pid)) return false;
  const linux = process.platform === 'linux';
  // Asking costs a process on macOS and Windows: a fresh heartbeat is enough there.
  if (!linux && fresh) return true;
  const answer = linux ? askLinux(identity.pid) : askCommand(identity.pid);
  if (answer === 'gone') return false;
  if (answer === 'unknown' || identity.startMark === undefined) return fresh;
  return sameStart(answer.mark, identity.startMark);
}
