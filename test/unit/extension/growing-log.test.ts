import { describe, expect, it } from 'vitest';
import { GrowingLog } from '../../../src/extension/runs/growing-log.ts';

interface Part {
  text: string;
  at: string;
  restarted: boolean;
  more: boolean;
}

function logOf(parts: readonly Part[], most?: number) {
  const asked: (string | undefined)[] = [];
  const rest = [...parts];
  const log = new GrowingLog(
    ({ from }) => {
      asked.push(from);
      return Promise.resolve(rest.shift() ?? { text: '', at: from ?? '', restarted: false, more: false });
    },
    { run: 'r' },
    most,
  );
  return { log, asked };
}

const part = (text: string, at: string, more = false): Part => ({ text, at, restarted: false, more });

describe('a log in an editor', () => {
  it('is read on from where it was read last', async () => {
    const { log, asked } = logOf([part('a\n', '1', true), part('b\n', '2'), part('c\n', '3')]);
    expect(await Promise.all([log.read(), log.read()])).toEqual(['a\nb\n', 'a\nb\n']);
    expect(await log.read()).toBe('a\nb\nc\n');
    expect(asked).toEqual([undefined, '1', '2']);
  });

  it('begins anew when a file was cut short', async () => {
    const cut = { text: 'x\n', at: '9', restarted: true, more: false };
    const { log, asked } = logOf([part('a\n', '1'), cut, part('x\n', '9')]);
    await log.read();
    expect(await log.read()).toBe('x\n');
    expect(asked).toEqual([undefined, '1', undefined]);
  });

  it('keeps the last whole lines of a long one', async () => {
    const { log } = logOf([part('one\ntwo\nthree\n', '1')], 9);
    expect(await log.read()).toBe('three\n');
  });
});
