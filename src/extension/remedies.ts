/** Buttons that mend what failed. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { Remedy } from '../protocol/user-error.ts';
import { signIn } from './deploy/sign-in.ts';

/** What failed was about. */
export interface Subject {
  /** Absolute path of a data file. */
  readonly file?: string | undefined;
  /** Workspace folder. */
  readonly folder?: string | undefined;
  /** Asks for other columns and goes on with these, where that is no matter of a file's spec. */
  readonly chooseColumns?: (() => unknown) | undefined;
  /** AWS profile by its name; null: the environment's credentials. */
  readonly profile?: string | null | undefined;
}

export interface Button {
  readonly title: string;
  press(): unknown;
}

const SPEC_FILE = 'recsys.json';

/** The button for a remedy; undefined where none helps, or it needs a file that is not known. */
export function remedyButton(remedy: Remedy | undefined, subject: Subject): Button | undefined {
  const { file, chooseColumns: press } = subject;
  switch (remedy) {
    case undefined:
      return undefined;
    case 'columns':
      if (press !== undefined) return { title: chooseColumns(), press };
      return file === undefined ? undefined : onFile('recsys.chooseColumns', chooseColumns(), file);
    case 'options':
      return file === undefined ? undefined : onFile('recsys.trainWith', otherOptions(), file);
    case 'specFile':
      return openSpecFile(subject);
    case 'settings':
      return command(vscode.l10n.t('Open Settings'), 'workbench.action.openSettings', 'recsys');
    case 'signIn':
      return signInButton(subject);
    case 'trust':
      return command(vscode.l10n.t('Manage Workspace Trust'), 'workbench.trust.manage');
  }
}

/** Another profile than the one that failed is not signed in. */
function signInButton({ profile }: Subject): Button | undefined {
  if (profile === undefined) return undefined;
  return { title: vscode.l10n.t('Sign In'), press: () => signIn(profile ?? undefined) };
}

/** Shows what went wrong with its buttons, and does what the chosen one is for. Returns at once. */
export function showWithButtons(
  text: string,
  buttons: readonly (Button | undefined)[],
  severity: 'error' | 'warning' = 'error',
): void {
  const shown = buttons.filter((button) => button !== undefined);
  const { showErrorMessage, showWarningMessage } = vscode.window;
  const show = severity === 'error' ? showErrorMessage : showWarningMessage;
  void show(text, ...shown.map(({ title }) => title)).then((chosen) => {
    shown.find(({ title }) => title === chosen)?.press();
  });
}

const chooseColumns = (): string => vscode.l10n.t('Choose Columns…');
const otherOptions = (): string => vscode.l10n.t('Change Options…');

function command(title: string, id: string, ...words: readonly unknown[]): Button {
  return { title, press: () => vscode.commands.executeCommand(id, ...words) };
}

function onFile(id: string, title: string, file: string): Button {
  return command(title, id, vscode.Uri.file(file));
}

/** The nearest `recsys.json` upwards from the data, as the pipeline finds it; the columns, where there is none. */
function openSpecFile({ file, folder }: Subject): Button | undefined {
  const found = nearest(file === undefined ? folder : path.dirname(file));
  if (found !== undefined)
    return command(vscode.l10n.t('Open {0}', SPEC_FILE), 'vscode.open', vscode.Uri.file(found));
  return file === undefined ? undefined : onFile('recsys.chooseColumns', chooseColumns(), file);
}

function nearest(folder: string | undefined): string | undefined {
  for (let at = folder; at !== undefined; at = path.dirname(at) === at ? undefined : path.dirname(at)) {
    const candidate = path.join(at, SPEC_FILE);
    if (fs.existsSync(candidate)) return candidate;
  }
  return undefined;
}
