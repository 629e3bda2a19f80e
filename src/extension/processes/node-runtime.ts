/** How this extension starts the pipeline: a Node.js and the `recsys` program it runs. */
export interface NodeRuntime {
  readonly node: string;
  readonly cli: string;
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * @param nodePath from the settings; empty: the Node.js inside VS Code (in Electron it has to be told to be Node)
 */
export function nodeRuntime(cli: string, nodePath: string): NodeRuntime {
  const environment: NodeJS.ProcessEnv = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
  // Switches meant for the extension host (an inspector's port, for one) must not reach the pipeline.
  delete environment['NODE_OPTIONS'];
  delete environment['VSCODE_INSPECTOR_OPTIONS'];
  return { node: nodePath === '' ? process.execPath : nodePath, cli, environment };
}
