import * as vscode from 'vscode';
import { escapeIcons } from '../../protocol/text/escape.ts';
import type { UserError } from '../../protocol/user-error.ts';
import type { Target } from '../commands/pick-run.ts';
import type { Services } from '../services.ts';
import type { ShownEndpoint } from './endpoint-list.ts';
import { isEndpoint } from './is-endpoint.ts';

export interface EndpointQuestion<S extends ShownEndpoint> {
  readonly title: string;
  /** Which endpoints are offered. */
  readonly suits: (shown: ShownEndpoint) => shown is S;
  /** What is thrown where there is none. */
  readonly none: () => UserError;
}

/**
 * The endpoint of a row, asked for where none is named.
 * @returns undefined where the person turned away
 */
export async function pickEndpoint<S extends ShownEndpoint>(
  { endpoints: { list } }: Services,
  { argument }: Target,
  { title, suits, none }: EndpointQuestion<S>,
): Promise<S | undefined> {
  if (isEndpoint(argument) && suits(argument)) return argument;
  await list.look();
  const suiting = list.all.filter(suits);
  const [first, ...others] = suiting;
  if (first === undefined) throw none();
  if (others.length === 0) return first;
  const items = suiting.map((shown) => ({ ...wordsOf(shown), shown }));
  return (await vscode.window.showQuickPick(items, { title }))?.shown;
}

function wordsOf({ endpoint }: ShownEndpoint): { readonly label: string; readonly description: string } {
  const model = endpoint.answering?.model ?? '';
  if (endpoint.where === 'local') return { label: endpoint.url, description: escapeIcons(model) };
  const { name, region = '' } = endpoint;
  const facts = [model, region].filter((part) => part !== '');
  return { label: escapeIcons(name), description: escapeIcons(facts.join(' · ')) };
}
