/**
 * Words of a request that can be pasted into a terminal.
 * @param token what stands for it; absent: the endpoint needs none
 */
export function curlWords(
  { url, name }: { readonly url: string; readonly name: string },
  body: string,
  token?: string,
): string[] {
  return [
    'curl',
    ...(token === undefined ? [] : ['-H', `Authorization: Bearer ${token}`]),
    ...['-H', 'Content-Type: application/json', '-d', body],
    `${url}/v1/models/${name}:predict`,
  ];
}

/** A body that shows the form of one. */
export const EXAMPLE_BODY = '{"instances": ["an item"]}';
