import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import {
  HEARTBEAT_STALE_MS,
  isAlive,
  ownIdentity,
  sameStart,
} from '../../../src/pipeline/store/process-identity.ts';

const FRESH = 0;
const STALE = HEARTBEAT_STALE_MS + 1;
const linux = process.platform === 'linux';
const children: (() => void)[] = [];
afterEach(() => children.splice(0).forEach((end) => end()));

describe('liveness', () => {
  it('of this process does not hang on its heartbeat', () => {
    expect(isAlive(ownIdentity(), FRESH)).toBe(true);
    expect(isAlive(ownIdentity(), Infinity)).toBe(true);
  });

  it('knows a process that has ended', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    expect(isAlive({ ...ownIdentity(), pid: child.pid ?? 0 }, FRESH)).toBe(false);
  });

  it.runIf(linux)('is not taken in by a later process with the same pid', () => {
    const own = ownIdentity();
    expect(own.startMark).toMatch(/^[0-9a-f-]{36}:\d+$/);
    expect(isAlive({ ...own, startMark: `${own.startMark ?? ''}1` }, FRESH)).toBe(false);
    // The same ticks after another boot.
    expect(isAlive({ ...own, startMark: (own.startMark ?? '').replace(/^./, 'x') }, FRESH)).toBe(false);
  });

  it.runIf(linux)('goes by the heartbeat where no start was recorded', () => {
    const { pid, host } = ownIdentity();
    expect(isAlive({ pid, host }, FRESH)).toBe(true);
    expect(isAlive({ pid, host }, STALE)).toBe(false);
  });

  it('of another host goes by the heartbeat', () => {
    const there = { ...ownIdentity(), host: 'elsewhere.example' };
    expect(isAlive(there, FRESH)).toBe(true);
    expect(isAlive(there, STALE)).toBe(false);
  });

  it.runIf(linux)('counts a zombie as dead', async () => {
    // The shell's child ends, and the sleep that the shell became never asks for its exit code.
    const parent = spawn('sh', ['-c', 'sleep 0.3 & echo $!; exec sleep 30'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    children.push(() => parent.kill('SIGKILL'));
    const [output] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(output.toString());
    await expect.poll(() => isAlive({ ...ownIdentity(), pid }, FRESH), { timeout: 3000 }).toBe(false);
    expect(() => process.kill(pid, 0)).not.toThrow();
  });

  it('compares start times in milliseconds with some tolerance, other marks exactly', () => {
    expect(sameStart('1700000000000', '1700000001500')).toBe(true);
    expect(sameStart('1700000000000', '1700000009000')).toBe(false);
    expect(sameStart('boot:12', 'boot:13')).toBe(false);
  });
});
