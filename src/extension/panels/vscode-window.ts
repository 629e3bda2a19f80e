/** The panels' window, as VS Code has it. */
import * as vscode from 'vscode';
import type { PanelWindow } from './registry.ts';

/**
 * @param extension where the extension lies
 * @param assets the folder of the built views; the product's own unless a test gives another
 */
export function panelWindow(
  extension: vscode.Uri,
  log: vscode.LogOutputChannel,
  assets = vscode.Uri.joinPath(extension, 'dist', 'webview'),
): PanelWindow {
  const media = vscode.Uri.joinPath(extension, 'media');
  const iconPath = {
    light: vscode.Uri.joinPath(media, 'recsys-light.svg'),
    dark: vscode.Uri.joinPath(media, 'recsys.svg'),
  };
  return {
    create: (viewType, title) => vscode.window.createWebviewPanel(viewType, title, vscode.ViewColumn.Active),
    serialize: (viewType, serializer) => vscode.window.registerWebviewPanelSerializer(viewType, serializer),
    prepare: (panel) => {
      panel.webview.options = { enableScripts: true, localResourceRoots: [assets] };
      panel.iconPath = iconPath;
    },
    address: (panel, file) => panel.webview.asWebviewUri(vscode.Uri.joinPath(assets, file)).toString(),
    translate: (text) => vscode.l10n.t(text),
    warn: (message) => log.warn(message),
    machinery: () => import('../late.ts'),
  };
}
