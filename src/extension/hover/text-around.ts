import * as vscode from 'vscode';
import type { PlaceInText } from '../../protocol/engine.ts';
import { HEADER_LETTERS } from '../../protocol/header-letters.ts';

/** What of a document around the pointer is sent to the engine: objects and quoted fields go over several lines. */
const LINES = 80;
const LETTERS = 12_000;

export interface TextAround {
  readonly place: PlaceInText;
  /** Offset in the document of the text's beginning. */
  readonly start: number;
}

export function textAround(document: vscode.TextDocument, position: vscode.Position): TextAround {
  const offset = document.offsetAt(position);
  const first = document.offsetAt(new vscode.Position(Math.max(0, position.line - LINES), 0));
  const start = Math.max(first, offset - LETTERS);
  const last = document.lineAt(Math.min(document.lineCount - 1, position.line + LINES)).range.end;
  const end = Math.min(document.offsetAt(last), offset + LETTERS);
  const text = document.getText(new vscode.Range(document.positionAt(start), document.positionAt(end)));
  const header = document.lineAt(0).text.slice(0, HEADER_LETTERS);
  return { start, place: { text, offset: offset - start, ...(start === 0 ? {} : { header }) } };
}
