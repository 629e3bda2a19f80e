/** What a person must know of the queries before they believe a figure. */
import { oneOrMany } from '../../../../protocol/text/format.ts';
import type { EvaluationReport } from '../../../../protocol/report.ts';
import type { QuerySet } from '../../../metrics/queries.ts';

type Part = 'validation' | 'test';
type Protocol = EvaluationReport['protocol'];

const PARTS = ['validation', 'test'] as const;
/** Share of a part's queries from which on one sequence is said to decide. */
const LARGE_SHARE = 0.05;
/** Share of a part's targets from which on those that no model can know are a matter of the split. */
const MANY_UNKNOWN = 0.1;

const exact = (count: number): string => count.toLocaleString('en-US');
const percent = (share: number): string => `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;

/** Queries of the sequence that has the most. */
function largestSequence({ sequence }: QuerySet): number {
  let [largest, current, before] = [0, 0, -1];
  for (const s of sequence) {
    current = s === before ? current + 1 : 1;
    before = s;
    largest = Math.max(largest, current);
  }
  return largest;
}

function largeSequences(queries: Readonly<Record<Part, QuerySet>>): string[] {
  return PARTS.flatMap((part) => {
    const { targets, sequenceCount } = queries[part];
    const count = targets.length;
    const largest = largestSequence(queries[part]);
    // Where all sequences have equally many, the share says only how few sequences there are.
    if (largest <= LARGE_SHARE * count || largest * sequenceCount <= count) return [];
    return [
      `One ${part} sequence has ${exact(largest)} of the ${exact(count)} ${part} queries (${percent(largest / count)}), so the figures are much about this one; --queries-per-sequence with a smaller number evens that out.`,
    ];
  });
}

function repeatedTargets({ unreachable, queries }: Protocol): string[] {
  const said = PARTS.flatMap((part) => {
    const count = unreachable?.[part].repeatedTargets ?? 0;
    return count === 0 ? [] : [`${exact(count)} of the ${exact(queries[part])} ${part} targets`];
  });
  if (said.length === 0) return [];
  const all = PARTS.reduce((sum, part) => sum + (unreachable?.[part].repeatedTargets ?? 0), 0);
  return [
    `${said.join(' and ')} ${all === 1 ? 'stands in its' : 'stand in their'} own query already, and seen items are removed from the rankings, so no model can hit ${all === 1 ? 'it' : 'them'}: misses for all. Where people come back to items, --seen kept ranks these too.`,
  ];
}

function unknownTargets({ unreachable, queries }: Protocol): string[] {
  return PARTS.flatMap((part) => {
    const count = unreachable?.[part].unknownTargets ?? 0;
    const all = queries[part];
    if (count === all)
      return [
        `${oneOrMany(all, `The one ${part} target is an item that`, (n) => `All ${n} ${part} targets are items that`)} no training row holds, so no model can hit any: the ${part} figures are zeros, and say nothing of the models. Choose another split, or name the items with --catalogue.`,
      ];
    if (count < MANY_UNKNOWN * all) return [];
    return [
      `${exact(count)} of the ${exact(all)} ${part} targets (${percent(count / all)}) ${count === 1 ? 'is an item' : 'are items'} unknown at training time, which no model may recommend: ${count === 1 ? 'a miss' : 'misses'} for all. Items that a shop lists before they are sold come in with --catalogue.`,
    ];
  });
}

/** Warnings of a report, plain sentences each. */
export function queryWarnings(protocol: Protocol, queries: Readonly<Record<Part, QuerySet>>): string[] {
  return [...unknownTargets(protocol), ...repeatedTargets(protocol), ...largeSequences(queries)];
}
