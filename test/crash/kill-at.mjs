/**
 * Loaded before a process under test (`node --import`, through NODE_OPTIONS): kills the process, as `kill -9` does, at
 * a chosen file operation or after a chosen number of bytes written. The product knows nothing of it.
 *
 * RECSYS_TEST_KILL   {"process": "driver" or a step's path, "boundary": n} or {…, "bytes": n} or {…, "after": milliseconds}
 * RECSYS_TEST_KILLED a file to which it adds a line just before
 * RECSYS_TEST_COUNT  a file to which every process adds a line {"process", "boundaries", "bytes"} when it ends
 */
import fs from 'node:fs';
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

const [, script = '', command = ''] = process.argv;
const drives = ['run', 'resume', 'train', 'evaluate', 'prepare', 'refit'].includes(command);
/** `driver`, or the step this process runs, once it was told which. */
let name = drives ? 'driver' : '';
const wanted =
  process.env.RECSYS_TEST_KILL === undefined ? undefined : JSON.parse(process.env.RECSYS_TEST_KILL);
const countFile = process.env.RECSYS_TEST_COUNT;
const original = { ...fs };
let boundaries = 0;
let bytes = 0;

function die() {
  if (process.env.RECSYS_TEST_KILLED !== undefined)
    original.appendFileSync(
      process.env.RECSYS_TEST_KILLED,
      `${JSON.stringify({ ...wanted, pid: process.pid })}\n`,
    );
  process.kill(process.pid, 'SIGKILL');
}

/** Called before every operation that changes what is on the disk: a kill here is a kill after the one before. */
function boundary() {
  boundaries++;
  if (isTarget() && boundaries === wanted.boundary) die();
}

function isTarget() {
  return wanted?.process === name;
}

/** How much of a piece may still be written, when the process is to die within it. */
function allowance(length) {
  const before = bytes;
  bytes += length;
  return isTarget() && wanted.bytes !== undefined && before < wanted.bytes && bytes >= wanted.bytes
    ? wanted.bytes - before
    : undefined;
}

/** Writes the first part of a piece, then dies. Only called for the piece in which the process is to die. */
function writeAndDie(target, data, length) {
  const buffer =
    typeof data === 'string' ? Buffer.from(data) : Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const descriptor = typeof target === 'number' ? target : original.openSync(target, 'w');
  original.writeSync(descriptor, buffer, 0, length);
  die();
}

const sizeOf = (data) => (typeof data === 'string' ? Buffer.byteLength(data) : (data?.byteLength ?? 0));

/** Replaces operations that change names or flush. */
function wrapPlain(object, names) {
  for (const key of names) {
    const inner = object[key];
    if (typeof inner !== 'function') continue;
    object[key] = function (...args) {
      boundary();
      return inner.apply(this, args);
    };
  }
}

/** Replaces operations that write bytes; `descriptorOf` gives what to write the first part to. */
function wrapWrites(object, names, descriptorOf) {
  for (const key of names) {
    const inner = object[key];
    object[key] = function (...args) {
      boundary();
      const [target, data] = descriptorOf === undefined ? args : [descriptorOf(this), args[0]];
      const pieces = Array.isArray(data) ? data : [data];
      for (const piece of pieces) {
        const length = allowance(sizeOf(piece));
        if (length !== undefined) writeAndDie(target, piece, length);
      }
      return inner.apply(this, args);
    };
  }
}

function wrapHandles() {
  const handlePrototype = async () => {
    const handle = await promises.open('/dev/null', 'r');
    const prototype = Object.getPrototypeOf(handle);
    await handle.close();
    return prototype;
  };
  return handlePrototype().then((prototype) => {
    wrapPlain(prototype, ['sync', 'datasync', 'truncate']);
    wrapWrites(prototype, ['write', 'writev', 'writeFile', 'appendFile'], (handle) => handle.fd);
  });
}

/** A process that stood by begins with its step: counts and time start there. */
function begin(step) {
  [name, boundaries, bytes] = [step, 0, 0];
  if (isTarget() && wanted.after !== undefined) setTimeout(die, wanted.after).unref();
}

/** Listening would take the message away from who it is for, so it is seen as it is handed over. */
function watchForBegin() {
  const emit = process.emit;
  process.emit = function (event, message, ...rest) {
    if (event === 'message' && Array.isArray(message?.begin)) begin(message.begin[2]);
    return emit.call(this, event, message, ...rest);
  };
}

const concerned = drives ? countFile !== undefined || wanted?.process === 'driver' : command === 'step';
if (script.endsWith('cli.mjs') && concerned) {
  await wrapHandles();
  const plain = ['open', 'fsync', 'rename', 'link', 'mkdir', 'rm', 'unlink', 'copyFile', 'ftruncate'];
  wrapPlain(promises, plain);
  wrapPlain(fs, [...plain, ...plain.map((key) => `${key}Sync`)]);
  wrapWrites(promises, ['writeFile', 'appendFile']);
  wrapWrites(fs, [
    'writeSync',
    'writevSync',
    'write',
    'writev',
    'writeFileSync',
    'appendFileSync',
    'writeFile',
  ]);
  syncBuiltinESMExports();
  if (drives) begin('driver');
  else watchForBegin();
  if (countFile !== undefined)
    process.on('exit', () => {
      if (name === '') return;
      original.appendFileSync(countFile, `${JSON.stringify({ process: name, boundaries, bytes })}\n`);
    });
}
