import * as vscode from 'vscode';
import type { Api } from '../../../src/extension/extension.ts';

export function extensionUnderTest(): vscode.Extension<Api> {
  const extension = vscode.extensions.getExtension<Api>('recsys.recsys');
  if (extension === undefined) throw new Error('the extension is not there');
  return extension;
}

export interface Manifest {
  readonly activationEvents: readonly string[];
  readonly contributes: {
    readonly commands: readonly { command: string; title: string; category?: string; enablement?: string }[];
    readonly menus: Readonly<Record<string, readonly { command: string; when?: string }[]>>;
    readonly viewsWelcome: readonly { contents: string }[];
    readonly configuration: { properties: Readonly<Record<string, unknown>> };
  };
}

export function manifest(): Manifest {
  return extensionUnderTest().packageJSON as Manifest;
}

/** Waits until a value is as it should be. */
export async function eventually<T>(
  read: () => T | Promise<T>,
  holds: (value: T) => boolean,
  timeoutMs = 15_000,
): Promise<T> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const value = await read();
    if (holds(value)) return value;
    if (Date.now() > end) throw new Error(`it did not come to hold; last seen: ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
