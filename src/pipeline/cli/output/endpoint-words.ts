import { isPast } from '../../../protocol/is-past.ts';

/** How an endpoint is, and when it ends, in the words of a list. */
export interface ListedEndpoint {
  /** As AWS told it, or `gone`. */
  readonly status: string;
  readonly expires: string | undefined;
  /** Whether a clock at AWS takes it away then. */
  readonly clock: boolean;
}

/** One that is gone after its time surprises nobody. */
export function statusWords({ status, expires, clock }: ListedEndpoint, now = Date.now()): string {
  if (status !== 'gone' || !isPast(expires, now)) return status;
  return clock ? 'gone: its time was over, taken away by the clock at AWS' : 'gone: its time was over';
}

export function endWords({ expires, clock }: Omit<ListedEndpoint, 'status'>): string {
  if (expires === undefined) return 'never';
  return clock ? `${expires}, by a clock at AWS` : `${expires}, by the next sweep`;
}
