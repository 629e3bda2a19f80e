import * as path from 'node:path';
import * as vscode from 'vscode';
import type { RunRow } from '../../protocol/run-row.ts';
import type { RunView } from '../../protocol/run-view.ts';
import type { ShownState } from '../../protocol/step.ts';
import { oneLine } from '../../protocol/text/escape.ts';
import { formatBytes } from '../../protocol/text/format.ts';
import { branchTokens, runTokens } from './run-facts.ts';
import {
  runDescription,
  runLabel,
  stateIcon,
  stateWord,
  stepDescription,
  viewDescription,
} from './run-text.ts';
import { TOOLTIP_COMMANDS, tooltipMarkdown } from './tooltips.ts';
import { combinedState, hasChildren } from './tree-nodes.ts';
import type {
  ArtifactNode,
  BranchNode,
  ErrorNode,
  FolderNode,
  Node,
  RunNode,
  StepNode,
} from './tree-nodes.ts';

const COLORS: Partial<Record<ShownState, string>> = {
  succeeded: 'testing.iconPassed',
  failed: 'testing.iconFailed',
  interrupted: 'problemsWarningIcon.foreground',
  damaged: 'problemsWarningIcon.foreground',
};

/** How a row looks. Ids are stable, so that the tree keeps its expansion; the tooltip is made when it is asked for. */
export function treeItem(node: Node): vscode.TreeItem {
  const item = bareItem(node);
  item.id = node.id;
  return item;
}

/** Markdown that may link to a few named commands and to nothing else. */
export function tooltip(node: Node, details?: RunView): vscode.MarkdownString {
  const markdown = new vscode.MarkdownString(tooltipMarkdown(node, details));
  markdown.isTrusted = { enabledCommands: TOOLTIP_COMMANDS };
  return markdown;
}

function bareItem(node: Node): vscode.TreeItem {
  switch (node.kind) {
    case 'folder':
      return folderItem(node);
    case 'run':
      return runItem(node);
    case 'step':
      return stepItem(node);
    case 'branch':
      return branchItem(node);
    case 'artifact':
      return artifactItem(node);
    case 'error':
      return errorItem(node);
  }
}

function icon(state: ShownState): vscode.ThemeIcon {
  const color = COLORS[state];
  return new vscode.ThemeIcon(
    stateIcon(state),
    color === undefined ? undefined : new vscode.ThemeColor(color),
  );
}

function expandable(node: Node): vscode.TreeItemCollapsibleState {
  return hasChildren(node) ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None;
}

function folderItem(node: FolderNode): vscode.TreeItem {
  const item = new vscode.TreeItem(oneLine(node.name), vscode.TreeItemCollapsibleState.Expanded);
  item.description = node.summary === '' ? vscode.l10n.t('no runs') : node.summary;
  item.iconPath = vscode.ThemeIcon.Folder;
  item.contextValue = 'folder';
  return item;
}

function runItem(node: RunNode): vscode.TreeItem {
  const item = new vscode.TreeItem(runLabel(node.run), expandable(node));
  item.description = `${node.run.labels.starred ? '★ ' : ''}${runDescription(node.run)}`;
  item.iconPath = icon(node.run.state);
  item.contextValue = runTokens(node.run);
  item.accessibilityInformation = { label: accessibleName(node.run) };
  item.command = { command: 'recsys.clickRun', title: vscode.l10n.t('Open Result Card'), arguments: [node] };
  return item;
}

function accessibleName(run: RunRow): string {
  const starred = run.labels.starred ? [vscode.l10n.t('starred')] : [];
  return [runLabel(run), ...starred, stateWord(run.state), runDescription(run)].join(', ');
}

function stepItem(node: StepNode): vscode.TreeItem {
  const item = new vscode.TreeItem(oneLine(node.title), expandable(node));
  item.description = stepDescription(node);
  item.iconPath = icon(combinedState(node.views));
  item.contextValue = 'step';
  return item;
}

function branchItem(node: BranchNode): vscode.TreeItem {
  const item = new vscode.TreeItem(oneLine(node.view.branch ?? node.view.title), expandable(node));
  const leads = node.run.leading?.path === node.view.path;
  item.description = `${leads ? `${vscode.l10n.t('best')} · ` : ''}${viewDescription(node.view)}`;
  item.iconPath = icon(node.view.state);
  item.contextValue = branchTokens(node.view);
  return item;
}

function artifactItem(node: ArtifactNode): vscode.TreeItem {
  const item = new vscode.TreeItem(oneLine(node.artifact.file));
  item.description = formatBytes(node.artifact.bytes);
  item.iconPath = new vscode.ThemeIcon(artifactIcon(node.artifact.file));
  item.contextValue = 'artifact';
  item.command = { command: 'recsys.openArtifact', title: vscode.l10n.t('Open Artifact'), arguments: [node] };
  return item;
}

function artifactIcon(file: string): string {
  const icons: Record<string, string> = { '.json': 'json', '.parquet': 'table', '.npy': 'symbol-array' };
  return icons[path.extname(file)] ?? 'file';
}

function errorItem(node: ErrorNode): vscode.TreeItem {
  const item = new vscode.TreeItem(
    oneLine(node.broken === undefined ? vscode.l10n.t('Runs cannot be read') : node.label),
  );
  item.description = oneLine(node.message);
  item.iconPath = new vscode.ThemeIcon('warning', new vscode.ThemeColor('problemsWarningIcon.foreground'));
  item.contextValue = node.broken === undefined ? 'engineDown' : 'broken';
  return item;
}
