import { afterEach, expect, it, vi } from 'vitest';
import * as path from 'node:path';
import { endedSince } from '../../../src/pipeline/flow/ended-since.ts';
import { EventLog, ofLastAttempt, readEvents } from '../../../src/pipeline/store/event-log.ts';
import { secondsTaken } from '../../../src/pipeline/store/seconds-taken.ts';
import { temporaryFolder } from '../support/toy-store.ts';
import * as fs from 'node:fs';

afterEach(() => void vi.useRealTimers());

it('how long something took knows nothing of a clock that is set back meanwhile', () => {
  vi.useFakeTimers({ toFake: ['Date', 'performance'], now: new Date('2026-11-22T12:00:00Z') });
  const started = new Date().toISOString();
  const began = performance.now();
  vi.advanceTimersByTime(90_000);
  vi.setSystemTime(new Date('2026-11-22T09:00:00Z'));
  const end = endedSince(began);
  expect(Date.parse(end.finished)).toBeLessThan(Date.parse(started));
  expect(secondsTaken({ started, ...end })).toBeCloseTo(90, 3);
});

it('of states without seconds the times tell, and never less than nothing', () => {
  const started = '2026-11-22T12:00:00.000Z';
  expect(secondsTaken({ started, finished: '2026-11-22T12:00:02.500Z' })).toBe(2.5);
  expect(secondsTaken({ started, finished: '2026-11-22T11:00:00.000Z' })).toBe(0);
  expect(secondsTaken({ started })).toBeUndefined();
});

it('events of one process do not go back in time, and those of the last attempt are told by their place', () => {
  const folder = temporaryFolder();
  const file = path.join(folder, 'events.ndjson');
  const running = { type: 'state', state: 'running' } as const;
  const loss = (value: number) => ({ type: 'loss', epoch: 1, loss: value, alpha: 0.1 }) as const;
  for (const now of ['2026-11-22T12:00:00Z', '2026-11-22T09:00:00Z']) {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date(now) });
    const log = new EventLog(file);
    log.append(running);
    vi.setSystemTime(new Date(Date.parse(now) - 60_000));
    log.append(loss(Date.parse(now)));
    log.close();
  }
  const events = readEvents(file);
  expect(events.map(({ t }) => new Date(t).getUTCHours())).toEqual([12, 12, 9, 9]);
  expect(ofLastAttempt(events, '2026-11-22T09:00:00Z')).toEqual(events.slice(2));
  fs.rmSync(folder, { recursive: true, force: true });
});
