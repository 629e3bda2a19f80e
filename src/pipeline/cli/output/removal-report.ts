import type { RemovalReport } from '../../../protocol/aws.ts';
import type { Swept } from '../../deploy/aws/endpoints.ts';

/** What a program is told of a removal. */
export function removalReport({ endpoint, removal, skipped }: Swept): RemovalReport {
  const { removed = [], left = [], remaining = [] } = removal ?? {};
  return {
    ...{ endpoint, removed: [...removed], left: [...left], remaining: [...remaining] },
    ...(skipped === undefined ? {} : { skipped }),
  };
}
