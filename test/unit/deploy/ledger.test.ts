/** What a journal says: what may exist, what is in service, what stays. */
import { describe, expect, it } from 'vitest';
import { pieceId, type FrontAccess, type Piece, type PieceKind } from '../../../src/protocol/deployment.ts';
import { TAGS } from '../../../src/pipeline/deploy/deployment-names.ts';
import type { NewEntry } from '../../../src/pipeline/deploy/journal.ts';
import {
  clockAsked,
  componentIn,
  expiryOf,
  frontOf,
  hasClock,
  isOver,
  keptPieces,
  ledgerOf,
  placeOf,
  type Ledger,
} from '../../../src/pipeline/deploy/ledger.ts';

const piece = (kind: PieceKind, name: string, ...needs: Piece[]): Piece => ({
  ...{ kind, name },
  needs: needs.map(pieceId),
});
const bucket = piece('bucket', 'b');
const object = (id: string): Piece => piece('object', `b/${id}`, bucket);
const model = (id: string): Piece => piece('model', id, object(id));
const config = (id: string): Piece => piece('endpoint-config', id, model(id));
const endpoint = piece('endpoint', 'shop');
const stack = piece('stack', 'recsys-rest-shop');
const clock = piece('clock', 'recsys-clock-shop');

const begun = (id: string): NewEntry => ({
  ...{ type: 'deployment', id, account: '1', region: 'eu-central-1', model: 'markov', kind: 'markov' },
});
const asked = (id: string, one: Piece, tags: Record<string, string> = {}): NewEntry => ({
  ...{ type: 'intent', id, piece: one, tags },
});
const made = (one: Piece, handle?: string, access?: FrontAccess): NewEntry => ({
  ...{ type: 'made', piece: pieceId(one) },
  ...(handle === undefined ? {} : { handle }),
  ...(access === undefined ? {} : { access }),
});
const gone = (one: Piece): NewEntry => ({ type: 'gone', piece: pieceId(one) });
const have = (id: string, ...pieces: Piece[]): NewEntry[] =>
  pieces.flatMap((one) => [asked(id, one), made(one)]);
const live = (id: string): NewEntry[] => [
  { type: 'live', id, config: id },
  { type: 'ended', id, outcome: 'live' },
];
/** A deployment that came to be in service. */
const whole = (id: string, ...more: Piece[]): NewEntry[] => [
  begun(id),
  ...have(id, bucket, object(id), model(id), config(id), endpoint, ...more),
  ...live(id),
];

const folded = (...entries: readonly NewEntry[]): Ledger =>
  ledgerOf(entries.map((entry, at) => ({ t: 1000 + at, ...entry })));
const ids = (ledger: Ledger): string[] => [...ledger.pieces.keys()].sort();
const kept = (ledger: Ledger): string[] => [...keptPieces(ledger)].sort();
const idsOf = (...pieces: Piece[]): string[] => pieces.map(pieceId).sort();

describe('what may exist', () => {
  it('is what was asked for, until AWS refused it, or it is gone or left', () => {
    expect(ids(folded(asked('1', bucket)))).toEqual(['bucket:b']);
    expect(folded(asked('1', bucket)).pieces.get('bucket:b')).toMatchObject({ state: 'unsure', asked: 1000 });
    const unsure: NewEntry = { type: 'unsure', piece: 'bucket:b', code: 'TimeoutError' };
    expect(folded(asked('1', bucket), unsure).pieces.get('bucket:b')?.state).toBe('unsure');
    expect(folded(asked('1', bucket), made(bucket)).pieces.get('bucket:b')?.state).toBe('made');
    const refused: NewEntry = { type: 'refused', piece: 'bucket:b', code: 'AccessDenied' };
    const left: NewEntry = { type: 'left', piece: 'bucket:b', why: 'it is not empty' };
    for (const end of [refused, left, gone(bucket)]) expect(ids(folded(asked('1', bucket), end))).toEqual([]);
    // That it is about to be taken away says nothing of whether it is.
    const removal: NewEntry = { type: 'removal', piece: 'bucket:b' };
    expect(ids(folded(...have('1', bucket), removal))).toEqual(['bucket:b']);
  });

  it('is of the deployment that asked for it last, and keeps its handle meanwhile', () => {
    const ledger = folded(asked('1', bucket), made(bucket, 'h'), asked('2', bucket, { a: 'b' }));
    expect(ledger.pieces.get('bucket:b')).toMatchObject({
      ...{ deployment: '2', state: 'unsure', handle: 'h', tags: { a: 'b' }, asked: 1002 },
    });
  });

  it('is nothing of which only the outcome is known', () => {
    expect(ids(folded(made(bucket), gone(endpoint)))).toEqual([]);
  });
});

