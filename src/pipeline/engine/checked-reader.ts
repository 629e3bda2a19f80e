import { type DataCallback, type Disposable, IPCMessageReader, type Message } from 'vscode-jsonrpc/node';
import * as z from 'zod/mini';

const Id = z.union([z.number(), z.string()]);

/** What may be said to the engine: a request, or that nobody waits for one any more. */
const Envelope = z.union([
  z.object({ jsonrpc: z.literal('2.0'), id: Id, method: z.string() }),
  z.object({ jsonrpc: z.literal('2.0'), method: z.literal('$/cancelRequest'), params: z.object({ id: Id }) }),
]);

/**
 * Reads messages, and drops what is neither: there is nobody to answer, and the library throws on some where nobody
 * catches it.
 */
export class CheckedReader extends IPCMessageReader {
  override listen(callback: DataCallback): Disposable {
    return super.listen((message: Message) => {
      if (Envelope.safeParse(message).success) callback(message);
    });
  }
}
