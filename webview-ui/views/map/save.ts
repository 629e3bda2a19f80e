/** Gives a file to the person: by the extension, or as a download where the page is a file itself. */
import type { MapPanelContract } from '../../../src/protocol/panels/map.ts';
import type { PanelHost } from '../../kit/host.ts';

export type FileContent = string | Uint8Array<ArrayBuffer>;

/** @throws RequestFailed when the extension could not write it */
export async function saveFile(
  host: PanelHost<MapPanelContract>,
  name: string,
  content: FileContent,
): Promise<void> {
  if (host.kind === 'vscode') {
    await host.request('save', { name, content });
    return;
  }
  const address = URL.createObjectURL(new Blob([content]));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser needs it until the download has begun.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

export async function pngOf(canvas: HTMLCanvasElement): Promise<Uint8Array<ArrayBuffer>> {
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (blob === null) throw new Error('the canvas gives no PNG');
  return new Uint8Array(await blob.arrayBuffer());
}
