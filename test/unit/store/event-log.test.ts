import * as fs from 'node:fs';
import * as path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { EventLog, heartbeatAge, readEvents, tailEvents } from '../../../src/pipeline/store/event-log.ts';
import { temporaryFolder } from '../support/toy-store.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = temporaryFolder();
  file = path.join(folder, 'events.ndjson');
  return () => fs.rmSync(folder, { recursive: true, force: true });
});

const message = (text: string) => ({ type: 'log', level: 'info', message: text }) as const;
const texts = (events: readonly { type: string }[]): string[] =>
  events.flatMap((event) => ('message' in event ? [String(event.message)] : []));

describe('the event log', () => {
  it('keeps events in order, with the time of writing', () => {
    const before = Date.now();
    const log = new EventLog(file);
    log.append(message('first'));
    log.append({ type: 'loss', epoch: 0.5, loss: 1, alpha: 0.02 });
    log.close();
    const events = readEvents(file);
    expect(events).toEqual([
      { t: expect.any(Number) as number, ...message('first') },
      { t: expect.any(Number) as number, type: 'loss', epoch: 0.5, loss: 1, alpha: 0.02 },
    ]);
    expect(events[0]?.t).toBeGreaterThanOrEqual(before);
  });

  it('passes over a last line that a crash cut off, and loses nothing written after it', () => {
    const log = new EventLog(file);
    log.append(message('whole'));
    log.append(message('cut off'));
    log.close();
    fs.truncateSync(file, fs.statSync(file).size - 9);
    expect(texts(readEvents(file))).toEqual(['whole']);
    const next = new EventLog(file);
    next.append(message('after'));
    next.close();
    expect(texts(readEvents(file))).toEqual(['whole', 'after']);
  });

  it('reads at every cut what was whole by then', () => {
    const log = new EventLog(file);
    const names = ['ä', 'b|||c', '\u001b[31mred', '"quoted"\n', '💿'];
    for (const name of names) log.append(message(name));
    log.close();
    const bytes = fs.readFileSync(file);
    const ends = [...bytes.keys()].filter((at) => bytes[at] === 10);
    for (let length = 0; length <= bytes.length; length++) {
      fs.writeFileSync(file, bytes.subarray(0, length));
      // A line that lacks only its end is whole.
      const whole = ends.filter((end) => end <= length).length;
      expect(texts(readEvents(file))).toEqual(names.slice(0, whole));
    }
  });

  it('passes over lines that are no events', () => {
    const good = JSON.stringify({ t: 1, ...message('good') });
    const hostile = [
      'null',
      '[]',
      '{"t":1}',
      '{"t":"now","type":"log","level":"info","message":"x"}',
      '{"__proto__":{"type":"log"}}',
      '\u0000\u0000',
      '{"t":1,"type":"state","state":"exploded"}',
      '',
    ];
    fs.writeFileSync(file, [...hostile, good, ...hostile].join('\n'));
    expect(texts(readEvents(file))).toEqual(['good']);
    expect(texts(tailEvents(file))).toEqual(['good']);
  });

  it('reads the tail of a large file without its beginning', () => {
    const log = new EventLog(file);
    for (let i = 0; i < 2000; i++) log.append(message(`line ${i} ü`));
    log.close();
    const tail = texts(tailEvents(file));
    expect(tail.at(-1)).toBe('line 1999 ü');
    expect(tail.length).toBeLessThan(300);
    expect(tail).toEqual(texts(readEvents(file)).slice(-tail.length));
  });

  it('beats while it is open, and only then', async () => {
    const log = new EventLog(file);
    fs.utimesSync(file, new Date(0), new Date(0));
    expect(heartbeatAge(file)).toBeGreaterThan(1e9);
    await new Promise((resolve) => setTimeout(resolve, 2300));
    expect(heartbeatAge(file)).toBeLessThan(2000);
    log.close();
    expect(heartbeatAge(path.join(folder, 'none'))).toBe(Infinity);
    expect(readEvents(path.join(folder, 'none'))).toEqual([]);
  });
});
