import { describe, expect, it } from 'vitest';
import { DatasetSpec } from '../../../src/protocol/dataset-spec.ts';
import { guessSpec } from '../../../src/pipeline/data/guess/guess-spec.ts';
import { previewData } from '../../../src/pipeline/data/describe/preview-data.ts';

/** Columns given as `name type: value value …`. */
function guess(...columns: string[]) {
  const described = columns.map((column) => {
    const [, name = '', type = '', values = ''] = /^(.+) ([A-Z]+): (.*)$/.exec(column) ?? [];
    const list = values.split(' ').map((value) => (value === '-' ? null : value));
    return { name, type, values: list, samples: [] };
  });
  const { spec, reasons } = guessSpec({ format: 'csv', columns: described });
  expect(DatasetSpec.safeParse(spec).success).toBe(true);
  return { ...spec, reasons };
}

describe('by names', () => {
  it('playlists: user and playlist, artist and track, row_id', async () => {
    const { guess, columns, rows } = await previewData('samples/playlists.parquet', '.');
    expect(guess.spec).toEqual({
      format: 'parquet',
      sequence: ['user_id', 'playlist'],
      item: ['artist', 'track'],
      order: ['row_id'],
      user: 'user_id',
      group: 'artist',
      minimumLength: 3,
      sample: 1,
      split: { by: 'user', ratios: [0.7, 0.2, 0.1] },
    });
    expect(Object.keys(guess.reasons).sort()).toEqual([
      'group',
      'item',
      'minimumLength',
      'order',
      'sequence',
      'split',
      'user',
    ]);
    expect(rows).toBe(382_168);
    expect(columns.map(({ name }) => name)).toEqual(['row_id', 'user_id', 'playlist', 'artist', 'track']);
    expect(columns[4]?.samples[0]).toBe('Empty Space');
  });

  it('data with a split of their own, only where every value names a part', () => {
    const columns = ['session_id VARCHAR: a a b', 'item_id VARCHAR: x y z'];
    expect(guess(...columns, 'split VARCHAR: train Train dev')).toMatchObject({
      sequence: ['session_id'],
      item: ['item_id'],
      split: { by: 'column', column: 'split', ratios: [0.7, 0.2, 0.1] },
      reasons: { split: '‘split’ says which sequences train and which test.' },
    });
    for (const values of ['train test other', 'train - test', '1 2 3'])
      expect(guess(...columns, `split VARCHAR: ${values}`).split.by).toBe('sequence');
  });

  it("the playlists' raw file, whose names have blanks", () => {
    expect(
      guess(
        'user_id VARCHAR: a',
        ' artistname VARCHAR: b',
        ' trackname VARCHAR: c',
        ' playlistname VARCHAR: d',
      ),
    ).toMatchObject({
      sequence: ['user_id', ' playlistname'],
      item: [' artistname', ' trackname'],
      order: [],
      group: ' artistname',
    });
  });

  it('playlists with ids', () => {
    expect(
      guess(
        'pid BIGINT: 1 1 2',
        'pos BIGINT: 0 1 0',
        'track_uri VARCHAR: a b a',
        'artist_name VARCHAR: x y x',
        'track_name VARCHAR: q r q',
      ),
    ).toMatchObject({ sequence: ['pid'], item: ['track_uri'], order: ['pos'], group: 'artist_name' });
  });

  it('baskets', () => {
    expect(
      guess(
        'order_id BIGINT: 1 1 2',
        'product_id BIGINT: 3 4 3',
        'add_to_cart_order BIGINT: 1 2 1',
        'reordered BIGINT: 1 0 1',
      ),
    ).toMatchObject({ sequence: ['order_id'], item: ['product_id'], order: ['add_to_cart_order'] });
    expect(
      guess(
        'InvoiceNo VARCHAR: 1 1 2',
        'StockCode VARCHAR: 3 4 3',
        'Description VARCHAR: a b a',
        'Quantity BIGINT: 1 5 7',
        'InvoiceDate TIMESTAMP: 1 1 2',
        'UnitPrice DOUBLE: 1 5 7',
        'CustomerID BIGINT: 9 9 8',
      ),
    ).toMatchObject({
      sequence: ['InvoiceNo'],
      item: ['StockCode'],
      order: ['InvoiceDate'],
      user: 'CustomerID',
      time: 'InvoiceDate',
    });
  });

  it('sessions', () => {
    expect(
      guess(
        'session_id BIGINT: 1 1 2',
        'timestamp TIMESTAMP: a b c',
        'item_id BIGINT: 3 4 3',
        'category VARCHAR: x y x',
      ),
    ).toMatchObject({
      sequence: ['session_id'],
      item: ['item_id'],
      order: ['timestamp'],
      time: 'timestamp',
      group: 'category',
    });
    expect(
      guess(
        'COOKIE VARCHAR: a a b',
        'Date DATE: 1 1 2',
        'Time TIME: 3 4 3',
        'Click_order BIGINT: 0 1 0',
        'Webpage VARCHAR: x y x',
      ),
    ).toMatchObject({
      sequence: ['COOKIE'],
      item: ['Webpage'],
      order: ['Date', 'Time', 'Click_order'],
      time: 'Date',
    });
  });

  it('histories of users, which have no smaller unit', () => {
    const spec = guess(
      'userId BIGINT: 1 1 2',
      'movieId BIGINT: 3 4 3',
      'rating DOUBLE: 3.0 4.5 3.5',
      'timestamp BIGINT: 10 5 7',
    );
    expect(spec).toMatchObject({
      sequence: ['userId'],
      item: ['movieId'],
      order: ['timestamp'],
      user: 'userId',
      time: 'timestamp',
    });
    expect(spec.reasons['sequence']).toContain('no smaller unit');
  });

  it('leaves out columns that are mostly empty', () => {
    expect(
      guess(
        'visitorid BIGINT: 1 1 2',
        'event VARCHAR: view view view',
        'itemid BIGINT: 1 3 2',
        'timestamp BIGINT: 3 2 1',
        'transactionid BIGINT: - - 1',
      ),
    ).toMatchObject({ sequence: ['visitorid'], item: ['itemid'] });
  });
});

describe('by values, where names say nothing', () => {
  it('runs are sequences, growing numbers an order, many different values items', () => {
    const spec = guess(
      'a VARCHAR: q q q r r r s s',
      'b VARCHAR: 3 4 3 5 6 1 2 3',
      'n BIGINT: 1 2 3 4 5 6 7 8',
      'price DOUBLE: 1.1 2.3 1.1 1 2 3 4 5',
    );
    expect(spec).toMatchObject({ sequence: ['a'], item: ['b'], order: ['n'] });
    expect(spec.reasons['sequence']).toContain('2.7 rows on average');
  });

  it('says so where nothing fits', () => {
    const spec = guess('x DOUBLE: 1.5 2.5 3.5');
    expect(spec).toMatchObject({ sequence: [], item: [], order: ['x'] });
    expect(spec.reasons['item']).toContain('choose one');
  });

  it('never takes a nested column', () => {
    const columns = [
      { name: 'item', type: 'VARCHAR[]', values: ['[a]'], samples: [] },
      { name: 'session', type: 'BIGINT', values: ['1'], samples: [] },
    ];
    expect(guessSpec({ format: 'parquet', columns }).spec.item).toEqual([]);
  });
});
