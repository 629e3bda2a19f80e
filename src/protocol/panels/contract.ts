/** What a webview and the extension agree on: one contract a panel, kept by `extension/panels` and `webview-ui/kit`. */
import type * as z from 'zod/mini';

/** What a page may ask for. */
export interface RequestContract {
  readonly params: z.ZodMiniType;
  readonly reply: z.ZodMiniType;
}

export interface PanelContract {
  /** Also the folder of `webview-ui/views`, and `recsys.<name>` the type of the webview. */
  readonly name: string;
  /** Counted up with every change that a page of before would not understand. */
  readonly version: number;
  /** What the panel is about; there is one panel for a key. A string, or a flat object. */
  readonly key: z.ZodMiniType;
  /** What the page keeps over a reload. */
  readonly state: z.ZodMiniType;
  /** From the page to the extension; each gets one reply. */
  readonly requests: Readonly<Record<string, RequestContract>>;
  /** From the extension to the page. */
  readonly events: Readonly<Record<string, z.ZodMiniType>>;
  /** Texts of the page in English, with `{0}` for their arguments; the extension serves them translated. */
  readonly strings: Readonly<Record<string, string>>;
}

/** Keeps the contract's exact type, from which those of both sides follow. */
export function definePanelContract<const C extends PanelContract>(contract: C): C {
  return contract;
}

export type KeyOf<C extends PanelContract> = z.infer<C['key']>;
export type StateOf<C extends PanelContract> = z.infer<C['state']>;
export type RequestName<C extends PanelContract> = keyof C['requests'] & string;
export type ParamsOf<C extends PanelContract, M extends RequestName<C>> = z.infer<C['requests'][M]['params']>;
export type ReplyOf<C extends PanelContract, M extends RequestName<C>> = z.infer<C['requests'][M]['reply']>;
export type EventName<C extends PanelContract> = keyof C['events'] & string;
export type PayloadOf<C extends PanelContract, E extends EventName<C>> = z.infer<C['events'][E]>;
export type StringName<C extends PanelContract> = keyof C['strings'] & string;