describe('what is in service', () => {
  it('is the last that came to be, and before it what can be gone back to', () => {
    const two = folded(...whole('1'), ...whole('2'));
    expect([two.live?.id, two.previous?.id, two.unfinished]).toEqual(['2', '1', undefined]);
    const back = folded(...whole('1'), ...whole('2'), { type: 'live', id: '1', config: '1' });
    expect([back.live?.id, back.previous?.id]).toEqual(['1', '2']);
    const without = folded(...whole('1'), ...whole('2'), gone(config('1')));
    expect(without.previous).toBeUndefined();
  });

  it('is nothing without its endpoint, whatever was before', () => {
    const ledger = folded(...whole('1'), gone(endpoint));
    expect([ledger.live, ledger.previous, ledger.served.size]).toEqual([undefined, undefined, 0]);
  });

  it('says which deployment lost its process, and whether it was changing the endpoint', () => {
    const update: NewEntry = { type: 'update', id: '2', config: '2' };
    const lost = folded(...whole('1'), begun('2'), update);
    expect([lost.unfinished, lost.updating, lost.live?.id]).toEqual(['2', true, '1']);
    const restored = folded(...whole('1'), begun('2'), update, { type: 'live', id: '1', config: '1' });
    expect([restored.unfinished, restored.updating]).toEqual(['2', false]);
    const failed = folded(...whole('1'), begun('2'), { type: 'ended', id: '2', outcome: 'failed' });
    expect(failed.unfinished).toBeUndefined();
    // The end of another one is not its own.
    expect(folded(begun('2'), { type: 'ended', id: '1', outcome: 'failed' }).unfinished).toBe('2');
  });

  it('knows where it is', () => {
    expect(placeOf(folded())).toBeUndefined();
    expect(placeOf(folded(begun('1')))).toMatchObject({ account: '1', region: 'eu-central-1' });
  });
});

describe('what stays', () => {
  it('is what answers and what can be gone back to, with all that these need', () => {
    const ledger = folded(...whole('1'), ...whole('2'), ...whole('3'));
    expect(kept(ledger)).toEqual(
      idsOf(bucket, object('2'), object('3'), model('2'), model('3'), config('2'), config('3'), endpoint),
    );
  });

  it('is nothing where nothing is in service', () => {
    expect(kept(folded(begun('1'), ...have('1', bucket, endpoint, stack)))).toEqual([]);
    expect(kept(folded(...whole('1', stack), gone(endpoint)))).toEqual([]);
  });

  it('is scaling with its endpoint', () => {
    expect(kept(folded(...whole('1', piece('scaling', 'shop'))))).toContain('scaling:shop');
  });

  it('is of an endpoint that keeps its configuration this one, and the models that its component has had last', () => {
    const component = piece('component', 'recsys-zero-shop');
    const kept1 = { ...config('1'), needs: [] };
    const keeps = { ...endpoint, needs: [pieceId(kept1)] };
    const update = (id: string): NewEntry[] => [begun(id), ...have(id, model(id)), ...live(id)];
    const first = [
      begun('1'),
      ...have('1', bucket, object('1'), model('1'), kept1, keeps, component),
      ...live('1'),
    ];
    const ledger = folded(...first, ...update('2'), ...update('3'));
    expect([ledger.live?.id, ledger.previous?.id, componentIn(ledger)]).toEqual(['3', '2', 'shop']);
    expect(kept(ledger)).toEqual(
      expect.arrayContaining([...[endpoint, component, kept1, model('2'), model('3')].map(pieceId)]),
    );
    expect(kept(ledger)).not.toContain(pieceId(model('1')));
  });

  it('is a front whose deployment came to be in service once, and no other', () => {
    expect(kept(folded(...whole('1', stack)))).toContain(pieceId(stack));
    expect(kept(folded(...whole('1', stack), ...whole('2'), ...whole('3')))).toContain(pieceId(stack));
    const failing = [...whole('1'), begun('2'), ...have('2', stack)];
    expect(kept(folded(...failing))).not.toContain(pieceId(stack));
    expect(kept(folded(...failing, ...live('2')))).toContain(pieceId(stack));
  });

  it('is no front that was about to go, until one is made again', () => {
    const removal: NewEntry = { type: 'removal', piece: pieceId(stack) };
    const going = [...whole('1', stack), removal];
    expect(ids(folded(...going))).toContain(pieceId(stack));
    expect(kept(folded(...going))).not.toContain(pieceId(stack));
    expect(kept(folded(...going))).toContain('endpoint:shop');
    expect(kept(folded(...going, ...whole('2', stack)))).toContain(pieceId(stack));
  });
});

