import { oneOrMany } from './text/format.ts';
import type { EvaluationReport } from './report.ts';

const exact = (count: number): string => count.toLocaleString('en-US');

type Protocol = EvaluationReport['protocol'];

const REFIT =
  'Each model was trained again on the training and validation parts, with the settings it chose on validation.';

function catalogueText({ catalogue }: Pick<Protocol, 'catalogue'>): string {
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
    ...(part === 'test' && protocol.refit !== undefined
      ? [REFIT, catalogueText(protocol.refit)]
      : [catalogueText(protocol)]),
    ...(unknownTargets === 0
      ? []
      : [
          oneOrMany(
            unknownTargets,
            '1 of the targets is not among them: a miss for every model.',
            (count) => `${count} of the targets are not among them: misses for every model.`,
          ),
        ]),
    ...(repeatedTargets === 0
      ? []
      : [
          oneOrMany(
            repeatedTargets,
            '1 of the targets stands in its query, whose items are removed: a miss for every model.',
            (count) =>
              `${count} of the targets stand in their query, whose items are removed: misses for every model.`,
          ),
        ]),
    ...(cutHere === 0
      ? []
      : [
          `Of ${oneOrMany(cutHere, '1 sequence', (count) => `${count} sequences`)} with more than ${exact(most)} positions, the last and a seeded sample of the others are asked.`,
        ]),
  ];
}

/** Whether a metric looks at as many items as are ranked, or more, so that it says nothing: `hitRate@100` of 40 items. */
export function seesAll(metric: string, { catalogue }: EvaluationReport['protocol']): boolean {
  return catalogue !== undefined && Number(/@(\d+)$/.exec(metric)?.[1] ?? 0) >= catalogue.items;
}
