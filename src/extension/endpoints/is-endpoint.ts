import type { ShownEndpoint } from './endpoint-list.ts';

/** Whether VS Code passed a row of the endpoints. */
export function isEndpoint(argument: unknown): argument is ShownEndpoint {
  return (
    typeof argument === 'object' && argument !== null && 'kind' in argument && argument.kind === 'endpoint'
  );
}
