import type { EvaluationReport } from './report.ts';

const exact = (count: number): string => count.toLocaleString('en-US');

/** "1 sequence", "2 sequences". */
const sequences = (count: number): string => `${exact(count)} sequence${count === 1 ? '' : 's'}`;

function catalogueText({ catalogue }: EvaluationReport['protocol']): string {
  if (catalogue === undefined) return 'Ranked among all items.';
  const added =
    catalogue.added === 0 ? '' : `, ${exact(catalogue.added)} of them by the catalogue file alone`;
  return `Ranked among the ${exact(catalogue.items)} items known at training time${added}.`;
}

/** Among which items a part's targets are ranked, which of them no model can hit, and which queries were left out. */
export function rankedAmong(protocol: EvaluationReport['protocol'], part: 'validation' | 'test'): string[] {
  const { unknownTargets = 0, repeatedTargets = 0 } = protocol.unreachable?.[part] ?? {};
  const { most = 0, cut } = protocol.queriesPerSequence ?? {};
  const cutHere = cut?.[part] ?? 0;
  return [
    catalogueText(protocol),
    ...(unknownTargets === 0
      ? []
      : [`${exact(unknownTargets)} of the targets are not among them: misses for every model.`]),
    ...(repeatedTargets === 0
      ? []
      : [
          `${exact(repeatedTargets)} of the targets stand in their query, whose items are removed: misses for every model.`,
        ]),
    ...(cutHere === 0
      ? []
      : [
          `Of ${sequences(cutHere)} with more than ${exact(most)} positions, the last and a seeded sample of the others are asked.`,
        ]),
  ];
}
