import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ProgressEvent } from '../../../src/protocol/events.ts';
import { formatBytes, formatCount, formatSeconds } from '../../../src/protocol/text/format.ts';
import { formatShare, plainLines, plainText, shorten } from '../../../src/pipeline/terminal/format.ts';
import { ProgressView } from '../../../src/pipeline/cli/output/progress-view.ts';

describe('numbers and texts', () => {
  it.each([
    [formatSeconds(3.04), '3.0 s'],
    [formatSeconds(42.4), '42 s'],
    [formatSeconds(75), '1 min 15 s'],
    [formatSeconds(4000), '1 h 6 min'],
    [formatCount(999), '999'],
    [formatCount(1234), '1.2 k'],
    [formatCount(12_345_678), '12 M'],
    [formatBytes(532), '532 B'],
    [formatBytes(4_560_000), '4.6 MB'],
    [formatShare(0.09904), '.0990'],
    [formatShare(-0.5), '-.5000'],
    [formatShare(1), '1.0000'],
    [shorten('abcdef', 4), 'abc…'],
    [shorten('abcd', 4), 'abcd'],
    [plainText('a\u001b[31mb\u0007\n\u202ec'), 'a\\u001b[31mb\\u0007\\u000a\\u202ec'],
    [plainLines('a\n\u001bb'), 'a\n\\u001bb'],
  ])('%s', (shown, expected) => {
    expect(shown).toBe(expected);
  });
});

describe('progress', () => {
  let written = '';
  const isTTY = process.stderr.isTTY;
  beforeEach(() => {
    written = '';
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
      written += String(text);
      return true;
    });
  });
  afterEach(() => {
    vi.restoreAllMocks();
    process.stderr.isTTY = isTTY;
  });
  const progress: ProgressEvent = {
    type: 'progress',
    stage: 'epoch 3 of 30',
    done: 50,
    total: 200,
    unit: 'words',
    rate: 1_500_000,
    eta: 75,
  };

  it('on a terminal is a bar with stage, percent, rate and time left, drawn over itself', () => {
    process.stderr.isTTY = true;
    const view = new ProgressView();
    view.event('train/a', { type: 'state', state: 'running' });
    view.event('train/a', progress);
    expect(written).toContain('███ ');
    expect(written).toContain('train/a epoch 3 of 30 · 25 % · 1.5 M words/s · 1 min 15 s left');
    view.event('train/a', { ...progress, done: 100 });
    expect(written).toContain('\u001b[1F\u001b[0J');
    view.event('train/a', { type: 'state', state: 'succeeded' });
    expect(written.trimEnd()).toMatch(/train\/a [\d.]+ s$/);
  });

  it('elsewhere is a line now and then, without control characters', () => {
    process.stderr.isTTY = false;
    vi.useFakeTimers();
    const view = new ProgressView();
    view.event('train/a', { type: 'state', state: 'running' });
    view.event('train/a', progress);
    expect(written).toBe('');
    vi.advanceTimersByTime(6000);
    view.event('train/a', { ...progress, total: 0, stage: 'reading\u001b[2J' });
    view.event('train/a', progress);
    vi.useRealTimers();
    expect(written).toBe('  train/a: reading\\u001b[2J · 50 words · 1.5 M words/s · 1 min 15 s left\n');
    view.event('train/a', { type: 'log', level: 'warning', message: 'odd\u0007' });
    view.event('train/a', { type: 'log', level: 'info', message: 'unsaid' });
    view.event('train/a', { type: 'state', state: 'failed', message: 'no\u001b' });
    expect(written).toContain('! train/a: odd\\u0007\n');
    expect(written).toMatch(/✗ train\/a no\\u001b/);
    expect(written).not.toContain('unsaid');
  });
});
