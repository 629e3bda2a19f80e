import type { Piece, PieceKind } from '../deployment.ts';

/** How a person is told of a thing at AWS. */
export function pieceText({ kind, name }: Pick<Piece, 'kind' | 'name'>): string {
  const words: Record<PieceKind, string> = {
    stack: 'REST front',
    scaling: 'scaling of the endpoint',
    component: 'inference component',
    endpoint: 'endpoint',
    clock: 'clock',
    'endpoint-config': 'endpoint configuration',
    transform: 'batch transform job',
    model: 'model',
    upload: 'unfinished upload',
    output: 'output of the job,',
    object: name.endsWith('.jsonl') ? 'queries' : 'archive',
    bucket: 'bucket',
  };
  return `${words[kind]} ${name}`;
}
