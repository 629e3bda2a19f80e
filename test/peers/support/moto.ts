/** moto's server, which stands for AWS in tests. RECSYS_PYTHON names an interpreter that has it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import * as net from 'node:net';
import * as path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

export interface Moto {
  readonly url: string;
  /** Forgets all that was made. */
  reset(): Promise<void>;
  stop(): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function answers(url: string, child: ChildProcess): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`moto_server ended with ${child.exitCode}`);
    try {
      await fetch(`${url}/moto-api/data.json`);
      return;
    } catch {
      await pause(100);
    }
  }
}

export async function startMoto(): Promise<Moto> {
  const python = process.env['RECSYS_PYTHON'] ?? 'python3';
  const port = await freePort();
  const server = path.join(path.dirname(python), 'moto_server');
  const child = spawn(
    python.includes('/') ? server : 'moto_server',
    ['-H', '127.0.0.1', '-p', String(port)],
    {
      stdio: 'ignore',
    },
  );
  const url = `http://127.0.0.1:${port}`;
  await answers(url, child);
  return {
    url,
    reset: async () => {
      await fetch(`${url}/moto-api/reset`, { method: 'POST' });
    },
    stop: async () => {
      child.kill();
      await once(child, 'exit');
    },
  };
}
