/** What is written into a page before it is sent: its key, its texts, and events that it need not wait for. */
import * as z from 'zod/mini';

export const PanelSetup = z.object({
  version: z.int(),
  /** Checked by the contract. */
  key: z.unknown(),
  strings: z.record(z.string(), z.string()),
  events: z.array(z.object({ name: z.string(), payload: z.unknown() })),
});
export type PanelSetup = z.infer<typeof PanelSetup>;

/** What a page keeps over a reload. With the key, the extension restores the panel. */
export const KeptState = z.object({ version: z.int(), key: z.unknown(), state: z.unknown() });
export type KeptState = z.infer<typeof KeptState>;
