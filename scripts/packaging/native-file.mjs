// What the header of a native file says it was built for, and one machine's part of a universal one.

const ELF = { 0x3e: 'x64', 0xb7: 'arm64' };
const MACH_O = { 0x01000007: 'x64', 0x0100000c: 'arm64' };
const PE = { 0x8664: 'x64', 0xaa64: 'arm64' };
const UNIVERSAL = 0xcafebabe;

/** Parts of a universal Mach-O file: machine, first byte, length. */
function partsOf(bytes) {
  return Array.from({ length: bytes.readUInt32BE(4) }, (_, n) => {
    const at = 8 + 20 * n;
    return {
      cpu: MACH_O[bytes.readUInt32BE(at)],
      start: bytes.readUInt32BE(at + 8),
      length: bytes.readUInt32BE(at + 12),
    };
  });
}

function windowsMachine(bytes) {
  const at = bytes.readUInt32LE(0x3c);
  return bytes.toString('latin1', at, at + 4) === 'PE\0\0' ? PE[bytes.readUInt16LE(at + 4)] : undefined;
}

/** `linux-x64`, `darwin-arm64`, `win32-x64` …; `darwin-universal`; `unknown` for anything else. */
export function platformOf(bytes) {
  if (bytes.length < 64) return 'unknown';
  if (bytes.toString('latin1', 0, 4) === '\x7fELF')
    return `linux-${ELF[bytes.readUInt16LE(18)] ?? 'unknown'}`;
  if (bytes.readUInt32LE(0) === 0xfeedfacf) return `darwin-${MACH_O[bytes.readUInt32LE(4)] ?? 'unknown'}`;
  if (bytes.readUInt32BE(0) === UNIVERSAL) return 'darwin-universal';
  if (bytes.toString('latin1', 0, 2) === 'MZ') return `win32-${windowsMachine(bytes) ?? 'unknown'}`;
  return 'unknown';
}

/**
 * The part of a universal Mach-O file for one machine; any other file as it is. Each part is a whole file with a
 * signature of its own, so it is cut out byte for byte.
 */
export function thinned(bytes, cpu) {
  if (platformOf(bytes) !== 'darwin-universal') return bytes;
  const part = partsOf(bytes).find((each) => each.cpu === cpu);
  if (part === undefined) throw new Error(`the universal file has no part for ${cpu}`);
  return bytes.subarray(part.start, part.start + part.length);
}