describe('a removal', () => {
  const removal = (one: Piece): NewEntry => ({ type: 'removal', piece: pieceId(one) });
  const of = (...entries: readonly NewEntry[]) => folded(...entries).removal?.of;

  it('of an endpoint is left while anything of it may be there, and no deployment came after it', () => {
    const removed = [...whole('1'), removal(endpoint), gone(endpoint)];
    expect(of(...whole('1'))).toBeUndefined();
    expect(of(...whole('1'), removal(endpoint))).toBe('endpoint');
    expect(of(...removed)).toBe('endpoint');
    const rest = [config('1'), model('1'), object('1'), bucket].map(gone);
    expect(of(...removed, ...rest)).toBeUndefined();
    expect(of(...removed, begun('2'))).toBeUndefined();
    expect(folded(...removed).removal?.t).toBe(1000 + whole('1').length);
  });

  it('of an endpoint begins with its component, unless that is made again', () => {
    const component = piece('component', 'recsys-zero-shop');
    const going = [...whole('1', component), removal(component)];
    expect(of(...going)).toBe('endpoint');
    expect(of(...going, gone(component))).toBe('endpoint');
    expect(of(...going, gone(component), asked('1', component))).toBeUndefined();
  });

  it('of a front is left while that is there; what else deployments clear away is none', () => {
    expect(of(...whole('1', stack), removal(stack))).toBe('front');
    expect(of(...whole('1', stack), removal(stack), gone(stack))).toBeUndefined();
    expect(of(...whole('1'), ...whole('2'), removal(config('1')))).toBeUndefined();
  });
});

it('a front is known by its address, and by who may ask it', () => {
  expect(frontOf(folded(...whole('1')))).toEqual({});
  expect(frontOf(folded(asked('1', stack)))).toEqual({});
  const url = 'https://x.example/predict';
  const there = [asked('1', stack), made(stack), made(stack, url)];
  expect(frontOf(folded(...there))).toEqual({ front: url });
  expect(frontOf(folded(...there, made(stack, url, 'token'), made(stack)))).toEqual({
    ...{ front: url, frontAccess: 'token' },
  });
});

describe('the time to live', () => {
  const END = '2026-12-01T00:00:00.000Z';
  const ledger = folded(...whole('1'), asked('1', config('1'), { [TAGS.expires]: END }));

  it('is that of what answers, and over from its moment on', () => {
    expect(expiryOf(ledger)).toBe(END);
    expect(isOver(ledger, Date.parse(END) - 1)).toBe(false);
    expect(isOver(ledger, Date.parse(END))).toBe(true);
  });

  it('is none where none was asked for, or nothing answers', () => {
    expect(expiryOf(folded(...whole('1')))).toBeUndefined();
    expect(isOver(folded(...whole('1')), Infinity)).toBe(false);
    const unfinished = folded(begun('1'), asked('1', config('1'), { [TAGS.expires]: END }));
    expect(isOver(unfinished, Infinity)).toBe(false);
  });

  const until = (id: string, expires: string | undefined, hasOne?: boolean): NewEntry[] => [
    { ...begun(id), ...(hasOne === undefined ? {} : { clock: hasOne }) },
    ...have(id, bucket, object(id), model(id), endpoint),
    asked(id, config(id), expires === undefined ? {} : { [TAGS.expires]: expires }),
    made(config(id)),
    ...live(id),
  ];
  const LATER = '2026-12-02T00:00:00.000Z';
  const back: NewEntry = { type: 'live', id: '1', config: '1' };

  it('is what was said last, though the model was gone back from; where that said none, that of what answers', () => {
    expect(expiryOf(folded(...until('1', END), ...until('2', LATER)))).toBe(LATER);
    expect(expiryOf(folded(...until('1', END), ...until('2', LATER), back))).toBe(LATER);
    expect(expiryOf(folded(...until('1', END), ...until('2', undefined)))).toBeUndefined();
    expect(expiryOf(folded(...until('1', END), ...until('2', undefined), back))).toBe(END);
    expect(expiryOf(folded(...until('1', LATER), ...until('2', LATER), back, ...until('3', END)))).toBe(END);
  });

  it('is kept by a clock where the deployment that named it asked for one', () => {
    const of = (...entries: NewEntry[]) => clockAsked(folded(...entries));
    expect(of(...until('1', END, true))).toMatchObject({ id: '1', expires: END, isOwn: true });
    expect(of(...until('1', END, false))).toBeUndefined();
    expect(of(...until('1', END))).toMatchObject({ isOwn: false });
    expect(of(...until('1', undefined, false))).toBeUndefined();
    expect(of(...until('1', END, true), ...until('2', LATER, false), back)).toBeUndefined();
  });

  it('has a clock that is set to it, stays with it, and is no clock while that is not known', () => {
    const one = until('1', END, true);
    const set = [...one, asked('1', clock), made(clock, END)];
    expect([hasClock(folded(...one)), hasClock(folded(...set))]).toEqual([false, true]);
    expect(kept(folded(...set))).toContain(pieceId(clock));
    // Another deployment was about to move it.
    const moving = folded(...set, begun('2'), asked('2', clock));
    expect([hasClock(moving), kept(moving).includes(pieceId(clock))]).toEqual([false, true]);
    expect(hasClock(folded(...set, asked('2', clock), made(clock, LATER)))).toBe(false);
    const removal: NewEntry = { type: 'removal', piece: pieceId(clock) };
    expect(hasClock(folded(...set, removal))).toBe(false);
    expect(hasClock(folded(...set, removal, made(clock, END)))).toBe(true);
    expect(kept(folded(...set, ...until('2', undefined, false)))).not.toContain(pieceId(clock));
  });
});
