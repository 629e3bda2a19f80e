import { describe, expect, it } from 'vitest';
import type { EvaluationReport } from '../../../src/protocol/report.ts';
import { metricsTable } from '../../../src/pipeline/flows/next-item/views/metrics-table.ts';
import { syntheticCard } from '../../fixtures/synthetic-card.ts';

function finishedReport(): EvaluationReport {
  const { report } = syntheticCard();
  if (report === undefined) throw new Error('the synthetic card has a report');
  return report;
}

/** The heads of the columns of the test split. */
function headsOf(text: string): string[] {
  const lines = text.split('\n');
  const at = lines.findIndex((line) => line.startsWith('test ('));
  return (lines[at + 1] ?? '').trim().split(/\s+/);
}

describe('the table of metrics', () => {
  const report = finishedReport();

  it('has the usual metrics, and with them the one that models were selected by', () => {
    const usual = ['model', 'query', 'hitRate@10', 'hitRate@100', 'ndcg@10', 'mrr@10'];
    expect(headsOf(metricsTable(report))).toEqual(usual);
    const selection = { ...report.selection, metric: 'mrr@100' };
    expect(headsOf(metricsTable({ ...report, selection }))).toEqual([...usual, 'mrr@100']);
  });

  it('leaves out those that look at all items there are', () => {
    const protocol = { ...report.protocol, catalogue: { items: 40, added: 0, unknown: 0 } };
    const usual = ['model', 'query', 'hitRate@10', 'ndcg@10', 'mrr@10'];
    expect(headsOf(metricsTable({ ...report, protocol }))).toEqual(usual);
    const selection = { ...report.selection, metric: 'ndcg@100' };
    expect(headsOf(metricsTable({ ...report, protocol, selection }))).toEqual([...usual, 'ndcg@100']);
    expect(headsOf(metricsTable({ ...report, protocol }, ['hitRate@100']))).toContain('hitRate@100');
  });

  it('has the metrics a person asks for, in that order', () => {
    const text = metricsTable(report, ['mrr@100', 'hitRate@50']);
    expect(headsOf(text)).toEqual(['model', 'query', 'mrr@100', 'hitRate@50']);
    const best = report.metrics.test[report.selection.best]?.metrics['hitRate@50']?.value ?? NaN;
    expect(text).toContain(best.toFixed(4).slice(1));
  });

  it('says where only a sample of the validation part was ranked', () => {
    const heading = (text: string): string | undefined =>
      text.split('\n').find((line) => line.startsWith('validation ('));
    expect(heading(metricsTable(report))).toBe(
      'validation (15 k queries of 926 sequences, intervals over sequences, seen items kept)',
    );
    const sampledFrom = { validation: 150_000 };
    const sampled = { ...report, protocol: { ...report.protocol, sampledFrom } };
    expect(heading(metricsTable(sampled))).toBe(
      'validation (15 k queries of 926 sequences, intervals over sequences, a sample of 150 k, seen items kept)',
    );
  });

  it('says how many users the figures are over, where users were split', () => {
    const clusters = { unit: 'users', validation: 61, test: 26 } as const;
    const text = metricsTable({ ...report, protocol: { ...report.protocol, clusters } });
    expect(text).toMatch(/^test \(.* sequences of 26 users, intervals over users, seen items kept\)$/m);
  });

  it('ends with what the test part says, in a sentence, and marks figures of too few', () => {
    const lines = metricsTable(report).split('\n');
    const at = lines.findIndex((line) => line.startsWith('On test, by hitRate@10: blend is above'));
    expect(lines[at + 1]).toMatch(/^\* blend has the best hitRate@10 on validation/);
    const few = structuredClone(report);
    const figure = few.metrics.test['blend']?.metrics['hitRate@10'];
    Object.assign(figure ?? {}, { clusters: 5, low: 0, high: 1 });
    expect(metricsTable(few)).toContain(`${figure?.value.toFixed(4).slice(1) ?? ''} (too few)`);
    expect(metricsTable(report)).not.toContain('too few');
  });

  it('stars no model where none hits anything', () => {
    const none = { ...report, selection: { ...report.selection, none: true } };
    expect(metricsTable(report)).toMatch(/^blend \* /m);
    expect(metricsTable(none)).not.toMatch(/^blend \* /m);
  });

  it('says which metrics there are when it is asked for others', () => {
    expect(() => metricsTable(report, ['hitRate@7'])).toThrow(/no metric 'hitRate@7'/);
  });
});
