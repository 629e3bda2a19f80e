/** What is near the item under the pointer, in any kind of document. */
import * as vscode from 'vscode';
import type { HoverReply } from '../../protocol/engine.ts';
import type { Answering, AnsweringModels } from '../answering/answering-models.ts';
import type { Stores } from '../runs/stores.ts';
import { HOVER_COMMANDS, itemMarkdown, unknownMarkdown, type HoverContext } from './hover-markdown.ts';
import { HoverTrouble } from './hover-trouble.ts';
import { mayMeanItem } from './pointed-words.ts';
import { textAround } from './text-around.ts';
import { Vocabularies } from './vocabularies.ts';

const NEAREST = 10;

export interface HoverParts {
  readonly stores: Stores;
  readonly answering: AnsweringModels;
  readonly log: vscode.LogOutputChannel;
  /** Commands that package.json declares. */
  readonly commands: ReadonlySet<string>;
}

export class HoverFeature implements vscode.Disposable, vscode.HoverProvider {
  readonly #parts: HoverParts;
  readonly #vocabularies: Vocabularies;
  readonly #trouble: HoverTrouble;
  readonly #subscription: vscode.Disposable;

  constructor(parts: HoverParts) {
    this.#parts = parts;
    this.#trouble = new HoverTrouble(parts.log);
    this.#vocabularies = new Vocabularies(parts.stores, this.#trouble);
    this.#subscription = vscode.Disposable.from(
      // Files of any language, cells of notebooks, what is not saved, output channels.
      vscode.languages.registerHoverProvider('*', this),
      parts.stores.onEngineUp(() => this.#engineIsUp()),
    );
  }

  /** What could not be told before may be now, and is asked for again. */
  #engineIsUp(): void {
    this.#trouble.clear();
    this.#vocabularies.retry();
  }

  async provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<vscode.Hover | undefined> {
    const answering = isWanted(document) ? this.#parts.answering.of(fileOf(document)) : undefined;
    if (answering === undefined) return undefined;
    const known = this.#vocabularies.known(answering) ?? (await this.#vocabularies.ready(answering));
    if (known === undefined || token.isCancellationRequested) return undefined;
    const { text: line } = document.lineAt(position);
    const header = document.lineAt(0).text;
    if (!mayMeanItem({ line, column: position.character, header }, known)) return undefined;
    return this.#ask(document, position, answering, token);
  }

  async #ask(
    document: vscode.TextDocument,
    position: vscode.Position,
    answering: Answering,
    token: vscode.CancellationToken,
  ): Promise<vscode.Hover | undefined> {
    const { place, start } = textAround(document, position);
    const asOf = versionOf(document);
    const cancel = new AbortController();
    const subscription = token.onCancellationRequested(() => cancel.abort());
    try {
      const asked = { run: answering.run.folder, model: answering.model, place, k: NEAREST };
      const reply = await this.#parts.stores.request('items/hover', asked, cancel.signal);
      this.#trouble.clear();
      const vocabulary = this.#vocabularies.known(answering);
      if (vocabulary !== undefined && vocabulary.items !== reply.items) this.#vocabularies.forget(answering);
      if (versionOf(document) !== asOf) return undefined;
      return this.#shown(reply, answering, document, start);
    } catch (error) {
      if (!cancel.signal.aborted) this.#trouble.tell(error);
      return undefined;
    } finally {
      subscription.dispose();
    }
  }

  #shown(
    { at, items }: HoverReply,
    answering: Answering,
    document: vscode.TextDocument,
    start: number,
  ): vscode.Hover | undefined {
    if (at.kind === 'nothing') return undefined;
    const context: HoverContext = { answering, items, has: (command) => this.#parts.commands.has(command) };
    const text = at.kind === 'item' ? itemMarkdown(at, context) : unknownMarkdown(at, context);
    const markdown = new vscode.MarkdownString(text);
    markdown.isTrusted = { enabledCommands: HOVER_COMMANDS };
    const range = new vscode.Range(document.positionAt(start + at.from), document.positionAt(start + at.to));
    return new vscode.Hover(markdown, range);
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#vocabularies.dispose();
    this.#trouble.dispose();
  }
}

function versionOf({ version }: vscode.TextDocument): number {
  return version;
}

/** Not in folders that are not trusted: a question starts the engine on their files. */
function isWanted(document: vscode.TextDocument): boolean {
  if (!vscode.workspace.isTrusted) return false;
  const settings = vscode.workspace.getConfiguration('recsys.hover', document);
  if (!settings.get<boolean>('enabled', true)) return false;
  const languages = settings.get<readonly string[]>('languages', []);
  return languages.length === 0 || languages.includes(document.languageId);
}

/** Cells of a notebook are of its file. What is no file is asked of all runs. */
export function fileOf({ uri }: Pick<vscode.TextDocument, 'uri'>): string | undefined {
  const isFile = ['file', 'vscode-remote', 'vscode-notebook-cell'].includes(uri.scheme);
  return isFile ? uri.fsPath : undefined;
}
