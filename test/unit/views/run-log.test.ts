import * as fs from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { ownIdentity } from '../../../src/pipeline/store/process-identity.ts';
import type { RunFolder } from '../../../src/pipeline/store/run-folder.ts';
import { logText } from '../../../src/pipeline/views/log-text.ts';
import { type LogPart, type LogPlaces, readLog, stepsOfLog } from '../../../src/pipeline/views/run-log.ts';
import { temporaryStore, toyManifest } from '../support/toy-store.ts';

let run: RunFolder;

beforeEach(async () => {
  const { store, remove } = temporaryStore();
  const models = [{ name: 'markov', kind: 'markov', parameters: {}, given: [] }];
  const manifest = toyManifest({ flow: 'next-item', until: 'report', models });
  run = await store.createRun(manifest, { tags: [], starred: false });
  return remove;
});

function append(step: string, ...lines: string[]): void {
  fs.mkdirSync(run.stepFolder(step), { recursive: true });
  fs.appendFileSync(run.eventsFile(step), lines.map((line) => `${line}\n`).join(''));
}

/** Writes a state. */
function write(step: string, state: object): void {
  fs.mkdirSync(run.stepFolder(step), { recursive: true });
  fs.writeFileSync(run.stateFile(step), JSON.stringify(state));
}

const log = (t: number, message: string): string =>
  JSON.stringify({ t, type: 'log', level: 'info', message });

function readAll(from: LogPlaces = {}): { parts: LogPart[]; text: string; places: LogPlaces } {
  const parts: LogPart[] = [];
  let places = from;
  for (let more = true; more;) {
    const part = readLog(run, stepsOfLog(run), places);
    parts.push(part);
    ({ places, more } = part);
  }
  return { parts, places, text: parts.map((part) => logText(part)).join('') };
}

const messages = (text: string): string[] =>
  [...text.matchAll(/info: (.*)$/gm)].map(([, message]) => message ?? '');

describe('the log of a run', () => {
  it('is by time over all steps, and goes on from where it was read', () => {
    append('prepare', log(1, 'a'), log(4, 'd'));
    append('train/markov', log(2, 'b'), log(3, 'c'));
    const first = readAll();
    expect(messages(first.text)).toEqual(['a', 'b', 'c', 'd']);
    expect(readAll(first.places).text).toBe('');
    append('train/markov', log(5, 'e'));
    fs.appendFileSync(run.eventsFile('prepare'), log(6, 'f').slice(0, 10));
    const second = readAll(first.places);
    expect(messages(second.text)).toEqual(['e']);
    fs.appendFileSync(run.eventsFile('prepare'), `${log(6, 'f').slice(10)}\n`);
    expect(messages(readAll(second.places).text)).toEqual(['f']);
  });

  it('comes in parts of a bounded size, in the same order', () => {
    const filler = 'ä'.repeat(500);
    const of = (first: number): string[] =>
      Array.from({ length: 2000 }, (_, i) => log(first + 2 * i, `${first + 2 * i} ${filler}`));
    append('prepare', ...of(0));
    append('train/markov', ...of(1));
    const { parts, text } = readAll();
    expect(parts.length).toBeGreaterThan(2);
    expect(Math.max(...parts.map((part) => logText(part).length))).toBeLessThan(1_000_000);
    expect(messages(text).map((message) => Number(message.split(' ')[0]))).toEqual(
      Array.from({ length: 4000 }, (_, i) => i),
    );
  });

  it('has after the events what processes printed, without breaking a character', () => {
    append('prepare', log(1, 'a'));
    const file = `${run.stepFolder('prepare')}/output.log`;
    fs.writeFileSync(file, Buffer.from('trace €').subarray(0, 8));
    const first = readAll();
    expect(first.text).toMatch(/a\n— output of prepare\ntrace\n$/);
    fs.writeFileSync(file, 'trace € and more\n');
    expect(readAll(first.places).text).toBe('€ and more\n');
  });

  it('leaves a line that a step is still printing until it is whole, or the step has ended', () => {
    const drives = { format: 1, attempt: 1, process: ownIdentity(), until: 'report', started: '2026-01-01' };
    write('driver', { ...drives, state: 'running' });
    const file = `${run.stepFolder('prepare')}/output.log`;
    fs.mkdirSync(run.stepFolder('prepare'));
    fs.writeFileSync(file, 'one\nhalf of');
    const first = readAll();
    expect(first.text).toBe('— output of prepare\none\n');
    expect(readAll(first.places).text).toBe('');
    fs.appendFileSync(file, ' a line\nand the');
    const second = readAll(first.places);
    expect(second.text).toBe('half of a line\n');
    write('driver', { ...drives, state: 'failed' });
    fs.appendFileSync(file, ' last');
    expect(readAll(second.places).text).toBe('and the last\n');
  });

  it('says so when what a process printed was replaced', () => {
    const file = `${run.stepFolder('prepare')}/output.log`;
    fs.mkdirSync(run.stepFolder('prepare'));
    fs.writeFileSync(file, 'of the first attempt\n');
    const { places } = readAll();
    expect(readLog(run, stepsOfLog(run), places).restarted).toBe(false);
    fs.writeFileSync(`${file}.new`, 'of a later attempt, which is longer\n');
    fs.renameSync(`${file}.new`, file);
    expect(readLog(run, stepsOfLog(run), places).restarted).toBe(true);
    fs.writeFileSync(file, 'shorter\n');
    expect(readLog(run, stepsOfLog(run), places).restarted).toBe(true);
  });

  it('says so when a file was cut short', () => {
    append('prepare', log(1, 'a'), log(2, 'b'));
    const { places } = readAll();
    fs.truncateSync(run.eventsFile('prepare'), 0);
    append('prepare', log(3, 'c'));
    const [part] = readAll(places).parts;
    expect(part?.restarted).toBe(true);
  });

  it('of one step is that of this step, and of none there is none', () => {
    expect(stepsOfLog(run, 'train/markov')).toEqual(['train/markov']);
    expect(() => stepsOfLog(run, 'train/none')).toThrow(/has no step 'train\/none'/);
  });
});
