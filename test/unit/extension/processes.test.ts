import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import type * as vscode from 'vscode';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { captureCli } from '../../../src/extension/processes/capture-cli.ts';
import { launchDetached } from '../../../src/extension/processes/launch-detached.ts';
import { putOnTerminalPath } from '../../../src/extension/processes/terminal-path.ts';
import { sitesOf } from '../../../src/extension/site.ts';
import { temporaryFolder } from '../support/toy-store.ts';
import { host } from './vscode-stub/host.ts';
import { Uri } from './vscode-stub/values.ts';

let folder: string;
beforeEach(() => {
  host.reset();
  folder = temporaryFolder();
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

/** A program that stands in for the pipeline. */
function program(source: string): string {
  const file = path.join(folder, "it's a program.cjs");
  fs.writeFileSync(file, source);
  return file;
}

/** Variables of terminals: of all, and of those of one folder. */
class Variables {
  readonly values = new Map<string, string>();
  readonly scoped = new Map<string, Variables>();
  description = '';

  prepend(name: string, value: string): void {
    this.values.set(name, `+${value}`);
  }
  replace(name: string, value: string): void {
    this.values.set(name, value);
  }
  delete(name: string): void {
    this.values.delete(name);
  }
  getScoped({ workspaceFolder }: { workspaceFolder: { name: string } }): Variables {
    const found = this.scoped.get(workspaceFolder.name) ?? new Variables();
    this.scoped.set(workspaceFolder.name, found);
    return found;
  }
}

async function putOnPath(cli: string): Promise<Variables> {
  const variables = new Variables();
  // Nothing else of the context is used.
  const context = { globalStorageUri: Uri.file(folder), environmentVariableCollection: variables };
  await putOnTerminalPath(context as unknown as vscode.ExtensionContext, sitesOf(cli));
  return variables;
}

describe('the terminal', () => {
  it('gets a recsys command that runs the pipeline with its arguments', async () => {
    const cli = program('console.log(process.argv.slice(2).join("|"), process.env.ELECTRON_RUN_AS_NODE)');
    host.openFolders('/projects/a');
    const variables = await putOnPath(cli);
    const bin = path.join(folder, 'bin');
    expect(variables.values.get('PATH')).toBe(`+${bin}${path.delimiter}`);
    const said = execFileSync(path.join(bin, 'recsys'), ['run', 'a b.csv'], { encoding: 'utf8' });
    expect(said).toBe('run|a b.csv 1\n');
    expect(fs.readFileSync(path.join(bin, 'recsys.cmd'), 'utf8')).toContain('it\'s a program.cjs" %*');
  });

  it('of a folder whose store a setting moved knows where it is, and others know nothing', async () => {
    host.openFolders('/projects/a', '/projects/b');
    expect((await putOnPath('/cli')).scoped.get('a')?.values.has('RECSYS_STORE')).toBe(false);
    host.set('recsys.storeFolder', '/elsewhere');
    const variables = await putOnPath('/cli');
    expect(variables.scoped.get('a')?.values.get('RECSYS_STORE')).toBe('/elsewhere');
    expect(variables.values.has('RECSYS_STORE')).toBe(false);
  });

  it('is left alone where no folder is open', async () => {
    expect((await putOnPath('/cli')).values.size).toBe(0);
    expect(fs.readdirSync(folder)).toEqual([]);
  });
});

describe('a short command', () => {
  const capture = (source: string) => {
    const runtime = { node: process.execPath, cli: program(source), environment: process.env };
    return captureCli(runtime, ['logs', 'x'], folder);
  };

  it('gives what it printed', async () => {
    expect(await capture('console.log(process.argv.slice(2).join(" "))')).toBe('logs x --errors=json\n');
  });

  it('fails with its own words, not with its output', async () => {
    const failure = {
      type: 'failure',
      t: 1,
      message: 'No run is called x.',
      hint: 'List them.',
      exitCode: 3,
    };
    const source = `console.error('noise'); console.error(${JSON.stringify(JSON.stringify(failure))}); process.exitCode = 3;`;
    await expect(capture(source)).rejects.toMatchObject({
      message: 'No run is called x.',
      hint: 'List them.',
    });
    await expect(
      capture('process.stderr.write("Segmentation fault"); process.exitCode = 1;'),
    ).rejects.toThrow('The command ended without saying why.');
  });
});

describe('a detached process', () => {
  const launch = (source: string) =>
    launchDetached({
      runtime: { node: process.execPath, cli: program(source), environment: process.env },
      ...{ arguments: ['x'], workingFolder: folder, logFolder: path.join(folder, 'logs') },
    });

  it('tells its exit code and its last words, and leaves no log', async () => {
    const { ended } = await launch('console.error("first"); console.error("last"); process.exitCode = 3;');
    expect(await ended).toEqual({ code: 3, said: 'first\nlast' });
    expect(fs.readdirSync(path.join(folder, 'logs'))).toEqual([]);
  });

  it('clears away logs of a week ago, of processes that outlived their window', async () => {
    const logs = path.join(folder, 'logs');
    fs.mkdirSync(logs);
    for (const name of ['launch-1-2.log', 'launch-3-4.log', 'other.log'])
      fs.writeFileSync(path.join(logs, name), '');
    const old = new Date(Date.now() - 8 * 24 * 60 * 60 * 1000);
    for (const name of ['launch-1-2.log', 'other.log']) fs.utimesSync(path.join(logs, name), old, old);
    await (
      await launch('')
    ).ended;
    expect(fs.readdirSync(logs).toSorted()).toEqual(['launch-3-4.log', 'other.log']);
  });
});
