import type { RunRow } from '../../../src/protocol/run-row.ts';
import type { RunView, StepView } from '../../../src/protocol/run-view.ts';

/** What a hostile data file may hold. */
export const HOSTILE =
  '<script>alert(1)</script> [x](command:workbench.action.quit) $(bug) http://example.org | `';

export function stepView(changes: Partial<StepView> = {}): StepView {
  return {
    path: 'prepare',
    step: 'prepare',
    title: 'Prepare data',
    state: 'succeeded',
    attempt: 1,
    warnings: [],
    metrics: {},
    artifacts: [],
    ...changes,
  };
}

export function runView(changes: Partial<RunView> = {}): RunView {
  return {
    id: '20261122-120000-abcd',
    folder: '/store/runs/20261122-120000-abcd',
    damage: [],
    manifest: {
      format: 1,
      id: '20261122-120000-abcd',
      flow: 'next-item',
      created: '2026-11-22T12:00:00.000Z',
      data: { path: 'data/playlists.parquet', files: [], bytes: 1, schemaHash: '', contentHash: '' },
      spec: {
        format: 'parquet',
        sequence: ['playlist'],
        item: ['artist', 'track'],
        order: [],
        minimumLength: 3,
        sample: 1,
        split: { by: 'sequence', ratios: [0.7, 0.2, 0.1] },
      },
      parameters: { epochs: 30 },
      models: [{ name: 'prod2vec-a', kind: 'prod2vec', parameters: { window: 5 }, given: [] }],
      given: [],
      until: 'evaluate',
      versions: {},
      platform: 'linux-x64',
    },
    labels: { tags: [], starred: false },
    state: 'succeeded',
    started: '2026-11-22T12:00:00.000Z',
    steps: [stepView()],
    bytes: 1_234_567,
    ...changes,
  };
}

export function runRow(changes: Partial<RunRow> = {}): RunRow {
  return {
    id: '20261122-120000-abcd',
    folder: '/store/runs/20261122-120000-abcd',
    damage: [],
    data: { path: 'data/playlists.parquet' },
    created: '2026-11-22T12:00:00.000Z',
    labels: { tags: [], starred: false },
    state: 'succeeded',
    started: '2026-11-22T12:00:00.000Z',
    steps: 1,
    reached: 'prepare',
    bytes: 1_234_567,
    changed: 1,
    ...changes,
  };
}
