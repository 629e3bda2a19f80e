import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

export interface TreeMeasure {
  readonly seconds: number;
  /** Bytes: the sum over all processes of the tree of each one's own peak, so never less than the tree's peak. */
  readonly peak: number;
  readonly output: string;
}

const POLL_MS = 100;

function processField(pid: string, field: string): number | undefined {
  try {
    const match = new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return match === null ? undefined : Number(match[1]);
  } catch {
    return undefined;
  }
}

/** A process and all its descendants, from /proc. */
function treeOf(root: number): string[] {
  const parents = new Map(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((pid) => [pid, processField(pid, 'PPid')]),
  );
  const tree = [String(root)];
  for (const pid of tree) for (const [child, parent] of parents) if (parent === Number(pid)) tree.push(child);
  return tree;
}

/**
 * Runs a command to its end and measures its time and the peak memory of its whole process tree. Linux only.
 * @throws Error when it fails, with what it said
 */
export async function measureTree(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<TreeMeasure> {
  const peaks = new Map<string, number>();
  const started = performance.now();
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const look = (): void => {
    for (const pid of treeOf(child.pid ?? 0)) {
      const peak = processField(pid, 'VmHWM');
      if (peak !== undefined) peaks.set(pid, Math.max(peaks.get(pid) ?? 0, peak * 1024));
    }
  };
  const timer = setInterval(look, POLL_MS);
  let [output, errors] = ['', ''];
  child.stdout.on('data', (data: Buffer) => (output += data.toString()));
  child.stderr.on('data', (data: Buffer) => (errors += data.toString()));
  const code = await new Promise((resolve) => child.on('close', resolve));
  clearInterval(timer);
  if (code !== 0)
    throw new Error(`${command} ${args.join(' ')} ended with ${String(code)}: ${errors.slice(-2000)}`);
  return {
    seconds: (performance.now() - started) / 1000,
    peak: [...peaks.values()].reduce((sum, peak) => sum + peak, 0),
    output,
  };
}
