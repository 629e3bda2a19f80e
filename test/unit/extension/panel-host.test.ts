import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PanelPageHost } from '../../../src/extension/panels/host.ts';
import type { AnyHandler } from '../../../src/extension/panels/router.ts';
import { cardPanel } from '../../../src/protocol/panels/card.ts';
import type { PanelContract } from '../../../src/protocol/panels/contract.ts';
import type { HostMessage } from '../../../src/protocol/panels/messages.ts';
import { UserError } from '../../../src/protocol/user-error.ts';
import { toyPanel } from '../../fixtures/toy-panel/contract.ts';

function connect(handlers: Readonly<Record<string, AnyHandler>>, contract: PanelContract = toyPanel) {
  const posted: HostMessage[] = [];
  const warnings: string[] = [];
  let readied = 0;
  const host = new PanelPageHost({
    contract,
    handlers,
    post: (message) => Promise.resolve(posted.push(message)),
    onReady: () => readied++,
    warn: (message) => warnings.push(message),
  });
  return { host, posted, warnings, readied: () => readied };
}
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const ready = { type: 'ready', version: 2 };
const request = (id: number, method: string, params: unknown): object => ({
  type: 'request',
  id,
  method,
  params,
});

describe('requests of a page', () => {
  it('are answered, bytes and all', async () => {
    const { host, posted } = connect({
      sum: ({ values }: { values: Float32Array }) => values.reduce((a, b) => a + b, 0),
    });
    host.receive(ready);
    host.receive(request(1, 'sum', { values: Float32Array.from([1, 2, 3.5]) }));
    await settled();
    expect(posted).toEqual([{ type: 'reply', id: 1, value: 6.5 }]);
  });

  it.each([
    ['an unknown method', 'nothing', {}, /no request nothing/],
    ['a method of Object', 'toString', {}, /no request toString/],
    ['a method without a handler', 'hang', {}, /no request hang/],
    ['plain numbers for bytes', 'sum', { values: [1, 2] }, /not the parameters of sum \(values/],
    ['no parameters', 'sum', undefined, /not the parameters of sum/],
    ['a handler that fails', 'sum', { values: new Float32Array(1) }, /^It is broken\.$/],
  ])('fail with one answer: %s', async (_, method, params, message) => {
    const { host, posted } = connect({
      sum: () => {
        throw new UserError('It is broken.', 'Mend it.');
      },
    });
    host.receive(ready);
    host.receive(request(5, method, params));
    await settled();
    expect(posted).toHaveLength(1);
    expect(posted[0]).toMatchObject({
      type: 'failure',
      id: 5,
      message: expect.stringMatching(message) as string,
    });
  });

  it('fail where the handler gives what was not agreed', async () => {
    const { host, posted } = connect({ sum: () => 'many' });
    host.receive(ready);
    host.receive(request(0, 'sum', { values: new Float32Array(1) }));
    await settled();
    expect(posted[0]).toMatchObject({
      type: 'failure',
      message: expect.stringContaining('not a reply to sum') as string,
    });
  });

  it('are refused with what to do next, also by an error of another bundle', async () => {
    const refused = Object.assign(new Error('There is none.'), { name: 'UserError', hint: 'Make one.' });
    const { host, posted } = connect({ sum: () => Promise.reject(refused) });
    host.receive(ready);
    host.receive(request(0, 'sum', { values: new Float32Array(1) }));
    await settled();
    expect(posted[0]).toMatchObject({ type: 'failure', message: 'There is none.', hint: 'Make one.' });
  });

  it.each([
    ['the page no longer waits', (host: PanelPageHost) => host.receive({ type: 'cancel', id: 3 })],
    ['another page is loaded', (host: PanelPageHost) => host.receive(ready)],
    ['the panel is hidden', (host: PanelPageHost) => host.unload()],
    ['the panel is closed', (host: PanelPageHost) => host.close()],
  ])('are cancelled when %s, and not answered then', async (_, end) => {
    let signal: AbortSignal | undefined;
    let finish: (value: null) => void = () => undefined;
    const { host, posted } = connect({
      hang: (_params: unknown, given: AbortSignal) => {
        signal = given;
        return new Promise((resolve) => (finish = resolve));
      },
    });
    host.receive(ready);
    host.receive(request(3, 'hang', {}));
    await settled();
    expect(signal?.aborted).toBe(false);
    end(host);
    expect(signal?.aborted).toBe(true);
    finish(null);
    await settled();
    expect(posted).toEqual([]);
  });

  it('cannot take the place of another that is being answered', async () => {
    const { host, posted } = connect({ hang: () => new Promise(() => undefined) });
    host.receive(ready);
    host.receive(request(3, 'hang', {}));
    host.receive(request(3, 'hang', {}));
    await settled();
    expect(posted).toEqual([{ type: 'failure', id: 3, message: 'Request 3 is being answered already.' }]);
  });
});

describe('events for a page', () => {
  it('are checked before they leave', () => {
    const { host, posted } = connect({});
    host.receive(ready);
    const points = (rows: number) => ({ round: 0, points: { rows, values: new Float32Array(6) } });
    expect(() => host.send('points', points(4))).toThrow('rows and values disagree');
    expect(() =>
      host.send('points', { round: 0, points: { rows: 3, values: [0, 0, 0, 0, 0, 0] } }),
    ).toThrow();
    expect(() => host.send('nothing', {})).toThrow('no such event nothing');
    expect(() => host.send('constructor', {})).toThrow('no such event constructor');
    expect(host.send('points', points(3))).toBe(true);
    expect(posted).toHaveLength(1);
  });

  it('wait for a page of the same version', () => {
    const { host, posted, warnings, readied } = connect({});
    expect(host.send('note', { text: 'a' })).toBe(false);
    host.receive({ type: 'ready', version: 1 });
    expect(readied()).toBe(0);
    expect(warnings).toEqual([
      expect.stringContaining('the page is of version 1, the extension of version 2'),
    ]);
    host.receive(ready);
    expect(host.send('note', { text: 'b' })).toBe(true);
    expect(posted.filter(({ type }) => type === 'event')).toHaveLength(1);
  });

  it('that cannot be delivered end nothing', async () => {
    const warnings: string[] = [];
    const host = new PanelPageHost({
      contract: toyPanel,
      handlers: {},
      post: () => Promise.reject(new Error('Webview is disposed')),
      onReady: () => undefined,
      warn: (message) => warnings.push(message),
    });
    host.receive(ready);
    host.send('note', { text: 'a' });
    await settled();
    expect(warnings).toEqual([expect.stringContaining('Webview is disposed')]);
  });
});

/** Messages that look right in part, as only a faulty or hostile page would send them. */
function messages(contract: PanelContract): fc.Arbitrary<unknown> {
  const anything = fc.anything({
    withBigInt: true,
    withTypedArray: true,
    withMap: true,
    withNullPrototype: true,
  });
  const method = fc.oneof(
    fc.constantFrom(...Object.keys(contract.requests), '__proto__', 'constructor'),
    fc.string(),
  );
  const id = fc.oneof(fc.nat(20), fc.double(), anything);
  return fc.oneof(
    anything,
    fc.record({ type: fc.constant('request'), id, method: fc.oneof(method, anything), params: anything }),
    fc.record({
      type: fc.constantFrom('ready', 'cancel', 'problem', 'reply', 'event', 'x'),
      id,
      version: anything,
    }),
  );
}

/** What each message is owed: an answer or an error of its own. */
function owed(message: unknown): number {
  const isCancel =
    typeof message === 'object' && message !== null && 'type' in message && message.type === 'cancel';
  const id = isCancel && 'id' in message ? message.id : undefined;
  return isCancel && Number.isSafeInteger(id) && Number(id) >= 0 ? 0 : 1;
}

describe('10,000 messages that no page of ours would send', () => {
  it.each([
    ['card', cardPanel],
    ['toy', toyPanel],
  ])('get an error each, and %s still works', async (_, contract) => {
    let handled = 0;
    const handlers = Object.fromEntries(
      Object.keys(contract.requests).map((name) => [name, () => (handled++, null)]),
    );
    const { host, posted, warnings } = connect(handlers, contract);
    const sample = fc.sample(messages(contract), { numRuns: 10_000, seed: 11 });
    for (const message of sample) {
      const before = posted.length;
      host.receive(message);
      await settled();
      expect(posted.length - before, JSON.stringify(warnings.at(-1))).toBe(owed(message));
    }
    host.receive({ type: 'ready', version: contract.version });
    const [first = ''] = Object.keys(contract.requests).slice(-1);
    host.receive(request(99, first, { path: 'x', round: 0, at: 0, rows: 0, sum: 0 }));
    await settled();
    expect(posted.at(-1)).toEqual({ type: 'reply', id: 99, value: null });
    expect(handled).toBeGreaterThan(0);
  });
});
