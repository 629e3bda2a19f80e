/**
 * The function behind `GET /predict` at AWS: asks the endpoint, by the rules of the local server. It runs there alone;
 * scripts/lambda-code.mjs makes its code.
 */
import { InvokeEndpointCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { NO_CAPACITY } from '../../../../protocol/no-capacity.ts';
import { readFrontQuery, type FrontQuery } from '../../../../protocol/front-query.ts';

/** What API Gateway gives of a request (format 2.0), and takes as an answer. */
export interface FrontRequest {
  readonly rawQueryString?: string;
}
export interface FrontReply {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface Told {
  readonly predictions: readonly { readonly items: readonly string[]; readonly answered_by: string }[];
}

/** API Gateway waits for 30 seconds. */
const LONGEST_MS = 25_000;
/** Passes by itself: as long as the endpoint starts, or has as much to do as it can. */
const LATER = /Throttl|NotReady|Unavailable|InternalDependency|Timeout|Abort|ECONN/;
/** How long one that has scaled to zero takes to answer is not known; a minute is worth another request. */
const WAKE_SECONDS = 60;
const { ENDPOINT: endpoint = '', MAX_K: maxK = '', EXCLUDE_QUERY: exclude, COMPONENT } = process.env;
const client = new SageMakerRuntimeClient({ maxAttempts: 2 });

export async function handler({ rawQueryString }: FrontRequest): Promise<FrontReply> {
  const began = performance.now();
  const query = readFrontQuery([...new URLSearchParams(rawQueryString)], Number(maxK));
  if ('refused' in query) return reply(400, { error: query.refused });
  try {
    const [answer] = (await ask(query)).predictions;
    return reply(200, {
      prediction: answer?.items.filter(Boolean) ?? [],
      time: (performance.now() - began) / 1000,
      endpoint,
      answered_by: answer?.answered_by ?? 'nothing',
    });
  } catch (error) {
    // Its text may hold what was asked.
    const { name, message } = error instanceof Error ? error : { name: 'Error', message: '' };
    process.stderr.write(`a request failed: ${name}\n`);
    if (LATER.test(name)) return reply(503, { error: 'The endpoint is not ready; send it again later.' });
    if (NO_CAPACITY.test(message))
      return reply(503, { error: 'The endpoint starts; send it again in some minutes.' }, WAKE_SECONDS);
    return reply(500, { error: 'The server failed to answer.' });
  }
}

async function ask({ items, k }: FrontQuery): Promise<Told> {
  // No tensor is made of a list that is empty.
  const instance = { items: items.length === 0 ? [''] : items, k, exclude_query: exclude === 'true' };
  const invoke = new InvokeEndpointCommand({
    ...{ EndpointName: endpoint, ContentType: 'application/json', Accept: 'application/json' },
    InferenceComponentName: COMPONENT,
    Body: JSON.stringify({ signature_name: 'recommend', instances: [instance] }),
  });
  const { Body } = await client.send(invoke, { abortSignal: AbortSignal.timeout(LONGEST_MS) });
  return JSON.parse(Body.transformToString()) as Told;
}

function reply(statusCode: number, body: object, seconds = 1): FrontReply {
  const later: Record<string, string> = statusCode === 503 ? { 'retry-after': String(seconds) } : {};
  return {
    ...{ statusCode, body: JSON.stringify(body) },
    headers: { 'content-type': 'application/json; charset=utf-8', ...later },
  };
}
