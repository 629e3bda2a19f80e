/** What answers say. Here are no schemas, which the window would load as it starts. */

/** The answer to `confirm` and `confirmTransform`. */
export const YES = 'yes';

/** An answer to `confirmTransform` that asks for the plan on other instances. */
export const onInstances = (instance: string, count: number): string => `on ${count} ${instance}`;

/** What such an answer asks for; undefined of others. */
export function instancesIn(text: string): { readonly instance: string; readonly count: number } | undefined {
  const [, count = '', instance = ''] = /^on ([1-9]\d{0,3}) (\S+)$/.exec(text) ?? [];
  return instance === '' ? undefined : { instance, count: Number(count) };
}
