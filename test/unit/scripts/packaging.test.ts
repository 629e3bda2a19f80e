import { readFileSync } from 'node:fs';
import process from 'node:process';
import { expect, it } from 'vitest';
import { platformOf, thinned } from '../../../scripts/packaging/native-file.mjs';
import { chosenTargets } from '../../../scripts/packaging/targets.mjs';

/** A Mach-O header for one machine. */
function machO(cpu: number): Buffer {
  const bytes = Buffer.alloc(64);
  bytes.writeUInt32LE(0xfeedfacf, 0);
  bytes.writeUInt32LE(cpu, 4);
  return bytes;
}

function universal(): Buffer {
  const [x64, arm64] = [0x01000007, 0x0100000c];
  const head = Buffer.alloc(64);
  head.writeUInt32BE(0xcafebabe, 0);
  head.writeUInt32BE(2, 4);
  for (const [n, cpu] of [x64, arm64].entries()) {
    head.writeUInt32BE(cpu, 8 + 20 * n);
    head.writeUInt32BE(64 + 64 * n, 16 + 20 * n);
    head.writeUInt32BE(64, 20 + 20 * n);
  }
  return Buffer.concat([head, machO(x64), machO(arm64)]);
}

it("reads this Node's own header", () => {
  expect(platformOf(readFileSync(process.execPath))).toMatch(`${process.platform}-${process.arch}`);
});

it("cuts one machine's part out of a universal file, and leaves others as they are", () => {
  expect(platformOf(universal())).toBe('darwin-universal');
  expect(platformOf(thinned(universal(), 'x64'))).toBe('darwin-x64');
  expect(thinned(universal(), 'arm64')).toEqual(machO(0x0100000c));
  expect(() => thinned(universal(), 'ia32')).toThrow('no part for ia32');
});

it('knows the platforms of the lock file, and says which there are', () => {
  const names = chosenTargets(['all']).map(({ target }) => target);
  expect(names).toEqual(expect.arrayContaining(['darwin-arm64', 'linux-x64', 'win32-arm64', 'alpine-x64']));
  expect(() => chosenTargets(['linux-mips'])).toThrow(/no binding for linux-mips.*linux-arm64/);
});

it('types only the API of the oldest VS Code of engines', () => {
  const text = readFileSync('package.json', 'utf8');
  const oldest = /"vscode": "\^([\d.]+)"/.exec(text)?.[1];
  expect(oldest).toBeDefined();
  expect(/"@types\/vscode": "([^"]+)"/.exec(text)?.[1]).toBe(oldest);
  expect(readFileSync('test/vscode-host/places.mjs', 'utf8')).toContain(
    `oldest: { codeServer: '4.${oldest?.slice(2) ?? ''}'`,
  );
});
