import type { FrontAccess } from '../deployment.ts';

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

/**
 * The same for the REST front of an endpoint at AWS; what a caller has to fill in is in capitals.
 * @param access absent: it is not known, and whoever has a token may ask
 */
export function frontCurlWords(url: string, region: string, access?: FrontAccess): string[] {
  const asked = `${url}?session=a,b,c`;
  if (access !== 'iam') return ['curl', '-H', 'Authorization: Bearer TOKEN', asked];
  return [
    ...['curl', '--aws-sigv4', `aws:amz:${region}:execute-api`, '--user', 'ACCESS_KEY_ID:SECRET_ACCESS_KEY'],
    asked,
  ];
}

/** A body that shows the form of one. */
export const EXAMPLE_BODY = '{"instances": ["an item"]}';
