import * as vscode from 'vscode';
import { isLarge, isSlow, USUAL_ITEMS, type GraphFigures } from '../../protocol/graph-figures.ts';
import { formatBytes, formatCount } from '../../protocol/text/format.ts';

/** How large a model's graph is, what a query asks of it, and what may come of that. */
export function graphLines(figures: GraphFigures): string[] {
  const [size, numbers] = [formatBytes(figures.bytes), formatCount(figures.numbers)];
  return [
    vscode.l10n.t(
      'Graph: {0}; a query of {1} items goes through about {2} numbers',
      size,
      USUAL_ITEMS,
      numbers,
    ),
    ...(isLarge(figures)
      ? [
          vscode.l10n.t(
            'Large: a server takes about three times its {0} while it loads it; a serverless endpoint has 6 GB of memory at most, and three minutes to fetch and load it',
            size,
          ),
        ]
      : []),
    ...(isSlow(figures)
      ? [vscode.l10n.t('Slow: fewer dimensions, fewer members or fewer items make it quicker')]
      : []),
  ];
}
